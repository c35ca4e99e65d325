package io.sepiola.gateway.http;

import java.time.Duration;

/**
 * What a client may ask of the server's memory and patience.
 *
 * @param headBytes a request line with its headers
 * @param targetBytes a request target
 * @param headerCount header lines
 * @param idle a connection between two requests
 * @param head a request line with its headers, from its first byte
 * @param stall a body, or a reader of an answer, without any progress
 * @param bodyRateMin bytes per second, over the whole body once {@code stall} has passed
 */
public record HttpLimits(
        int headBytes,
        int targetBytes,
        int headerCount,
        Duration idle,
        Duration head,
        Duration stall,
        int bodyRateMin) {
    /** For the open network. */
    public static final HttpLimits DEFAULT =
            new HttpLimits(
                    32 << 10,
                    16 << 10,
                    200,
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    1024);
}
