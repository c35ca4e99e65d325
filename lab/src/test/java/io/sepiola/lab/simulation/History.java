package io.sepiola.lab.simulation;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What clients asked for and were told, object by object, in the order in which it happened. Knows
 * nothing of the cluster. Owned by the simulation.
 */
final class History {
    /** Not answered: it may have been done at any time since, may still be, or never will. */
    static final int NEVER = Integer.MAX_VALUE;

    /** One request and its answer. */
    static final class Request {
        final int client;
        final int asked; // when, counted in questions and answers
        final List<Step> steps; // empty for reads
        int answered = NEVER; // when
        int errno;
        long version; // as the answer says; a hint where in the order it belongs
        @Nullable ObjectState seen; // by a read
        Step.@Nullable CompareXattr condition; // of a read

        private Request(int client, int asked, List<Step> steps) {
            this.client = client;
            this.asked = asked;
            this.steps = List.copyOf(steps);
        }

        boolean isRead() {
            return steps.isEmpty();
        }

        /** Whether a read could be answered so in that state. */
        boolean fits(ObjectState state) {
            return errno == Step.ECANCELED
                    ? state.exists() && condition != null && condition.refusal(state) != 0
                    : state.equals(seen);
        }

        boolean isAnswered() {
            return answered != NEVER;
        }

        @Override
        public String toString() {
            String what = isRead() ? "read" : abbreviated(steps.toString());
            String answer =
                    isAnswered()
                            ? ", at " + answered + " answered " + (seen == null ? errno : seen)
                            : ", unanswered";
            return "client " + client + " at " + asked + ' ' + what + answer;
        }

        private static String abbreviated(String text) {
            return text.length() <= 160 ? text : text.substring(0, 160) + "...";
        }
    }

    private final SortedMap<String, List<Request>> requests = new TreeMap<>();
    private int moment;
    private int open;
    private int answers;

    Request write(int client, String object, List<Step> steps) {
        return add(client, object, steps);
    }

    Request read(int client, String object) {
        return add(client, object, List.of());
    }

    private Request add(int client, String object, List<Step> steps) {
        Request request = new Request(client, ++moment, steps);
        requests.computeIfAbsent(object, any -> new ArrayList<>()).add(request);
        open++;
        return request;
    }

    void written(Request request, int errno, long version) {
        answered(request);
        request.errno = errno;
        request.version = version;
    }

    void seen(Request request, ObjectState state) {
        answered(request);
        request.seen = state;
    }

    /** A read was refused, since its condition did not hold. */
    void refused(Request request) {
        answered(request);
        request.errno = Step.ECANCELED;
    }

    private void answered(Request request) {
        if (request.isAnswered()) {
            throw new Violation("O2", "a second answer to " + request);
        }
        request.answered = ++moment;
        open--;
        answers++;
    }

    /** Whoever asked is gone: there will be no answer. */
    void abandon(Request request) {
        if (!request.isAnswered()) {
            open--;
        }
    }

    /** Requests without an answer, of those whom somebody waits for. */
    int open() {
        return open;
    }

    /** Answers given. */
    int answers() {
        return answers;
    }

    List<String> objects() {
        return new ArrayList<>(requests.keySet());
    }

    List<Request> of(String object) {
        return requests.getOrDefault(object, List.of());
    }

    /** The first few requests without an answer, for people. */
    String describeOpen() {
        StringBuilder text = new StringBuilder();
        requests.forEach((object, all) ->
                all.stream()
                        .filter(request -> !request.isAnswered())
                        .limit(2)
                        .forEach(r -> text.append("\n  ").append(object).append(' ').append(r)));
        return text.toString();
    }
}
