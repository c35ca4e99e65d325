package io.sepiola.gateway.http;

/**
 * A request whose body is still to be read.
 *
 * @param path the target before any question mark, as sent
 * @param query the target behind the question mark, as sent; "" without one
 * @param persistent whether the client would send another request on this connection
 */
public record HttpRequest(
        String method,
        String path,
        String query,
        Headers headers,
        HttpBody body,
        boolean persistent) {}
