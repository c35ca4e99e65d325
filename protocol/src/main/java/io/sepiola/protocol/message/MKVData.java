package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.Message;

import java.util.Map;
import java.util.Optional;

/**
 * A part of the configuration key store, to those who subscribed to it.
 *
 * <p>MKVData := version:u64 prefix:string incremental:bool, map of key:string to optional blob.
 *
 * @param incremental whether only changes follow
 * @param entries no value: removed
 */
public record MKVData(
        long version, String prefix, boolean incremental, Map<String, Optional<Bytes>> entries)
        implements Message {
    static final MessageCodec<MKVData> CODEC =
            MessageCodec.of(
                    54,
                    1,
                    1,
                    MKVData.class,
                    (m, out) -> {
                        out.u64(m.version);
                        out.string(m.prefix);
                        out.bool(m.incremental);
                        out.map(m.entries, Primitives.STRING, Primitives.optional(Primitives.BLOB));
                    },
                    (in, head) ->
                            new MKVData(
                                    in.u64(),
                                    in.string(),
                                    in.bool(),
                                    in.map(
                                            Primitives.STRING,
                                            Primitives.optional(Primitives.BLOB))));

    @Override
    public int priority() {
        return PRIORITY_HIGH;
    }
}
