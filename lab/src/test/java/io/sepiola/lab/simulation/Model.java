package io.sepiola.lab.simulation;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What clients asked for and were told, object by object. The cluster must do writes of one object
 * in the order of asking; one without an answer may have happened or not. A read may overtake
 * writes that were not acknowledged when it was asked for, as Ceph's reads may; what it shows must
 * be the state after some write between those that were acknowledged before it and those that were
 * asked for before its answer, and not before what an earlier read has shown.
 */
final class Model {
    /** No such object. */
    static final int ENOENT = 2;

    /** One request and its answer. */
    static final class Request {
        private final int asked; // when, counted in questions and answers
        private final List<Step> steps; // empty for reads
        private int answered = Integer.MAX_VALUE; // when
        private int errno;
        private @Nullable ObjectState seen; // by a read
        private int rankMin; // of the write after which a read was done

        private Request(int asked, List<Step> steps) {
            this.asked = asked;
            this.steps = steps;
        }

        private boolean isAnswered() {
            return answered != Integer.MAX_VALUE;
        }

        @Override
        public String toString() {
            return "at "
                    + asked
                    + ' '
                    + (steps.isEmpty() ? "read" : steps)
                    + (isAnswered()
                            ? ", at " + answered + " answered " + (seen == null ? errno : seen)
                            : ", unanswered");
        }
    }

    private final Map<String, List<Request>> requests = new TreeMap<>();
    private final Map<String, Integer> lastAcknowledged = new TreeMap<>();
    private int moment;
    private int open;

    Request write(String object, List<Step> steps) {
        return add(object, List.copyOf(steps));
    }

    Request read(String object) {
        return add(object, List.of());
    }

    private Request add(String object, List<Step> steps) {
        Request request = new Request(++moment, steps);
        requests.computeIfAbsent(object, any -> new ArrayList<>()).add(request);
        open++;
        return request;
    }

    void written(String object, Request request, int errno) {
        answered(object, request);
        request.errno = errno;
        if (errno == 0) {
            Integer last = lastAcknowledged.put(object, request.asked);
            if (last != null && last > request.asked) {
                throw new Violation(
                        object + ": " + request + ", later than what was asked at " + last);
            }
        }
    }

    void seen(String object, Request request, ObjectState state) {
        answered(object, request);
        request.seen = state;
    }

    private void answered(String object, Request request) {
        if (request.isAnswered()) {
            throw new Violation(object + ": a second answer to " + request);
        }
        request.answered = ++moment;
        open--;
    }

    /** Requests without an answer. */
    int open() {
        return open;
    }

    List<String> objects() {
        return new ArrayList<>(requests.keySet());
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

    /** States that the object may be in after everything that was asked. */
    Set<ObjectState> check(String object) {
        List<Request> writes = new ArrayList<>();
        List<Request> reads = new ArrayList<>();
        for (Request request : requests.getOrDefault(object, List.of())) {
            (request.steps.isEmpty() ? reads : writes).add(request);
        }
        List<Set<ObjectState>> states = new ArrayList<>(); // by the number of writes before
        states.add(Set.of(ObjectState.ABSENT));
        for (Request write : writes) {
            Set<ObjectState> after = new LinkedHashSet<>();
            states.getLast().forEach(state -> advance(write, state, after));
            if (after.isEmpty()) {
                throw impossible(object, write);
            }
            states.add(after);
        }
        for (Request read : reads) {
            if (read.isAnswered()) {
                place(object, read, reads, writes, states);
            }
        }
        Set<ObjectState> last = new LinkedHashSet<>(states.getLast());
        for (Request read : reads) {
            if (read.isAnswered() && read.rankMin == writes.size()) {
                last.removeIf(state -> !state.equals(read.seen));
            }
        }
        return last;
    }

    private void place(
            String object,
            Request read,
            List<Request> reads,
            List<Request> writes,
            List<Set<ObjectState>> states) {
        int first = 0;
        int end = 0;
        for (int rank = 1; rank <= writes.size(); rank++) {
            Request write = writes.get(rank - 1);
            first = write.answered < read.asked && write.errno == 0 ? rank : first;
            end = write.asked < read.answered ? rank : end;
        }
        for (Request earlier : reads) {
            first = earlier.answered < read.asked ? Math.max(first, earlier.rankMin) : first;
        }
        for (int rank = first; rank <= end; rank++) {
            if (states.get(rank).contains(read.seen)) {
                read.rankMin = rank;
                return;
            }
        }
        throw impossible(object, read);
    }

    private Violation impossible(String object, Request request) {
        return new Violation(
                object + ": impossible: " + request + "\n  requests:" + history(object));
    }

    private static void advance(Request write, ObjectState state, Set<ObjectState> possible) {
        ObjectState after = state;
        for (Step step : write.steps) {
            after = after == null ? null : step.appliedOrNull(after);
        }
        if (!write.isAnswered()) {
            possible.add(state);
        }
        if (after == null && write.isAnswered() && write.errno == ENOENT) {
            possible.add(state);
        }
        if (after != null && (!write.isAnswered() || write.errno == 0)) {
            possible.add(after);
        }
    }

    private String history(String object) {
        StringBuilder text = new StringBuilder();
        requests.getOrDefault(object, List.of()).forEach(r -> text.append("\n    ").append(r));
        return text.toString();
    }
}
