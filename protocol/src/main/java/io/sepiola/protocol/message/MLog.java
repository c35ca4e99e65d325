package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.UuidCodec;

import java.util.List;
import java.util.UUID;

/**
 * Entries of the cluster log, to the monitors and from them to those who follow it.
 *
 * <p>MLog := PaxosPrefix fsid entries:list of LogEntry.
 */
public record MLog(long version, UUID fsid, List<LogEntry> entries) implements Message {
    static final MessageCodec<MLog> CODEC =
            MessageCodec.of(
                    52,
                    1,
                    1,
                    MLog.class,
                    (m, out) -> {
                        PaxosPrefix.encode(out, m.version);
                        UuidCodec.CODEC.encode(m.fsid, out);
                        out.list(m.entries, LogEntry.CODEC);
                    },
                    (in, head) ->
                            new MLog(
                                    PaxosPrefix.decode(in),
                                    UuidCodec.CODEC.decode(in),
                                    in.list(LogEntry.CODEC)));
}
