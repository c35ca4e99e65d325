package io.sepiola.gateway.storage;

import io.sepiola.base.Await;
import io.sepiola.base.Bytes;
import io.sepiola.client.IoContext;
import io.sepiola.client.RadosException;
import io.sepiola.gateway.protocol.S3Error;
import io.sepiola.gateway.protocol.S3Exception;

import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Multipart uploads: open from their record in the index until one commit ends them. May be shared.
 */
public final class Uploads {
    /** The smallest part that is not the last. */
    public static final long PART_SIZE_MIN = 5L << 20;

    /** The highest part number. */
    public static final int PART_NUMBER_MAX = 10_000;

    private static final String PART = "p";
    private static final String REPLACED = "g";
    private static final long PART_SIZE_MAX = 5L << 30;
    private static final int DIRECT_COUNT_MAX = 64;
    private static final int ATTEMPT_COUNT_MAX = 1000;

    private final Pools pools;
    private final DataStore data;
    private final BucketIndex index;
    private final Collector collector;
    private final SecureRandom random = new SecureRandom();

    /** A part that a client names when it completes an upload; the ETag is without quotes. */
    public record Named(int number, String etag, Map<String, String> checksum) {}

    /** Parts in order of their numbers, and whether more follow. */
    public record Page(SortedMap<Integer, PartEntry> parts, boolean more) {}

    /** Makes the entry of a part whose data is stored. */
    @FunctionalInterface
    public interface PartOf {
        /** The entry of a part with this data. */
        PartEntry make(Extent extent);
    }

    /** Makes the entry of the object that an upload becomes. */
    @FunctionalInterface
    public interface ObjectOf {
        /** The entry of an object with this data. */
        ObjectEntry make(UploadEntry upload, String etag, Layout layout, long size);
    }

    /** Keeps uploads beside the objects of this index. */
    public Uploads(Pools pools, DataStore data, BucketIndex index, Collector collector) {
        this.pools = pools;
        this.data = data;
        this.index = index;
        this.collector = collector;
    }

    private static String key(String key, String id) {
        return BucketIndex.UPLOAD + key + "\0" + id;
    }

    private static String partKey(int number) {
        return String.format(Locale.ROOT, "%s%05d", PART, number);
    }

    /** The data behind an entry of an upload's object, or null when there is none. */
    static @Nullable Extent extentOrNull(String key, Bytes value) {
        if (key.startsWith(PART)) {
            return PartEntry.CODEC.fromBytes(value).extent();
        }
        return key.startsWith(REPLACED) ? Extent.CODEC.fromBytes(value) : null;
    }

    static String replacedKey(Tag tag) {
        return REPLACED + tag.text();
    }

    /** Opens an upload and returns its id. */
    public String create(Bucket bucket, String key, UploadEntry upload) {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes);
        Commit commit =
                new Commit(pools.index(), bucket.shardOf(key))
                        .expect(key(key, id), Bytes.EMPTY)
                        .set(key(key, id), UploadEntry.CODEC.toBytes(upload));
        try {
            commit.submit();
        } catch (RadosException failure) {
            throw failure.errno() == Errno.ENOENT
                    ? new S3Exception(S3Error.NO_SUCH_BUCKET)
                    : failure;
        }
        Await.on(pools.index().write().create(false).submit(bucket.uploadObject(id)));
        return id;
    }

    /** An open upload. */
    public UploadEntry find(Bucket bucket, String key, String id) {
        return UploadEntry.CODEC.fromBytes(open(bucket, key, id));
    }

    private Bytes open(Bucket bucket, String key, String id) {
        Bytes upload = openOrEmpty(bucket, key, id);
        if (upload.isEmpty()) {
            throw new S3Exception(S3Error.NO_SUCH_UPLOAD);
        }
        return upload;
    }

    private Bytes openOrEmpty(Bucket bucket, String key, String id) {
        return BucketIndex.await(Omap.get(pools.index(), bucket.shardOf(key), key(key, id)));
    }

    /** Stores a part, in the place of one that has the same number. */
    public PartEntry putPart(
            Bucket bucket,
            String key,
            String id,
            int number,
            DataStore.Source source,
            long sizeHint,
            PartOf partOf) {
        open(bucket, key, id);
        String object = bucket.uploadObject(id);
        String shard = bucket.shardOf(key);
        Home home = new Home(object, partKey(number), shard, BucketIndex.ENTRY + key);
        Extent extent = data.write(source, sizeHint, PART_SIZE_MAX, home);
        try {
            PartEntry part = partOf.make(extent);
            commitPart(object, number, part);
            data.committed(extent);
            return part;
        } catch (S3Exception refused) {
            data.discard(extent);
            throw refused;
        }
    }

    private void commitPart(String object, int number, PartEntry part) {
        String key = partKey(number);
        for (int attempt = 0; attempt < ATTEMPT_COUNT_MAX; attempt++) {
            try {
                Bytes current = Await.on(Omap.get(pools.index(), object, key));
                Commit commit =
                        new Commit(pools.index(), object)
                                .expect(key, current)
                                .fresh(part.extent().tag())
                                .set(key, PartEntry.CODEC.toBytes(part));
                if (!current.isEmpty()) {
                    // A completion under way may have chosen the part that is replaced here: its
                    // data stays until the upload has ended.
                    Extent replaced = PartEntry.CODEC.fromBytes(current).extent();
                    commit.set(replacedKey(replaced.tag()), Extent.CODEC.toBytes(replaced));
                }
                if (commit.submit()) {
                    return;
                }
                commit.reread(key); // fails when the tag has been given up
            } catch (RadosException failure) {
                throw failure.errno() == Errno.ENOENT
                        ? new S3Exception(S3Error.NO_SUCH_UPLOAD)
                        : failure;
            }
        }
        throw new S3Exception(S3Error.SLOW_DOWN);
    }

    /** The parts behind {@code after}, at most {@code countMax}. */
    public Page parts(Bucket bucket, String id, int after, int countMax) {
        SortedMap<Integer, PartEntry> parts = new TreeMap<>();
        String marker = PART + partKey(after).substring(1);
        boolean more = true;
        while (more && parts.size() <= countMax) {
            IoContext.OmapEntries page;
            try {
                page =
                        Await.on(
                                Omap.page(
                                        pools.index(),
                                        bucket.uploadObject(id),
                                        marker,
                                        PART,
                                        Omap.PAGE_COUNT_MAX));
            } catch (RadosException failure) {
                throw failure.errno() == Errno.ENOENT
                        ? new S3Exception(S3Error.NO_SUCH_UPLOAD)
                        : failure;
            }
            for (Map.Entry<String, Bytes> entry : page.entries().entrySet()) {
                marker = entry.getKey();
                parts.put(
                        Integer.parseInt(marker.substring(1)),
                        PartEntry.CODEC.fromBytes(entry.getValue()));
            }
            more = page.more() && !page.entries().isEmpty();
        }
        boolean cut = more || parts.size() > countMax;
        while (parts.size() > countMax) {
            parts.remove(parts.lastKey());
        }
        return new Page(parts, cut);
    }

    /** Makes an object of the named parts; asked again for the same, answers the same. */
    public ObjectEntry complete(
            Bucket bucket,
            String key,
            String id,
            List<Named> named,
            BucketIndex.Condition condition,
            ObjectOf objectOf) {
        Bytes upload = openOrEmpty(bucket, key, id);
        if (upload.isEmpty()) {
            return completed(bucket, key, id);
        }
        List<PartEntry> parts;
        try {
            parts = choose(named, parts(bucket, id, 0, PART_NUMBER_MAX).parts());
        } catch (S3Exception refused) {
            if (refused.error() == S3Error.NO_SUCH_UPLOAD) {
                return completed(bucket, key, id);
            }
            throw refused;
        }
        List<Extent> extents =
                parts.stream().map(PartEntry::extent).filter(extent -> extent.size() > 0).toList();
        Extent list = null;
        if (extents.size() > DIRECT_COUNT_MAX) {
            Home home = new Home("", "", bucket.shardOf(key), BucketIndex.ENTRY + key);
            list = data.writeList(extents, home);
        }
        Layout layout = list == null ? new Layout.Direct(extents) : new Layout.Listed(list);
        long size = extents.stream().mapToLong(Extent::size).sum();
        ObjectEntry entry =
                objectOf.make(UploadEntry.CODEC.fromBytes(upload), etag(parts), layout, size);
        try {
            commit(bucket, key, id, upload, condition, entry, list);
        } catch (S3Exception refused) {
            if (list != null) {
                data.discard(list);
            }
            boolean ended =
                    refused.error() == S3Error.SLOW_DOWN && openOrEmpty(bucket, key, id).isEmpty();
            if (ended) {
                return completed(bucket, key, id);
            }
            throw refused;
        }
        if (list != null) {
            data.committed(list);
        }
        return entry;
    }

    private void commit(
            Bucket bucket,
            String key,
            String id,
            Bytes upload,
            BucketIndex.Condition condition,
            ObjectEntry entry,
            @Nullable Extent list) {
        String shard = bucket.shardOf(key);
        Garbage garbage = new Garbage.Upload(0, bucket.uploadObject(id), entry.layout());
        String garbageKey = BucketIndex.GARBAGE_UPLOAD + id;
        index.change(
                bucket,
                key,
                BucketIndex.await(Omap.get(pools.index(), shard, BucketIndex.ENTRY + key)),
                condition,
                entry,
                commit -> {
                    commit.expect(key(key, id), upload)
                            .remove(key(key, id))
                            .set(garbageKey, Garbage.CODEC.toBytes(garbage));
                    if (list != null) {
                        commit.fresh(list.tag());
                    }
                });
        collector.schedule(shard, garbageKey, garbage);
    }

    private ObjectEntry completed(Bucket bucket, String key, String id) {
        ObjectEntry entry = index.findOrNull(bucket, key);
        if (entry == null || !entry.upload().equals(id)) {
            throw new S3Exception(S3Error.NO_SUCH_UPLOAD);
        }
        return entry;
    }

    private static List<PartEntry> choose(List<Named> named, SortedMap<Integer, PartEntry> stored) {
        List<PartEntry> chosen = new ArrayList<>(named.size());
        int before = 0;
        for (Named name : named) {
            if (name.number() <= before) {
                throw new S3Exception(S3Error.INVALID_PART_ORDER);
            }
            before = name.number();
        }
        for (Named name : named) {
            PartEntry part = stored.get(name.number());
            if (part == null || !part.etag().equals(name.etag())) {
                throw new S3Exception(S3Error.INVALID_PART);
            }
            for (Map.Entry<String, String> checksum : name.checksum().entrySet()) {
                String known = part.checksum().get(checksum.getKey());
                if (known != null && !known.equals(checksum.getValue())) {
                    throw new S3Exception(S3Error.INVALID_PART);
                }
            }
            chosen.add(part);
        }
        for (PartEntry part : chosen.subList(0, Math.max(0, chosen.size() - 1))) {
            if (part.size() < PART_SIZE_MIN) {
                throw new S3Exception(S3Error.ENTITY_TOO_SMALL);
            }
        }
        return chosen;
    }

    private static String etag(List<PartEntry> parts) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            for (PartEntry part : parts) {
                md5.update(HexFormat.of().parseHex(part.etag()));
            }
            return HexFormat.of().formatHex(md5.digest()) + "-" + parts.size();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Ends an upload and deletes its parts. */
    public void abort(Bucket bucket, String key, String id) {
        String shard = bucket.shardOf(key);
        Garbage garbage = new Garbage.Upload(0, bucket.uploadObject(id), Layout.EMPTY);
        String garbageKey = BucketIndex.GARBAGE_UPLOAD + id;
        Commit commit =
                new Commit(pools.index(), shard)
                        .expect(key(key, id), open(bucket, key, id))
                        .remove(key(key, id))
                        .set(garbageKey, Garbage.CODEC.toBytes(garbage));
        if (!commit.submit()) {
            throw new S3Exception(S3Error.NO_SUCH_UPLOAD);
        }
        collector.schedule(shard, garbageKey, garbage);
    }
}
