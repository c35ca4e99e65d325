package io.sepiola.monitor;

import io.sepiola.base.Bytes;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * How the consensus library of a monitor speaks to those of the others: questions with answers.
 * Whoever is asked or asks has proved to be a monitor of the cluster. Any thread may call.
 */
public interface Peers {
    /** Answers what others ask. Called on the monitor's shard; must not block. */
    @FunctionalInterface
    interface Service {
        /**
         * A question.
         *
         * @param kind as the library numbers its questions
         * @param answer takes the answer, on any thread; empty bytes say that there is none
         */
        void asked(int kind, Bytes question, Consumer<Bytes> answer);
    }

    /**
     * Asks.
     *
     * @param member by name
     * @return the answer; fails when the other cannot be reached, fails to answer, or the
     *     connection breaks. There is no limit of time.
     */
    CompletableFuture<Bytes> ask(String member, int kind, Bytes question);

    /** Whoever is asked from now on. */
    void serve(Service service);
}
