package io.sepiola.gateway.service;

import io.sepiola.gateway.protocol.PercentCode;
import io.sepiola.gateway.protocol.Query;
import io.sepiola.gateway.protocol.S3Error;
import io.sepiola.gateway.protocol.S3Exception;

/** The object that x-amz-copy-source names. */
record CopySource(String bucket, String key) {
    /** Reads {@code /BUCKET/KEY?versionId=null}, percent encoded. */
    static CopySource parse(String header) {
        int question = header.indexOf('?');
        String path = question < 0 ? header : header.substring(0, question);
        if (question >= 0) {
            Subresource.checkVersion(Query.parse(header.substring(question + 1)));
        }
        String bare = path.startsWith("/") ? path.substring(1) : path;
        int slash = bare.indexOf('/');
        boolean encodedSlash = slash < 0;
        if (encodedSlash) { // some clients encode the slash too
            bare = PercentCode.decode(bare, false);
            slash = bare.indexOf('/');
        }
        if (slash <= 0 || slash == bare.length() - 1) {
            throw new S3Exception(
                    S3Error.INVALID_ARGUMENT,
                    "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
        }
        String bucket = bare.substring(0, slash);
        String key = bare.substring(slash + 1);
        if (!encodedSlash) {
            bucket = PercentCode.decode(bucket, false);
            key = PercentCode.decode(key, false);
        }
        if (!Target.isBucketName(bucket)) {
            throw new S3Exception(S3Error.INVALID_BUCKET_NAME);
        }
        Target.checkKey(key);
        return new CopySource(bucket, key);
    }
}
