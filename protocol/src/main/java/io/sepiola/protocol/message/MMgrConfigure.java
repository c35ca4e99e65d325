package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.Message;

/**
 * The manager says how often it wants reports.
 *
 * <p>MMgrConfigure := period:u32 threshold:u32, queries as they come.
 *
 * @param periodSeconds 0: none
 * @param threshold the least priority of counters wanted
 * @param queries for measurements
 */
public record MMgrConfigure(int periodSeconds, int threshold, Bytes queries) implements Message {
    static final MessageCodec<MMgrConfigure> CODEC =
            MessageCodec.of(
                    1793,
                    4,
                    1,
                    MMgrConfigure.class,
                    (m, out) -> {
                        out.u32(m.periodSeconds);
                        out.u32(m.threshold);
                        out.raw(m.queries);
                    },
                    (in, head) -> new MMgrConfigure(in.u32(), in.u32(), in.rest()));
}
