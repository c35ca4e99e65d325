package io.sepiola.gateway.service;

import io.sepiola.gateway.protocol.S3Error;
import io.sepiola.gateway.protocol.S3Exception;
import io.sepiola.gateway.protocol.Timestamps;
import io.sepiola.gateway.protocol.XmlReader;
import io.sepiola.gateway.protocol.XmlWriter;
import io.sepiola.gateway.storage.Bucket;
import io.sepiola.gateway.storage.Buckets;
import io.sepiola.gateway.storage.User;
import io.sepiola.gateway.storage.Users;

/** Operations on buckets. */
final class BucketOperations {
    private static final int BODY_BYTES_MAX = 64 << 10;

    private final String region;
    private final Users users;
    private final Buckets buckets;

    BucketOperations(String region, Users users, Buckets buckets) {
        this.region = region;
        this.users = users;
        this.buckets = buckets;
    }

    void list(Exchange exchange) {
        XmlWriter xml = new XmlWriter().root("ListAllMyBucketsResult");
        owner(exchange, "Owner", xml);
        xml.open("Buckets");
        for (Bucket bucket : buckets.list(exchange.account().user())) {
            xml.open("Bucket")
                    .text("Name", bucket.name())
                    .text("CreationDate", Timestamps.xml(bucket.createdMillis()))
                    .close("Bucket");
        }
        exchange.sendXml(xml.close("Buckets").close("ListAllMyBucketsResult"));
    }

    static void owner(Exchange exchange, String element, XmlWriter xml) {
        xml.open(element)
                .text("ID", exchange.account().user())
                .text("DisplayName", exchange.account().displayName())
                .close(element);
    }

    void create(Exchange exchange) {
        ObjectHeaders.checkSupported(exchange.headers());
        byte[] body = exchange.payload().readAll(BODY_BYTES_MAX);
        if (body.length > 0) {
            String location =
                    XmlReader.read(body, "CreateBucketConfiguration").textOf("LocationConstraint");
            if (location != null && !location.isBlank() && !location.strip().equals(region)) {
                throw new S3Exception(S3Error.ILLEGAL_LOCATION_CONSTRAINT);
            }
        }
        User user = users.findOrNull(exchange.account().user());
        if (user == null) {
            throw new S3Exception(S3Error.ACCESS_DENIED);
        }
        String name = exchange.target().bucket();
        buckets.create(name, user.id(), user.bucketCountMax());
        exchange.answer().add("location", "/" + name);
        exchange.sendEmpty(200);
    }

    private Bucket owned(Exchange exchange) {
        return exchange.owned(buckets.find(exchange.target().bucket()));
    }

    void head(Exchange exchange) {
        owned(exchange);
        exchange.answer().add("x-amz-bucket-region", region);
        exchange.sendEmpty(200);
    }

    void delete(Exchange exchange) {
        buckets.delete(owned(exchange));
        exchange.sendEmpty(204);
    }

    /** What clients look at before they do anything: answered as a new bucket of Amazon's would. */
    void getSubresource(Exchange exchange, String subresource) {
        owned(exchange);
        switch (subresource) {
            case "location" -> {
                String location = region.equals("us-east-1") ? "" : region;
                XmlWriter xml = new XmlWriter().root("LocationConstraint");
                exchange.sendXml(xml.raw(location).close("LocationConstraint"));
            }
            case "acl" -> Acl.send(exchange);
            case "versioning" -> sendEmptyDocument(exchange, "VersioningConfiguration");
            case "logging" -> sendEmptyDocument(exchange, "BucketLoggingStatus");
            case "notification" -> sendEmptyDocument(exchange, "NotificationConfiguration");
            case "accelerate" -> sendEmptyDocument(exchange, "AccelerateConfiguration");
            case "requestPayment" ->
                    exchange.sendXml(
                            new XmlWriter()
                                    .root("RequestPaymentConfiguration")
                                    .text("Payer", "BucketOwner")
                                    .close("RequestPaymentConfiguration"));
            case "policy", "policyStatus" -> throw new S3Exception(S3Error.NO_SUCH_BUCKET_POLICY);
            case "cors" -> throw new S3Exception(S3Error.CORS_NOT_FOUND);
            case "lifecycle" -> throw new S3Exception(S3Error.LIFECYCLE_NOT_FOUND);
            case "tagging" -> throw new S3Exception(S3Error.NO_SUCH_TAG_SET);
            case "website" -> throw new S3Exception(S3Error.NO_SUCH_WEBSITE);
            case "encryption" -> throw new S3Exception(S3Error.ENCRYPTION_NOT_FOUND);
            case "object-lock" -> throw new S3Exception(S3Error.OBJECT_LOCK_NOT_FOUND);
            case "publicAccessBlock" ->
                    throw new S3Exception(S3Error.PUBLIC_ACCESS_BLOCK_NOT_FOUND);
            case "ownershipControls" -> throw new S3Exception(S3Error.OWNERSHIP_CONTROLS_NOT_FOUND);
            case "replication" -> throw new S3Exception(S3Error.REPLICATION_NOT_FOUND);
            default -> throw new S3Exception(S3Error.NOT_IMPLEMENTED);
        }
    }

    private static void sendEmptyDocument(Exchange exchange, String root) {
        exchange.sendXml(new XmlWriter().root(root).close(root));
    }

    void putSubresource(Exchange exchange, String subresource) {
        owned(exchange);
        if (!subresource.equals("acl")) {
            throw new S3Exception(S3Error.NOT_IMPLEMENTED);
        }
        Acl.put(exchange);
    }

    void deleteSubresource(Exchange exchange, String subresource) {
        owned(exchange);
        switch (subresource) {
            case "policy",
                    "cors",
                    "lifecycle",
                    "tagging",
                    "website",
                    "encryption",
                    "publicAccessBlock",
                    "ownershipControls",
                    "replication" ->
                    exchange.sendEmpty(204); // there is none
            default -> throw new S3Exception(S3Error.NOT_IMPLEMENTED);
        }
    }
}
