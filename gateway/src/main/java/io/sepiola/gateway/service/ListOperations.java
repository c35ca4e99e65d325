package io.sepiola.gateway.service;

import io.sepiola.gateway.protocol.PercentCode;
import io.sepiola.gateway.protocol.Query;
import io.sepiola.gateway.protocol.S3Error;
import io.sepiola.gateway.protocol.S3Exception;
import io.sepiola.gateway.protocol.Timestamps;
import io.sepiola.gateway.protocol.XmlWriter;
import io.sepiola.gateway.storage.Bucket;
import io.sepiola.gateway.storage.BucketIndex;
import io.sepiola.gateway.storage.Buckets;
import io.sepiola.gateway.storage.ObjectEntry;
import io.sepiola.gateway.storage.Scan;
import io.sepiola.gateway.storage.UploadEntry;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Listings of objects, in both versions, and of open uploads. */
final class ListOperations {
    private static final int COUNT_MAX = 1000;

    /** Behind every key that begins with what stands before it. */
    private static final String LAST = "\uDBFF\uDFFF";

    private final Buckets buckets;
    private final BucketIndex index;

    ListOperations(Buckets buckets, BucketIndex index) {
        this.buckets = buckets;
        this.index = index;
    }

    /** A listing's question. */
    private record Question(String prefix, String delimiter, int countMax, boolean encoded) {
        static Question of(Query query, String countName) {
            String encoding = query.get("encoding-type", "");
            if (!encoding.isEmpty() && !encoding.equalsIgnoreCase("url")) {
                throw new S3Exception(
                        S3Error.INVALID_ARGUMENT, "Invalid Encoding Method specified in Request");
            }
            String prefix = query.get("prefix", "");
            String delimiter = query.get("delimiter", "");
            Target.checkKey(prefix);
            Target.checkKey(delimiter);
            return new Question(
                    prefix,
                    delimiter,
                    Math.min(query.number(countName, COUNT_MAX), COUNT_MAX),
                    !encoding.isEmpty());
        }

        String name(String text) {
            return encoded ? PercentCode.encode(text, true) : text;
        }

        /** The common prefix that a key falls into, or "". */
        String groupOf(String key) {
            int found = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
            return found < 0 ? "" : key.substring(0, found + delimiter.length());
        }
    }

    /** What was found: keys and groups, and the last of either when more follows. */
    private record Answer(List<Scan.Found> found, List<String> groups, boolean cut, String last) {}

    private static Answer collect(Question question, Scan scan, String separator) {
        List<Scan.Found> found = new ArrayList<>();
        List<String> groups = new ArrayList<>();
        String last = "";
        if (question.countMax == 0) {
            return new Answer(found, groups, false, "");
        }
        while (true) {
            Scan.Found next = scan.nextOrNull();
            if (next == null) {
                return new Answer(found, groups, false, last);
            }
            int end = separator.isEmpty() ? -1 : next.key().lastIndexOf(separator);
            String group = question.groupOf(end < 0 ? next.key() : next.key().substring(0, end));
            if (!group.isEmpty() && group.equals(last)) {
                scan.skipTo(group + LAST);
                continue;
            }
            if (found.size() + groups.size() == question.countMax) {
                return new Answer(found, groups, true, last);
            }
            if (group.isEmpty()) {
                found.add(next);
                last = next.key();
            } else {
                groups.add(group);
                last = group;
                scan.skipTo(group + LAST);
            }
        }
    }

    void list(Exchange exchange) {
        Bucket bucket = exchange.owned(buckets.find(exchange.target().bucket()));
        String version = exchange.query().get("list-type", "");
        if (version.equals("2")) {
            listV2(exchange, bucket);
        } else {
            listV1(exchange, bucket);
        }
    }

    private void listV1(Exchange exchange, Bucket bucket) {
        Question question = Question.of(exchange.query(), "max-keys");
        String marker = exchange.query().get("marker", "");
        Target.checkKey(marker);
        Answer answer = collect(question, scan(bucket, question, marker), "");
        XmlWriter xml = new XmlWriter().root("ListBucketResult");
        xml.text("Name", bucket.name())
                .text("Prefix", question.name(question.prefix))
                .text("Marker", question.name(marker))
                .text("MaxKeys", question.countMax);
        common(question, answer, xml);
        if (answer.cut && !question.delimiter.isEmpty()) {
            xml.text("NextMarker", question.name(answer.last));
        }
        contents(exchange, question, answer, true, xml);
        exchange.sendXml(xml.close("ListBucketResult"));
    }

    private Scan scan(Bucket bucket, Question question, String marker) {
        Scan scan = index.scan(bucket, question.prefix, marker, question.countMax);
        if (!marker.isEmpty()
                && marker.startsWith(question.prefix)
                && question.groupOf(marker).equals(marker)) {
            scan.skipTo(marker + LAST); // the page before ended with this group
        }
        return scan;
    }

    private void listV2(Exchange exchange, Bucket bucket) {
        Query query = exchange.query();
        Question question = Question.of(query, "max-keys");
        String token = query.firstOrNull("continuation-token");
        String startAfter = query.get("start-after", "");
        Target.checkKey(startAfter);
        String marker = token != null ? ofToken(token) : startAfter;
        Scan scan =
                token != null
                        ? scan(bucket, question, marker)
                        : index.scan(bucket, question.prefix, marker, question.countMax);
        Answer answer = collect(question, scan, "");
        XmlWriter xml = new XmlWriter().root("ListBucketResult");
        xml.text("Name", bucket.name())
                .text("Prefix", question.name(question.prefix))
                .text("MaxKeys", question.countMax)
                .text("KeyCount", answer.found.size() + answer.groups.size());
        common(question, answer, xml);
        if (token != null) {
            xml.text("ContinuationToken", token);
        }
        if (!startAfter.isEmpty()) {
            xml.text("StartAfter", question.name(startAfter));
        }
        if (answer.cut) {
            xml.text("NextContinuationToken", toToken(answer.last));
        }
        contents(exchange, question, answer, query.get("fetch-owner", "").equals("true"), xml);
        exchange.sendXml(xml.close("ListBucketResult"));
    }

    private static String toToken(String last) {
        return Base64.getUrlEncoder().encodeToString(last.getBytes(StandardCharsets.UTF_8));
    }

    private static String ofToken(String token) {
        try {
            String marker =
                    new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            Target.checkKey(marker);
            return marker;
        } catch (IllegalArgumentException | S3Exception notOurs) {
            throw new S3Exception(
                    S3Error.INVALID_ARGUMENT, "The continuation token provided is incorrect");
        }
    }

    private static void common(Question question, Answer answer, XmlWriter xml) {
        if (!question.delimiter.isEmpty()) {
            xml.text("Delimiter", question.name(question.delimiter));
        }
        if (question.encoded) {
            xml.text("EncodingType", "url");
        }
        xml.text("IsTruncated", answer.cut);
    }

    private static void contents(
            Exchange exchange, Question question, Answer answer, boolean owner, XmlWriter xml) {
        for (Scan.Found found : answer.found) {
            ObjectEntry entry = ObjectEntry.CODEC.fromBytes(found.entry());
            xml.open("Contents")
                    .text("Key", question.name(found.key()))
                    .text("LastModified", Timestamps.xml(entry.modifiedMillis()))
                    .text("ETag", "\"" + entry.etag() + "\"")
                    .text("Size", entry.size())
                    .text("StorageClass", "STANDARD");
            if (owner) {
                BucketOperations.owner(exchange, "Owner", xml);
            }
            xml.close("Contents");
        }
        groups(question, answer, xml);
    }

    private static void groups(Question question, Answer answer, XmlWriter xml) {
        for (String group : answer.groups) {
            xml.open("CommonPrefixes").text("Prefix", question.name(group)).close("CommonPrefixes");
        }
    }

    void listUploads(Exchange exchange) {
        Bucket bucket = exchange.owned(buckets.find(exchange.target().bucket()));
        Query query = exchange.query();
        Question question = Question.of(query, "max-uploads");
        String keyMarker = query.get("key-marker", "");
        String uploadMarker = keyMarker.isEmpty() ? "" : query.get("upload-id-marker", "");
        Target.checkKey(keyMarker);
        Target.checkKey(uploadMarker);
        String after =
                keyMarker.isEmpty()
                        ? ""
                        : keyMarker + "\0" + (uploadMarker.isEmpty() ? LAST : uploadMarker);
        Scan scan = index.scanUploads(bucket, question.prefix, after, question.countMax);
        if (uploadMarker.isEmpty()
                && !keyMarker.isEmpty()
                && keyMarker.startsWith(question.prefix)
                && question.groupOf(keyMarker).equals(keyMarker)) {
            scan.skipTo(keyMarker + LAST);
        }
        Answer answer = collect(question, scan, "\0");
        XmlWriter xml = new XmlWriter().root("ListMultipartUploadsResult");
        xml.text("Bucket", bucket.name())
                .text("KeyMarker", question.name(keyMarker))
                .text("UploadIdMarker", uploadMarker)
                .text("Prefix", question.name(question.prefix))
                .text("MaxUploads", question.countMax);
        if (answer.cut) {
            int end = answer.last.lastIndexOf('\0');
            xml.text(
                            "NextKeyMarker",
                            question.name(end < 0 ? answer.last : answer.last.substring(0, end)))
                    .text("NextUploadIdMarker", end < 0 ? "" : answer.last.substring(end + 1));
        }
        common(question, answer, xml);
        for (Scan.Found found : answer.found) {
            upload(exchange, question, found, xml);
        }
        groups(question, answer, xml);
        exchange.sendXml(xml.close("ListMultipartUploadsResult"));
    }

    private static void upload(
            Exchange exchange, Question question, Scan.Found found, XmlWriter xml) {
        UploadEntry upload = UploadEntry.CODEC.fromBytes(found.entry());
        int end = found.key().lastIndexOf('\0');
        xml.open("Upload")
                .text("Key", question.name(found.key().substring(0, end)))
                .text("UploadId", found.key().substring(end + 1));
        BucketOperations.owner(exchange, "Initiator", xml);
        BucketOperations.owner(exchange, "Owner", xml);
        xml.text("StorageClass", "STANDARD")
                .text("Initiated", Timestamps.xml(upload.initiatedMillis()))
                .close("Upload");
    }
}
