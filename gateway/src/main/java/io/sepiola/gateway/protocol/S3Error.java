package io.sepiola.gateway.protocol;

/**
 * S3's error codes with their HTTP status and usual message. The code on the wire is {@link #code}.
 */
public enum S3Error {
    ACCESS_DENIED("AccessDenied", 403, "Access Denied"),
    ACCESS_CONTROL_LIST_NOT_SUPPORTED(
            "AccessControlListNotSupported", 400, "The bucket does not allow ACLs"),
    AUTHORIZATION_HEADER_MALFORMED(
            "AuthorizationHeaderMalformed", 400, "The authorization header is malformed."),
    AUTHORIZATION_QUERY_PARAMETERS_ERROR(
            "AuthorizationQueryParametersError",
            400,
            "The authorization parameters are malformed."),
    BAD_DIGEST("BadDigest", 400, "The checksum you specified did not match what we received."),
    BUCKET_ALREADY_EXISTS(
            "BucketAlreadyExists",
            409,
            "The requested bucket name is not available. Please select a different name and try"
                    + " again."),
    BUCKET_NOT_EMPTY("BucketNotEmpty", 409, "The bucket you tried to delete is not empty"),
    CORS_NOT_FOUND("NoSuchCORSConfiguration", 404, "The CORS configuration does not exist"),
    ENCRYPTION_NOT_FOUND(
            "ServerSideEncryptionConfigurationNotFoundError",
            404,
            "The server side encryption configuration was not found"),
    ENTITY_TOO_LARGE(
            "EntityTooLarge", 400, "Your proposed upload exceeds the maximum allowed size"),
    ENTITY_TOO_SMALL(
            "EntityTooSmall", 400, "Your proposed upload is smaller than the minimum allowed size"),
    ILLEGAL_LOCATION_CONSTRAINT(
            "IllegalLocationConstraintException",
            400,
            "The location constraint is not this region."),
    INCOMPLETE_BODY(
            "IncompleteBody",
            400,
            "You did not provide the number of bytes specified by the Content-Length HTTP header"),
    INSUFFICIENT_STORAGE(
            "InsufficientStorage", 507, "The cluster is full. Delete something, or add storage."),
    INTERNAL_ERROR("InternalError", 500, "We encountered an internal error. Please try again."),
    INVALID_ACCESS_KEY_ID(
            "InvalidAccessKeyId",
            403,
            "The AWS Access Key Id you provided does not exist in our records."),
    INVALID_ARGUMENT("InvalidArgument", 400, "Invalid Argument"),
    INVALID_BUCKET_NAME("InvalidBucketName", 400, "The specified bucket is not valid."),
    INVALID_DIGEST("InvalidDigest", 400, "The Content-MD5 you specified is not valid."),
    INVALID_PART(
            "InvalidPart",
            400,
            "One or more of the specified parts could not be found. The part may not have been"
                + " uploaded, or the specified entity tag may not match the part's entity tag."),
    INVALID_PART_ORDER(
            "InvalidPartOrder",
            400,
            "The list of parts was not in ascending order. The parts list must be specified in"
                    + " order by part number."),
    INVALID_PART_NUMBER("InvalidPartNumber", 416, "The requested partnumber is not satisfiable"),
    INVALID_RANGE("InvalidRange", 416, "The requested range is not satisfiable"),
    INVALID_REQUEST("InvalidRequest", 400, "Invalid Request"),
    INVALID_STORAGE_CLASS(
            "InvalidStorageClass", 400, "The storage class you specified is not valid"),
    INVALID_TOKEN("InvalidToken", 400, "The provided token is malformed or otherwise invalid."),
    INVALID_URI("InvalidURI", 400, "Couldn't parse the specified URI."),
    KEY_TOO_LONG("KeyTooLongError", 400, "Your key is too long"),
    LIFECYCLE_NOT_FOUND(
            "NoSuchLifecycleConfiguration", 404, "The lifecycle configuration does not exist"),
    MALFORMED_TRAILER(
            "MalformedTrailerError",
            400,
            "The request contained trailing data that was not well-formed or did not conform to our"
                    + " published schema."),
    MALFORMED_XML(
            "MalformedXML",
            400,
            "The XML you provided was not well-formed or did not validate against our published"
                    + " schema"),
    MAX_MESSAGE_LENGTH_EXCEEDED("MaxMessageLengthExceeded", 400, "Your request was too big."),
    METADATA_TOO_LARGE(
            "MetadataTooLarge",
            400,
            "Your metadata headers exceed the maximum allowed metadata size"),
    METHOD_NOT_ALLOWED(
            "MethodNotAllowed", 405, "The specified method is not allowed against this resource."),
    MISSING_CONTENT_LENGTH(
            "MissingContentLength", 411, "You must provide the Content-Length HTTP header."),
    NO_SUCH_BUCKET("NoSuchBucket", 404, "The specified bucket does not exist"),
    NO_SUCH_BUCKET_POLICY("NoSuchBucketPolicy", 404, "The bucket policy does not exist"),
    NO_SUCH_KEY("NoSuchKey", 404, "The specified key does not exist."),
    NO_SUCH_TAG_SET("NoSuchTagSet", 404, "The TagSet does not exist"),
    NO_SUCH_UPLOAD(
            "NoSuchUpload",
            404,
            "The specified upload does not exist. The upload ID may be invalid, or the upload may"
                    + " have been aborted or completed."),
    NO_SUCH_VERSION("NoSuchVersion", 404, "The specified version does not exist."),
    NO_SUCH_WEBSITE(
            "NoSuchWebsiteConfiguration",
            404,
            "The specified bucket does not have a website configuration"),
    NOT_IMPLEMENTED(
            "NotImplemented",
            501,
            "A header or query you provided implies functionality that is not implemented."),
    OBJECT_LOCK_NOT_FOUND(
            "ObjectLockConfigurationNotFoundError",
            404,
            "Object Lock configuration does not exist for this bucket"),
    OWNERSHIP_CONTROLS_NOT_FOUND(
            "OwnershipControlsNotFoundError", 404, "The bucket ownership controls were not found"),
    PRECONDITION_FAILED(
            "PreconditionFailed",
            412,
            "At least one of the pre-conditions you specified did not hold"),
    PUBLIC_ACCESS_BLOCK_NOT_FOUND(
            "NoSuchPublicAccessBlockConfiguration",
            404,
            "The public access block configuration was not found"),
    REPLICATION_NOT_FOUND(
            "ReplicationConfigurationNotFoundError",
            404,
            "The replication configuration was not found"),
    REQUEST_TIME_TOO_SKEWED(
            "RequestTimeTooSkewed",
            403,
            "The difference between the request time and the server's time is too large."),
    REQUEST_TIMEOUT(
            "RequestTimeout",
            400,
            "Your socket connection to the server was not read from or written to within the"
                    + " timeout period."),
    SIGNATURE_DOES_NOT_MATCH(
            "SignatureDoesNotMatch",
            403,
            "The request signature we calculated does not match the signature you provided. Check"
                    + " your key and signing method."),
    SLOW_DOWN("SlowDown", 503, "Please reduce your request rate."),
    TOO_MANY_BUCKETS(
            "TooManyBuckets", 400, "You have attempted to create more buckets than allowed"),
    CONTENT_SHA256_MISMATCH(
            "XAmzContentSHA256Mismatch",
            400,
            "The provided 'x-amz-content-sha256' header does not match what was computed.");

    private final String code;
    private final int status;
    private final String message;

    S3Error(String code, int status, String message) {
        this.code = code;
        this.status = status;
        this.message = message;
    }

    /** As in the XML. */
    public String code() {
        return code;
    }

    /** HTTP's. */
    public int status() {
        return status;
    }

    /** When there is nothing better to say. */
    public String message() {
        return message;
    }
}
