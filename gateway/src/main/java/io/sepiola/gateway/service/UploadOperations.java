package io.sepiola.gateway.service;

import io.sepiola.base.Clock;
import io.sepiola.gateway.auth.ChecksumAlgorithm;
import io.sepiola.gateway.auth.Payload;
import io.sepiola.gateway.http.Headers;
import io.sepiola.gateway.protocol.Query;
import io.sepiola.gateway.protocol.S3Error;
import io.sepiola.gateway.protocol.S3Exception;
import io.sepiola.gateway.protocol.Timestamps;
import io.sepiola.gateway.protocol.XmlReader;
import io.sepiola.gateway.protocol.XmlWriter;
import io.sepiola.gateway.storage.Bucket;
import io.sepiola.gateway.storage.Buckets;
import io.sepiola.gateway.storage.ObjectEntry;
import io.sepiola.gateway.storage.PartEntry;
import io.sepiola.gateway.storage.UploadEntry;
import io.sepiola.gateway.storage.Uploads;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Operations on multipart uploads. */
final class UploadOperations {
    private static final int BODY_BYTES_MAX = 4 << 20;
    private static final int LIST_COUNT_MAX = 1000;

    private final Clock clock;
    private final Buckets buckets;
    private final Uploads uploads;
    private final ObjectOperations objects;

    UploadOperations(Clock clock, Buckets buckets, Uploads uploads, ObjectOperations objects) {
        this.clock = clock;
        this.buckets = buckets;
        this.uploads = uploads;
        this.objects = objects;
    }

    private Bucket owned(Exchange exchange) {
        return exchange.owned(buckets.find(exchange.target().bucket()));
    }

    private static String id(Exchange exchange) {
        String id = exchange.query().get("uploadId", "");
        if (id.length() != 32 || !id.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
            throw new S3Exception(S3Error.NO_SUCH_UPLOAD);
        }
        return id;
    }

    void create(Exchange exchange) {
        Headers headers = exchange.headers();
        ObjectHeaders.checkSupported(headers);
        Bucket bucket = owned(exchange);
        UploadEntry upload =
                new UploadEntry(
                        exchange.account().user(),
                        clock.now().toEpochMilli(),
                        ObjectHeaders.kept(headers),
                        ObjectHeaders.metadata(headers));
        String id = uploads.create(bucket, exchange.key(), upload);
        exchange.sendXml(
                new XmlWriter()
                        .root("InitiateMultipartUploadResult")
                        .text("Bucket", bucket.name())
                        .text("Key", exchange.key())
                        .text("UploadId", id)
                        .close("InitiateMultipartUploadResult"));
    }

    private static int partNumber(Query query) {
        int number = query.number("partNumber", 0);
        if (number < 1 || number > Uploads.PART_NUMBER_MAX) {
            throw new S3Exception(
                    S3Error.INVALID_ARGUMENT,
                    "Part number must be an integer between 1 and 10000, inclusive");
        }
        return number;
    }

    void putPart(Exchange exchange) {
        ObjectHeaders.checkSupported(exchange.headers());
        Bucket bucket = owned(exchange);
        String id = id(exchange);
        int number = partNumber(exchange.query());
        String source = exchange.header("x-amz-copy-source");
        if (source != null) {
            copyPart(exchange, bucket, id, number, CopySource.parse(source));
            return;
        }
        Payload payload = ObjectOperations.uploadPayload(exchange);
        PartEntry part =
                uploads.putPart(
                        bucket,
                        exchange.key(),
                        id,
                        number,
                        payload::read,
                        payload.length(),
                        extent ->
                                new PartEntry(
                                        payload.etag(),
                                        clock.now().toEpochMilli(),
                                        ObjectHeaders.checksum(payload),
                                        extent));
        exchange.answer().add("etag", "\"" + part.etag() + "\"");
        part.checksum().forEach(exchange.answer()::add);
        exchange.sendEmpty(200);
    }

    private void copyPart(
            Exchange exchange, Bucket bucket, String id, int number, CopySource source) {
        ObjectEntry from = objects.findSource(exchange, source);
        String range = exchange.header("x-amz-copy-source-range");
        ByteRange part = ByteRange.ofOrNull(range, from.size());
        if (range != null && (part == null || outside(range, from.size()))) {
            throw new S3Exception(
                    S3Error.INVALID_ARGUMENT,
                    "The x-amz-copy-source-range value must be of the form bytes=first-last where"
                        + " first and last are the zero-based offsets of the first and last bytes"
                        + " to copy");
        }
        long offset = part == null ? 0 : part.offset();
        long length = part == null ? from.size() : part.length();
        try (StoredSource stored = objects.stored(from, offset, length)) {
            PartEntry entry =
                    uploads.putPart(
                            bucket,
                            exchange.key(),
                            id,
                            number,
                            stored,
                            length,
                            extent ->
                                    new PartEntry(
                                            stored.etag(),
                                            clock.now().toEpochMilli(),
                                            Map.of(),
                                            extent));
            ObjectOperations.sendCopyResult(
                    exchange, "CopyPartResult", entry.etag(), entry.modifiedMillis());
        }
    }

    /** Unlike a read, a copy must not ask for more than there is. */
    private static boolean outside(String range, long size) {
        String last = range.substring(range.indexOf('-') + 1).strip();
        return last.isEmpty()
                || range.startsWith("bytes=-")
                || last.length() > 18
                || Long.parseLong(last) >= size;
    }

    void listParts(Exchange exchange) {
        Bucket bucket = owned(exchange);
        String id = id(exchange);
        uploads.find(bucket, exchange.key(), id);
        int countMax =
                Math.min(exchange.query().number("max-parts", LIST_COUNT_MAX), LIST_COUNT_MAX);
        int after =
                Math.min(exchange.query().number("part-number-marker", 0), Uploads.PART_NUMBER_MAX);
        Uploads.Page page = uploads.parts(bucket, id, after, countMax);
        XmlWriter xml = new XmlWriter().root("ListPartsResult");
        xml.text("Bucket", bucket.name()).text("Key", exchange.key()).text("UploadId", id);
        BucketOperations.owner(exchange, "Initiator", xml);
        BucketOperations.owner(exchange, "Owner", xml);
        xml.text("StorageClass", "STANDARD")
                .text("PartNumberMarker", after)
                .text("NextPartNumberMarker", page.parts().isEmpty() ? 0 : page.parts().lastKey())
                .text("MaxParts", countMax)
                .text("IsTruncated", page.more() && countMax > 0);
        page.parts()
                .forEach((number, part) -> {
                    xml.open("Part")
                            .text("PartNumber", number)
                            .text("LastModified", Timestamps.xml(part.modifiedMillis()))
                            .text("ETag", "\"" + part.etag() + "\"")
                            .text("Size", part.size());
                    part.checksum()
                            .forEach((header, value) -> {
                                ChecksumAlgorithm algorithm =
                                        ChecksumAlgorithm.ofHeaderOrNull(header);
                                if (algorithm != null) {
                                    xml.text(algorithm.element(), value);
                                }
                            });
                    xml.close("Part");
                });
        exchange.sendXml(xml.close("ListPartsResult"));
    }

    void complete(Exchange exchange) {
        Bucket bucket = owned(exchange);
        String id = id(exchange);
        // The checksum header of this request is the whole object's, not this document's.
        XmlReader.Element body =
                XmlReader.read(
                        exchange.payloadWithoutChecksum().readAll(BODY_BYTES_MAX),
                        "CompleteMultipartUpload");
        List<Uploads.Named> named = new ArrayList<>();
        for (XmlReader.Element child : body.children()) {
            if (child.name().equals("Part")) {
                named.add(named(child));
            }
        }
        if (named.isEmpty() || named.size() > Uploads.PART_NUMBER_MAX) {
            throw new S3Exception(S3Error.MALFORMED_XML);
        }
        ObjectEntry entry =
                uploads.complete(
                        bucket,
                        exchange.key(),
                        id,
                        named,
                        Conditions.ofWrite(exchange.headers()),
                        (upload, etag, layout, size) ->
                                new ObjectEntry(
                                        size,
                                        etag,
                                        clock.now().toEpochMilli(),
                                        upload.owner(),
                                        upload.headers(),
                                        upload.metadata(),
                                        id,
                                        Map.of(),
                                        layout));
        exchange.sendXml(
                new XmlWriter()
                        .root("CompleteMultipartUploadResult")
                        .text("Location", "/" + bucket.name() + "/" + exchange.key())
                        .text("Bucket", bucket.name())
                        .text("Key", exchange.key())
                        .text("ETag", "\"" + entry.etag() + "\"")
                        .close("CompleteMultipartUploadResult"));
    }

    private static Uploads.Named named(XmlReader.Element part) {
        String number = part.textOf("PartNumber");
        String etag = part.textOf("ETag");
        if (number == null || etag == null) {
            throw new S3Exception(S3Error.MALFORMED_XML);
        }
        Map<String, String> checksum = new HashMap<>();
        for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.values()) {
            String value = part.textOf(algorithm.element());
            if (value != null) {
                checksum.put(algorithm.header(), value.strip());
            }
        }
        return new Uploads.Named(
                number(number.strip()), Conditions.unquoted(etag.strip()), checksum);
    }

    private static int number(String text) {
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9 || text.length() > 5) {
                throw new S3Exception(S3Error.MALFORMED_XML);
            }
            number = number * 10 + digit;
        }
        if (number < 1 || number > Uploads.PART_NUMBER_MAX) {
            throw new S3Exception(
                    S3Error.INVALID_ARGUMENT,
                    "PartNumber must be an integer between 1 and 10000, inclusive");
        }
        return number;
    }

    void abort(Exchange exchange) {
        uploads.abort(owned(exchange), exchange.key(), id(exchange));
        exchange.sendEmpty(204);
    }
}
