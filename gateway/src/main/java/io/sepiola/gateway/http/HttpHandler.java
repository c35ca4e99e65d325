package io.sepiola.gateway.http;

/** Answers requests, on virtual threads, many at once. */
public interface HttpHandler {
    /** Answers one request; must send exactly one answer. */
    void handle(HttpRequest request, HttpResponse response);

    /** Answers what could not be read as a request. */
    void refuse(HttpRefusal refusal, HttpResponse response);
}
