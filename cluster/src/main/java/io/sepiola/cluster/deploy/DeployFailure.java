package io.sepiola.cluster.deploy;

/** A step could not be done. The message says why and what to do. */
final class DeployFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DeployFailure(String message) {
        super(message, null, false, false);
    }

    DeployFailure(String message, Throwable cause) {
        super(message, cause, false, false);
    }
}
