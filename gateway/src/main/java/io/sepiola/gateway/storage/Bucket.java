package io.sepiola.gateway.storage;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;

/**
 * A bucket.
 *
 * @param owner the user's id
 * @param instance names the index; a bucket made anew under the same name has another
 * @param deleting it is being deleted, and there is none for anybody else
 */
public record Bucket(
        String name,
        String owner,
        long createdMillis,
        String instance,
        int shardCount,
        boolean deleting) {
    static final Codec<Bucket> CODEC =
            new Codec<>() {
                @Override
                public void encode(Bucket bucket, Encoder out) {
                    out.struct(
                            1,
                            1,
                            body ->
                                    body.string(bucket.name)
                                            .string(bucket.owner)
                                            .u64(bucket.createdMillis)
                                            .string(bucket.instance)
                                            .u32(bucket.shardCount)
                                            .bool(bucket.deleting));
                }

                @Override
                public Bucket decode(Decoder source) {
                    return source.struct(
                            1,
                            (version, in) ->
                                    new Bucket(
                                            in.string(),
                                            in.string(),
                                            in.u64(),
                                            in.string(),
                                            in.u32(),
                                            in.bool()));
                }
            };

    /** The index object that has this key. */
    String shardOf(String key) {
        return shard(Integer.remainderUnsigned(Bytes.utf8(key).crc32c(-1), shardCount));
    }

    /** An index object. */
    String shard(int number) {
        return instance + "." + number;
    }

    /** The object of an upload. */
    String uploadObject(String upload) {
        return instance + ".u." + upload;
    }

    Bucket withDeleting(boolean state) {
        return new Bucket(name, owner, createdMillis, instance, shardCount, state);
    }
}
