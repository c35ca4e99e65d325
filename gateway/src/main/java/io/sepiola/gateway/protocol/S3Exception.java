package io.sepiola.gateway.protocol;

/** The request is answered with one of S3's errors. */
public final class S3Exception extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final S3Error error;
    private final String region;

    /** With the error's usual message. */
    public S3Exception(S3Error error) {
        this(error, error.message());
    }

    /** The message is for the client. */
    public S3Exception(S3Error error, String message) {
        this(error, message, "");
    }

    private S3Exception(S3Error error, String message, String region) {
        super(message, null, false, false);
        this.error = error;
        this.region = region;
    }

    /** The request was signed for another region than this; clients sign anew for the right one. */
    public static S3Exception ofRegion(S3Error error, String given, String region) {
        return new S3Exception(
                error, "The region '" + given + "' is wrong; expecting '" + region + "'", region);
    }

    /** The region to sign for, or "" when that is not what is wrong. */
    public String region() {
        return region;
    }

    /** Which one. */
    public S3Error error() {
        return error;
    }
}
