package io.sepiola.gateway.storage;

import static io.sepiola.base.Primitives.STRING;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;

import java.util.Map;

/**
 * An uploaded part.
 *
 * @param etag without quotes
 * @param checksum the header and the value of the checksum given by the client, or empty
 * @param extent its data; of size 0, with nothing behind it, for an empty part
 */
public record PartEntry(
        String etag, long modifiedMillis, Map<String, String> checksum, Extent extent) {
    static final Codec<PartEntry> CODEC =
            new Codec<>() {
                @Override
                public void encode(PartEntry part, Encoder out) {
                    out.struct(
                            1,
                            1,
                            body -> {
                                body.string(part.etag)
                                        .u64(part.modifiedMillis)
                                        .map(part.checksum, STRING, STRING);
                                Extent.CODEC.encode(part.extent, body);
                            });
                }

                @Override
                public PartEntry decode(Decoder source) {
                    return source.struct(
                            1,
                            (version, in) ->
                                    new PartEntry(
                                            in.string(),
                                            in.u64(),
                                            in.map(STRING, STRING),
                                            Extent.CODEC.decode(in)));
                }
            };

    /** In bytes. */
    public long size() {
        return extent.size();
    }
}
