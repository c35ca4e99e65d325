package io.sepiola.gateway.service;

import io.sepiola.base.Bytes;
import io.sepiola.gateway.auth.Account;
import io.sepiola.gateway.auth.Caller;
import io.sepiola.gateway.auth.ChecksumAlgorithm;
import io.sepiola.gateway.auth.Payload;
import io.sepiola.gateway.http.Headers;
import io.sepiola.gateway.http.HttpRequest;
import io.sepiola.gateway.http.HttpResponse;
import io.sepiola.gateway.protocol.Query;
import io.sepiola.gateway.protocol.S3Error;
import io.sepiola.gateway.protocol.S3Exception;
import io.sepiola.gateway.protocol.XmlWriter;
import io.sepiola.gateway.storage.Bucket;

import org.jspecify.annotations.Nullable;

/**
 * One authenticated request with its answer.
 *
 * @param answer headers that every answer has
 */
record Exchange(
        HttpRequest request,
        HttpResponse response,
        Target target,
        Query query,
        Caller caller,
        Headers answer) {
    Headers headers() {
        return request.headers();
    }

    @Nullable String header(String name) {
        return request.headers().firstOrNull(name);
    }

    Account account() {
        return caller.account();
    }

    String key() {
        return target.key();
    }

    /** Refuses whoever does not own the bucket. */
    Bucket owned(Bucket bucket) {
        String expected = header("x-amz-expected-bucket-owner");
        if (!bucket.owner().equals(account().user())
                || expected != null && !expected.equals(bucket.owner())) {
            throw new S3Exception(S3Error.ACCESS_DENIED);
        }
        return bucket;
    }

    Payload payload() {
        return new Payload(request.headers(), request.body(), caller);
    }

    /** As above, where a checksum in the headers is that of something else. */
    Payload payloadWithoutChecksum() {
        Headers kept = new Headers();
        for (int i = 0; i < request.headers().count(); i++) {
            if (ChecksumAlgorithm.ofHeaderOrNull(request.headers().name(i)) == null) {
                kept.add(request.headers().name(i), request.headers().value(i));
            }
        }
        return new Payload(kept, request.body(), caller);
    }

    void sendXml(XmlWriter xml) {
        response.send(200, answer.add("content-type", "application/xml"), xml.toBytes());
    }

    void sendEmpty(int status) {
        response.send(status, answer, Bytes.EMPTY);
    }
}
