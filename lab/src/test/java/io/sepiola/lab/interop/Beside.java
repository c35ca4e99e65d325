package io.sepiola.lab.interop;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What was done at a genuine Ceph and at ours, at the same time. */
record Beside<T>(T genuine, T ours) {
    /** Does both; returns when both have ended, and fails when either does. */
    static <T> Beside<T> both(Callable<T> genuine, Callable<T> ours) {
        Future<T> there;
        Future<T> here;
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            there = threads.submit(genuine);
            here = threads.submit(ours);
        }
        return new Beside<>(result(there, "genuine"), result(here, "ours"));
    }

    private static <T> T result(Future<T> future, String which) {
        if (future.state() == Future.State.FAILED) {
            throw new AssertionError(which, future.exceptionNow());
        }
        return future.resultNow();
    }
}
