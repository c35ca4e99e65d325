package io.sepiola.gateway.storage;

import io.sepiola.client.RadosException;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletionException;

/** The error numbers that mean something here. */
final class Errno {
    static final int ENOENT = 2;
    static final int EEXIST = 17;
    static final int ERANGE = 34;
    static final int ENODATA = 61;
    static final int EOVERFLOW = 75;
    static final int ECANCELED = 125;

    private Errno() {}

    /** The number of a failed stage, 0 when it is none of RADOS. */
    static int of(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof RadosException rados ? rados.errno() : 0;
    }
}
