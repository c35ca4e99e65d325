package io.sepiola.gateway.service;

import io.sepiola.base.Clock;
import io.sepiola.base.Malformed;
import io.sepiola.client.RadosException;
import io.sepiola.gateway.auth.Account;
import io.sepiola.gateway.auth.Authenticator;
import io.sepiola.gateway.auth.Caller;
import io.sepiola.gateway.http.ClientGone;
import io.sepiola.gateway.http.Headers;
import io.sepiola.gateway.http.HttpHandler;
import io.sepiola.gateway.http.HttpRefusal;
import io.sepiola.gateway.http.HttpRequest;
import io.sepiola.gateway.http.HttpResponse;
import io.sepiola.gateway.protocol.Query;
import io.sepiola.gateway.protocol.S3Error;
import io.sepiola.gateway.protocol.S3Exception;
import io.sepiola.gateway.protocol.Timestamps;
import io.sepiola.gateway.protocol.XmlWriter;
import io.sepiola.gateway.storage.BucketIndex;
import io.sepiola.gateway.storage.Buckets;
import io.sepiola.gateway.storage.DataStore;
import io.sepiola.gateway.storage.Uploads;
import io.sepiola.gateway.storage.User;
import io.sepiola.gateway.storage.Users;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** S3: authenticates each request, finds its operation, and turns failures into S3's errors. */
public final class S3Service implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(S3Service.class);
    private static final int ENOSPC = 28;
    private static final int EDQUOT = 122;

    private final List<String> hostNames;
    private final Clock clock;
    private final Users users;
    private final Buckets buckets;
    private final Authenticator authenticator;
    private final BucketOperations bucketOperations;
    private final ObjectOperations objectOperations;
    private final ListOperations listOperations;
    private final UploadOperations uploadOperations;
    private final String hostId =
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    private final AtomicLong requests = new AtomicLong(ThreadLocalRandom.current().nextLong());

    /** Serves what these keep. */
    public S3Service(
            String region,
            List<String> hostNames,
            Clock clock,
            Users users,
            Buckets buckets,
            BucketIndex index,
            Uploads uploads,
            DataStore data) {
        this.hostNames = hostNames;
        this.clock = clock;
        this.users = users;
        this.buckets = buckets;
        authenticator = new Authenticator(region, clock, this::accountOrNull);
        bucketOperations = new BucketOperations(region, users, buckets);
        objectOperations = new ObjectOperations(clock, buckets, index, data);
        listOperations = new ListOperations(buckets, index);
        uploadOperations = new UploadOperations(clock, buckets, uploads, objectOperations);
    }

    private @Nullable Account accountOrNull(String accessKey) {
        User user = users.findByKeyOrNull(accessKey);
        if (user == null) {
            return null;
        }
        for (User.Key key : user.keys()) {
            if (key.access().equals(accessKey)) {
                return new Account(user.id(), user.displayName(), key.secret(), user.suspended());
            }
        }
        return null;
    }

    @Override
    public void handle(HttpRequest request, HttpResponse response) {
        Headers answer = common(nextId());
        String bucket = "";
        try {
            Target target = Target.of(request, hostNames);
            bucket = target.bucket();
            Query query = Query.parse(request.query());
            Caller caller = authenticator.authenticate(request, target.signedPath(), query);
            dispatch(new Exchange(request, response, target, query, caller, answer));
        } catch (S3Exception refused) {
            if (refused.error() == S3Error.NO_SUCH_BUCKET) {
                buckets.forget(bucket);
            }
            fail(refused, request.path(), answer, response);
        } catch (RadosException failure) {
            fail(ofRados(failure, request), request.path(), answer, response);
        } catch (ClientGone | HttpRefusal nobodyToAnswerSo) {
            throw nobodyToAnswerSo;
        } catch (Malformed | IllegalStateException | CompletionException failure) {
            LOG.error("{} {} failed", request.method(), request.path(), failure);
            fail(new S3Exception(S3Error.INTERNAL_ERROR), request.path(), answer, response);
        }
    }

    private static S3Exception ofRados(RadosException failure, HttpRequest request) {
        if (failure.errno() == ENOSPC || failure.errno() == EDQUOT) {
            return new S3Exception(S3Error.INSUFFICIENT_STORAGE);
        }
        LOG.error("{} {} failed", request.method(), request.path(), failure);
        return new S3Exception(S3Error.INTERNAL_ERROR);
    }

    private void fail(S3Exception failure, String resource, Headers answer, HttpResponse response) {
        if (response.isStarted()) {
            LOG.info("{}: answer cut off: {}", resource, failure.getMessage());
            return; // the connection is closed, so nobody takes a part for the whole
        }
        S3Error error = failure.error();
        String message = failure.getMessage() == null ? error.message() : failure.getMessage();
        Headers headers = common(answer.get("x-amz-request-id", ""));
        String range = answer.firstOrNull("content-range");
        if (range != null && error == S3Error.INVALID_RANGE) {
            headers.add("content-range", range);
        }
        send(error.status(), error.code(), message, resource, failure.region(), headers, response);
    }

    private Headers common(String id) {
        return new Headers()
                .add("x-amz-request-id", id)
                .add("x-amz-id-2", hostId)
                .add("date", Timestamps.http(clock.now().toEpochMilli()))
                .add("server", "Sepiola");
    }

    private String nextId() {
        return HexFormat.of().withUpperCase().toHexDigits(requests.getAndIncrement());
    }

    private void send(
            int status,
            String code,
            String message,
            String resource,
            String region,
            Headers headers,
            HttpResponse response) {
        XmlWriter xml =
                new XmlWriter()
                        .open("Error")
                        .text("Code", code)
                        .text("Message", message)
                        .text("Resource", resource);
        if (!region.isEmpty()) {
            xml.text("Region", region);
        }
        xml.text("RequestId", headers.get("x-amz-request-id", ""))
                .text("HostId", hostId)
                .close("Error");
        response.send(status, headers.add("content-type", "application/xml"), xml.toBytes());
    }

    @Override
    public void refuse(HttpRefusal refusal, HttpResponse response) {
        Headers headers = common(nextId());
        String message = String.valueOf(refusal.getMessage());
        switch (refusal.status()) {
            case 408 ->
                    send(400, S3Error.REQUEST_TIMEOUT.code(), message, "", "", headers, response);
            case 414 -> send(414, "URITooLong", message, "", "", headers, response);
            case 417 -> send(417, "ExpectationFailed", message, "", "", headers, response);
            case 431 ->
                    send(431, "RequestHeaderSectionTooLarge", message, "", "", headers, response);
            case 505 -> send(505, "HttpVersionNotSupported", message, "", "", headers, response);
            default ->
                    send(400, S3Error.INVALID_REQUEST.code(), message, "", "", headers, response);
        }
    }

    private void dispatch(Exchange exchange) {
        String method = exchange.request().method();
        if (exchange.target().bucket().isEmpty()) {
            if (!method.equals("GET")) {
                throw new S3Exception(S3Error.METHOD_NOT_ALLOWED);
            }
            bucketOperations.list(exchange);
        } else if (exchange.target().key().isEmpty()) {
            ofBucket(exchange, method);
        } else {
            ofObject(exchange, method);
        }
    }

    private void ofBucket(Exchange exchange, String method) {
        String subresource = Subresource.of(exchange.query());
        switch (method) {
            case "GET" -> {
                switch (subresource) {
                    case "" -> listOperations.list(exchange);
                    case "uploads" -> listOperations.listUploads(exchange);
                    default -> bucketOperations.getSubresource(exchange, subresource);
                }
            }
            case "HEAD" -> bucketOperations.head(exchange);
            case "PUT" -> {
                switch (subresource) {
                    case "" -> bucketOperations.create(exchange);
                    default -> bucketOperations.putSubresource(exchange, subresource);
                }
            }
            case "DELETE" -> {
                switch (subresource) {
                    case "" -> bucketOperations.delete(exchange);
                    default -> bucketOperations.deleteSubresource(exchange, subresource);
                }
            }
            case "POST" -> {
                if (!subresource.equals("delete")) {
                    throw new S3Exception(S3Error.NOT_IMPLEMENTED);
                }
                objectOperations.deleteMany(exchange);
            }
            default -> throw new S3Exception(S3Error.METHOD_NOT_ALLOWED);
        }
    }

    private void ofObject(Exchange exchange, String method) {
        String subresource = Subresource.of(exchange.query());
        Subresource.checkVersion(exchange.query());
        switch (method) {
            case "GET" -> {
                switch (subresource) {
                    case "" -> objectOperations.get(exchange);
                    case "uploadId" -> uploadOperations.listParts(exchange);
                    default -> objectOperations.getSubresource(exchange, subresource);
                }
            }
            case "HEAD" -> {
                Subresource.expectNone(subresource);
                objectOperations.head(exchange);
            }
            case "PUT" -> {
                switch (subresource) {
                    case "" -> objectOperations.put(exchange);
                    case "uploadId" -> uploadOperations.putPart(exchange);
                    default -> objectOperations.putSubresource(exchange, subresource);
                }
            }
            case "POST" -> {
                switch (subresource) {
                    case "uploads" -> uploadOperations.create(exchange);
                    case "uploadId" -> uploadOperations.complete(exchange);
                    default -> throw new S3Exception(S3Error.NOT_IMPLEMENTED);
                }
            }
            case "DELETE" -> {
                switch (subresource) {
                    case "" -> objectOperations.delete(exchange);
                    case "uploadId" -> uploadOperations.abort(exchange);
                    default -> throw new S3Exception(S3Error.NOT_IMPLEMENTED);
                }
            }
            default -> throw new S3Exception(S3Error.METHOD_NOT_ALLOWED);
        }
    }
}
