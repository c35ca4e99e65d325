package io.sepiola.gateway.storage;

import static io.sepiola.base.Primitives.STRING;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;

import java.util.Map;

/**
 * An object as the index knows it.
 *
 * @param etag without quotes
 * @param headers content-type and its like, names in lower case
 * @param metadata the user's, names without {@code x-amz-meta-}
 * @param upload the multipart upload that made it, or ""
 * @param checksum the header and the value of the checksum given by the client, or empty
 */
public record ObjectEntry(
        long size,
        String etag,
        long modifiedMillis,
        String owner,
        Map<String, String> headers,
        Map<String, String> metadata,
        String upload,
        Map<String, String> checksum,
        Layout layout) {
    /** A struct of version 1. */
    public static final Codec<ObjectEntry> CODEC =
            new Codec<>() {
                @Override
                public void encode(ObjectEntry entry, Encoder out) {
                    out.struct(
                            1,
                            1,
                            body -> {
                                body.u64(entry.size)
                                        .string(entry.etag)
                                        .u64(entry.modifiedMillis)
                                        .string(entry.owner)
                                        .map(entry.headers, STRING, STRING)
                                        .map(entry.metadata, STRING, STRING)
                                        .string(entry.upload)
                                        .map(entry.checksum, STRING, STRING);
                                Layout.CODEC.encode(entry.layout, body);
                            });
                }

                @Override
                public ObjectEntry decode(Decoder source) {
                    return source.struct(
                            1,
                            (version, in) ->
                                    new ObjectEntry(
                                            in.u64(),
                                            in.string(),
                                            in.u64(),
                                            in.string(),
                                            in.map(STRING, STRING),
                                            in.map(STRING, STRING),
                                            in.string(),
                                            in.map(STRING, STRING),
                                            Layout.CODEC.decode(in)));
                }
            };
}
