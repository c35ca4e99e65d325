package io.sepiola.gateway.service;

import io.sepiola.base.Bytes;
import io.sepiola.base.Clock;
import io.sepiola.client.RadosException;
import io.sepiola.gateway.auth.Payload;
import io.sepiola.gateway.http.Headers;
import io.sepiola.gateway.protocol.S3Error;
import io.sepiola.gateway.protocol.S3Exception;
import io.sepiola.gateway.protocol.Timestamps;
import io.sepiola.gateway.protocol.XmlReader;
import io.sepiola.gateway.protocol.XmlWriter;
import io.sepiola.gateway.storage.Bucket;
import io.sepiola.gateway.storage.BucketIndex;
import io.sepiola.gateway.storage.Buckets;
import io.sepiola.gateway.storage.DataStore;
import io.sepiola.gateway.storage.ObjectEntry;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** Operations on objects. */
final class ObjectOperations {
    private static final long PUT_SIZE_MAX = 5L << 30;
    private static final int DELETE_BODY_BYTES_MAX = 4 << 20;
    private static final int DELETE_COUNT_MAX = 1000;
    private static final int DELETES_AT_ONCE = 16;
    private static final BucketIndex.Condition ALWAYS = current -> {};

    private final Clock clock;
    private final Buckets buckets;
    private final BucketIndex index;
    private final DataStore data;

    ObjectOperations(Clock clock, Buckets buckets, BucketIndex index, DataStore data) {
        this.clock = clock;
        this.buckets = buckets;
        this.index = index;
        this.data = data;
    }

    private Bucket owned(Exchange exchange) {
        return exchange.owned(buckets.find(exchange.target().bucket()));
    }

    private ObjectEntry find(Bucket bucket, String key) {
        ObjectEntry entry = index.findOrNull(bucket, key);
        if (entry == null) {
            throw new S3Exception(S3Error.NO_SUCH_KEY);
        }
        return entry;
    }

    void put(Exchange exchange) {
        ObjectHeaders.checkSupported(exchange.headers());
        Bucket bucket = owned(exchange);
        String source = exchange.header("x-amz-copy-source");
        if (source != null) {
            copy(exchange, bucket, CopySource.parse(source));
            return;
        }
        Headers headers = exchange.headers();
        Payload payload = uploadPayload(exchange);
        Map<String, String> kept = ObjectHeaders.kept(headers);
        Map<String, String> metadata = ObjectHeaders.metadata(headers);
        ObjectEntry entry =
                index.put(
                        bucket,
                        exchange.key(),
                        payload::read,
                        payload.length(),
                        Conditions.isConditional(headers),
                        Conditions.ofWrite(headers),
                        (layout, size) ->
                                new ObjectEntry(
                                        size,
                                        payload.etag(),
                                        clock.now().toEpochMilli(),
                                        exchange.account().user(),
                                        kept,
                                        metadata,
                                        "",
                                        ObjectHeaders.checksum(payload),
                                        layout));
        exchange.answer().add("etag", "\"" + entry.etag() + "\"");
        entry.checksum().forEach(exchange.answer()::add);
        exchange.sendEmpty(200);
    }

    /** The payload of an object or part; S3 wants to know its length beforehand. */
    static Payload uploadPayload(Exchange exchange) {
        Headers headers = exchange.headers();
        if (!headers.has("content-length") && !headers.has("transfer-encoding")) {
            throw new S3Exception(S3Error.MISSING_CONTENT_LENGTH);
        }
        Payload payload = exchange.payload();
        if (payload.length() > PUT_SIZE_MAX) {
            throw new S3Exception(S3Error.ENTITY_TOO_LARGE);
        }
        return payload;
    }

    private void copy(Exchange exchange, Bucket bucket, CopySource source) {
        Headers headers = exchange.headers();
        boolean replace =
                switch (headers.get("x-amz-metadata-directive", "COPY")) {
                    case "COPY" -> false;
                    case "REPLACE" -> true;
                    default ->
                            throw new S3Exception(
                                    S3Error.INVALID_ARGUMENT, "Unknown metadata directive.");
                };
        boolean itself =
                source.bucket().equals(bucket.name()) && source.key().equals(exchange.key());
        if (itself && !replace) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "This copy request is illegal because it is trying to copy an object to itself"
                        + " without changing the object's metadata, storage class, website redirect"
                        + " location or encryption attributes.");
        }
        ObjectEntry from = findSource(exchange, source);
        if (from.size() > PUT_SIZE_MAX) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "The specified copy source is larger than the maximum allowable size for a copy"
                            + " source: 5368709120");
        }
        Map<String, String> kept = replace ? ObjectHeaders.kept(headers) : from.headers();
        Map<String, String> metadata = replace ? ObjectHeaders.metadata(headers) : from.metadata();
        try (StoredSource stored = stored(from, 0, from.size())) {
            ObjectEntry entry =
                    index.put(
                            bucket,
                            exchange.key(),
                            stored,
                            from.size(),
                            Conditions.isConditional(headers),
                            Conditions.ofWrite(headers),
                            (layout, size) ->
                                    new ObjectEntry(
                                            size,
                                            stored.etag(),
                                            clock.now().toEpochMilli(),
                                            exchange.account().user(),
                                            kept,
                                            metadata,
                                            "",
                                            from.upload().isEmpty() ? from.checksum() : Map.of(),
                                            layout));
            sendCopyResult(exchange, "CopyObjectResult", entry.etag(), entry.modifiedMillis());
        }
    }

    static void sendCopyResult(Exchange exchange, String root, String etag, long modifiedMillis) {
        exchange.sendXml(
                new XmlWriter()
                        .root(root)
                        .text("LastModified", Timestamps.xml(modifiedMillis))
                        .text("ETag", "\"" + etag + "\"")
                        .close(root));
    }

    /** The object to be copied; whoever may not read it may not copy it either. */
    ObjectEntry findSource(Exchange exchange, CopySource source) {
        Bucket bucket = buckets.find(source.bucket());
        String expected = exchange.header("x-amz-source-expected-bucket-owner");
        if (!bucket.owner().equals(exchange.account().user())
                || expected != null && !expected.equals(bucket.owner())) {
            throw new S3Exception(S3Error.ACCESS_DENIED);
        }
        ObjectEntry entry = find(bucket, source.key());
        if (Conditions.ofRead(exchange.headers(), "x-amz-copy-source-", entry)
                != Conditions.Outcome.GIVE) {
            throw new S3Exception(S3Error.PRECONDITION_FAILED);
        }
        return entry;
    }

    StoredSource stored(ObjectEntry entry, long offset, long length) {
        return new StoredSource(data.read(entry.layout(), offset, length));
    }

    void head(Exchange exchange) {
        get(exchange);
    }

    void get(Exchange exchange) {
        ObjectEntry entry = find(owned(exchange), exchange.key());
        Headers answer = exchange.answer();
        switch (Conditions.ofRead(exchange.headers(), "", entry)) {
            case FAILED -> throw new S3Exception(S3Error.PRECONDITION_FAILED);
            case NOT_MODIFIED -> {
                answer.add("etag", "\"" + entry.etag() + "\"")
                        .add("last-modified", Timestamps.http(entry.modifiedMillis()));
                exchange.sendEmpty(304);
            }
            case GIVE -> give(exchange, entry);
        }
    }

    private void give(Exchange exchange, ObjectEntry entry) {
        Headers answer = exchange.answer();
        ByteRange part = partOrNull(exchange, entry);
        ByteRange range;
        try {
            range =
                    part != null
                            ? part
                            : ByteRange.ofOrNull(exchange.header("range"), entry.size());
        } catch (S3Exception outside) {
            answer.add("content-range", "bytes */" + entry.size());
            throw outside;
        }
        ObjectHeaders.give(entry, exchange.query(), answer);
        if (range == null && exchange.headers().get("x-amz-checksum-mode", "").equals("ENABLED")) {
            entry.checksum().forEach(answer::add);
        }
        long offset = range == null ? 0 : range.offset();
        long length = range == null ? entry.size() : range.length();
        if (range != null) {
            answer.add(
                    "content-range",
                    "bytes " + offset + "-" + (offset + length - 1) + "/" + entry.size());
        }
        int status = range == null ? 200 : 206;
        if (exchange.request().method().equals("HEAD")) {
            exchange.response().start(status, answer, length);
            return;
        }
        send(exchange, entry, offset, length, status);
    }

    private void send(Exchange exchange, ObjectEntry entry, long offset, long length, int status) {
        try (DataStore.Reading reading = data.read(entry.layout(), offset, length).lending()) {
            Bytes first = reading.next(); // before the status: a failure can still be told
            if (first.size() == length && !DataStore.isCounted(first.size())) {
                exchange.response().send(status, exchange.answer(), first);
                return;
            }
            exchange.response().start(status, exchange.answer(), length);
            for (Bytes piece = first; !piece.isEmpty(); piece = reading.next()) {
                exchange.response().write(piece);
                // A client that reads nothing holds what is counted for it, not more.
                exchange.response().flush();
            }
        }
    }

    /** The range of the part that {@code partNumber} asks for, or null. */
    private @Nullable ByteRange partOrNull(Exchange exchange, ObjectEntry entry) {
        int number = exchange.query().number("partNumber", 0);
        if (!exchange.query().has("partNumber")) {
            return null;
        }
        int dash = entry.etag().indexOf('-');
        int count = dash < 0 ? 1 : Integer.parseInt(entry.etag().substring(dash + 1));
        if (number < 1 || number > count) {
            throw new S3Exception(S3Error.INVALID_PART_NUMBER);
        }
        if (dash < 0) {
            return entry.size() == 0 ? null : new ByteRange(0, entry.size());
        }
        exchange.answer().add("x-amz-mp-parts-count", Integer.toString(count));
        var extents = data.extents(entry.layout());
        if (number > extents.size()) {
            throw new S3Exception(S3Error.INVALID_PART_NUMBER); // the last part may be empty
        }
        long offset = 0;
        for (int i = 0; i < number - 1; i++) {
            offset += extents.get(i).size();
        }
        return new ByteRange(offset, extents.get(number - 1).size());
    }

    void getSubresource(Exchange exchange, String subresource) {
        find(owned(exchange), exchange.key());
        switch (subresource) {
            case "acl" -> Acl.send(exchange);
            case "tagging" ->
                    exchange.sendXml(
                            new XmlWriter()
                                    .root("Tagging")
                                    .open("TagSet")
                                    .close("TagSet")
                                    .close("Tagging"));
            default -> throw new S3Exception(S3Error.NOT_IMPLEMENTED);
        }
    }

    void putSubresource(Exchange exchange, String subresource) {
        find(owned(exchange), exchange.key());
        if (!subresource.equals("acl")) {
            throw new S3Exception(S3Error.NOT_IMPLEMENTED);
        }
        Acl.put(exchange);
    }

    void delete(Exchange exchange) {
        Bucket bucket = owned(exchange);
        String match = exchange.header("if-match");
        BucketIndex.Condition condition =
                match == null ? ALWAYS : Conditions.ofWrite(exchange.headers());
        index.delete(bucket, exchange.key(), condition);
        exchange.sendEmpty(204);
    }

    void deleteMany(Exchange exchange) {
        Bucket bucket = owned(exchange);
        XmlReader.Element body =
                XmlReader.read(exchange.payload().readAll(DELETE_BODY_BYTES_MAX), "Delete");
        boolean quiet = "true".equalsIgnoreCase(body.textOf("Quiet"));
        List<String> keys = new ArrayList<>();
        for (XmlReader.Element object : body.children()) {
            if (object.name().equals("Object")) {
                String key = object.textOf("Key");
                String version = object.textOf("VersionId");
                if (key == null
                        || key.isEmpty()
                        || version != null && !version.isEmpty() && !version.equals("null")) {
                    throw new S3Exception(S3Error.MALFORMED_XML);
                }
                keys.add(key);
            }
        }
        if (keys.isEmpty() || keys.size() > DELETE_COUNT_MAX) {
            throw new S3Exception(S3Error.MALFORMED_XML);
        }
        XmlWriter xml = new XmlWriter().root("DeleteResult");
        List<@Nullable S3Exception> results = deleteAll(bucket, keys);
        for (int i = 0; i < keys.size(); i++) {
            S3Exception refused = results.get(i);
            if (refused != null) {
                xml.open("Error")
                        .text("Key", keys.get(i))
                        .text("Code", refused.error().code())
                        .text("Message", refused.error().message())
                        .close("Error");
            } else if (!quiet) {
                xml.open("Deleted").text("Key", keys.get(i)).close("Deleted");
            }
        }
        exchange.sendXml(xml.close("DeleteResult"));
    }

    private List<@Nullable S3Exception> deleteAll(Bucket bucket, List<String> keys) {
        Semaphore atOnce = new Semaphore(DELETES_AT_ONCE);
        List<CompletableFuture<@Nullable S3Exception>> under = new ArrayList<>(keys.size());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String key : keys) {
                atOnce.acquireUninterruptibly();
                under.add(
                        CompletableFuture.supplyAsync(
                                () -> {
                                    try {
                                        return deleteOne(bucket, key);
                                    } finally {
                                        atOnce.release();
                                    }
                                },
                                threads));
            }
        }
        List<@Nullable S3Exception> results = new ArrayList<>(keys.size());
        for (CompletableFuture<@Nullable S3Exception> one : under) {
            results.add(one.join());
        }
        return results;
    }

    private @Nullable S3Exception deleteOne(Bucket bucket, String key) {
        try {
            Target.checkKey(key);
            index.delete(bucket, key, ALWAYS);
            return null;
        } catch (S3Exception refused) {
            return refused;
        } catch (RadosException failure) {
            return new S3Exception(S3Error.INTERNAL_ERROR);
        }
    }
}
