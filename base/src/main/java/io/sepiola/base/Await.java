package io.sepiola.base;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** The one way in which blocking code (on virtual threads, or a test) waits for a stage. */
public final class Await {
    private Await() {}

    /**
     * Waits for the stage.
     *
     * @throws RuntimeException the stage's own failure, when it is unchecked
     * @throws CompletionException around a checked failure, or an interruption
     */
    public static <T> T on(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get();
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            if (cause instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw new CompletionException(cause);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CompletionException(interrupted);
        }
    }
}
