/**
 * HTTP/1.1, strict, for handlers written in blocking style. {@link
 * io.sepiola.gateway.http.HttpServer} accepts; each connection has one virtual thread that reads
 * requests and answers them in order.
 *
 * <p>Netty moves the bytes. Its codec is not used: it joins folded header lines and repairs line
 * ends, where a front door must refuse whatever two readers could understand differently. Bytes are
 * read only while less than a fixed amount waits for the thread, so a body is never in memory as a
 * whole.
 */
@NullMarked
package io.sepiola.gateway.http;

import org.jspecify.annotations.NullMarked;
