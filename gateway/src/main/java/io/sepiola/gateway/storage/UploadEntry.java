package io.sepiola.gateway.storage;

import static io.sepiola.base.Primitives.STRING;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;

import java.util.Map;

/** An open multipart upload; headers and metadata are those the object will have. */
public record UploadEntry(
        String owner,
        long initiatedMillis,
        Map<String, String> headers,
        Map<String, String> metadata) {
    /** A struct of version 1. */
    public static final Codec<UploadEntry> CODEC =
            new Codec<>() {
                @Override
                public void encode(UploadEntry upload, Encoder out) {
                    out.struct(
                            1,
                            1,
                            body ->
                                    body.string(upload.owner)
                                            .u64(upload.initiatedMillis)
                                            .map(upload.headers, STRING, STRING)
                                            .map(upload.metadata, STRING, STRING));
                }

                @Override
                public UploadEntry decode(Decoder source) {
                    return source.struct(
                            1,
                            (version, in) ->
                                    new UploadEntry(
                                            in.string(),
                                            in.u64(),
                                            in.map(STRING, STRING),
                                            in.map(STRING, STRING)));
                }
            };
}
