/**
 * What the gateway keeps in RADOS, with nothing but data, xattrs, omap and compound writes.
 *
 * <p><b>Pool {@code .sepiola.s3.meta}</b>, three objects, all omap:
 *
 * <pre>
 * users     u/UID            User
 *           k/ACCESS-KEY     the UID it belongs to
 *           e/EMAIL          the UID it belongs to
 * buckets   b/NAME           Bucket
 *           o/UID/NAME       empty: the buckets of an owner
 * sessions  bSESSION         a counter that a living gateway keeps raising
 *           rSESSION.RANGE   empty: tags of this range may name data that nothing refers to
 * </pre>
 *
 * <b>Pool {@code .sepiola.s3.index}</b>: for each bucket {@code INSTANCE.SHARD}, its index in
 * several shards by the key's crc32c, and {@code INSTANCE.u.UPLOAD} for each multipart upload:
 *
 * <pre>
 * shard     0KEY             ObjectEntry: the object exists
 *           1dTAG            Garbage.Data: replaced data, deleted when due
 *           1uUPLOAD         Garbage.Upload: an ended upload, whose unused parts go when due
 *           2TAG             poison: no commit may refer to this tag any more
 *           3KEY NUL UPLOAD  UploadEntry: the upload is open
 * upload    p00001           PartEntry, by number
 *           gTAG             Extent of a part that was replaced; stays until the upload ends
 *           2TAG             poison
 * </pre>
 *
 * <b>Pool {@code .sepiola.s3.data}</b>: {@code TAG.CHUNK}, 4 MiB each but the last, with the xattr
 * {@code home}: the {@link io.sepiola.gateway.storage.Home} where a reference to it would be.
 *
 * <p><b>Commit.</b> Data is written first, under a tag never used before. A PUT, DELETE, copy or
 * completed upload takes effect in one compound write on one shard: it compares the entry that it
 * replaces, byte for byte, sets the new one, and leaves the replaced data as garbage. Who loses the
 * race reads again and decides anew. So a reader sees the old object or the new one, whole.
 *
 * <p><b>Data that never was committed.</b> Tags come in ranges that a session has claimed before it
 * writes. When a gateway dies, its session falls silent; whoever sweeps looks at each tag of its
 * ranges. Where the home does not refer to the tag, the sweeper poisons the tag there, in a write
 * that compares the home's entry, and then deletes the data. A commit compares the absence of
 * poison, so one that comes late fails instead of referring to deleted data.
 */
@NullMarked
package io.sepiola.gateway.storage;

import org.jspecify.annotations.NullMarked;
