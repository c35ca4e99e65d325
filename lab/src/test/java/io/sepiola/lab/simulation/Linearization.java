package io.sepiola.lab.simulation;

import io.sepiola.lab.simulation.History.Request;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Looks for an order of one object's requests that explains all answers (Wing and Gong, with Lowe's
 * memory of what was tried): each request takes effect at one moment between question and answer;
 * writes of one client in the order of asking; one without an answer at any moment after its
 * question, or never. The search is bounded; running out of bounds is a failure.
 */
final class Linearization {
    private static final int STATES_MAX = 200_000;

    private final String object;
    private final List<List<Request>> writes = new ArrayList<>(); // by client, as asked
    private final List<Request> reads = new ArrayList<>(); // answered ones, as asked
    private final Set<Position> tried = new HashSet<>();
    private final int[] at; // by client: writes before it are done, or skipped
    private final BitSet readsLeft = new BitSet();
    private int tries;
    private int deepest = -1;
    private String stuck = "";

    private record Position(List<Integer> at, BitSet reads, ObjectState state) {}

    private Linearization(String object, List<Request> all) {
        this.object = object;
        Map<Integer, List<Request>> byClient = new TreeMap<>();
        for (Request request : all) {
            if (!request.isRead()) {
                byClient.computeIfAbsent(request.client, c -> new ArrayList<>()).add(request);
            } else if (request.isAnswered()) {
                reads.add(request);
            }
        }
        writes.addAll(byClient.values());
        at = new int[writes.size()];
        readsLeft.set(0, reads.size());
    }

    /**
     * Checks one object that began as absent.
     *
     * @throws Violation when no order explains the answers
     */
    static void check(String object, List<Request> all) {
        Linearization search = new Linearization(object, all);
        if (!search.extend(ObjectState.ABSENT, 0)) {
            throw search.impossible(all);
        }
    }

    private boolean extend(ObjectState state, int depth) {
        BitSet before = (BitSet) readsLeft.clone();
        int deadline = takeReads(state);
        if (depth > deepest) {
            deepest = depth;
            stuck = describe(state);
        }
        if (isDone()) {
            return true;
        }
        List<Integer> now = new ArrayList<>(at.length);
        for (int place : at) {
            now.add(place);
        }
        if (++tries > STATES_MAX) {
            throw new Violation(
                    "O2", object + ": no order found among " + STATES_MAX + "; " + stuck);
        }
        if (tried.add(new Position(now, (BitSet) readsLeft.clone(), state))) {
            for (int client : candidates(deadline)) {
                if (advance(client, state, depth)) {
                    return true;
                }
            }
        }
        readsLeft.clear();
        readsLeft.or(before);
        return false;
    }

    /**
     * Lets every read see this state that can; taking a read early never does harm.
     *
     * @return the moment before which all others must have been asked
     */
    private int takeReads(ObjectState state) {
        int writesDeadline = History.NEVER;
        for (int client = 0; client < at.length; client++) {
            List<Request> own = writes.get(client);
            for (int i = at[client]; i < own.size(); i++) {
                writesDeadline = Math.min(writesDeadline, own.get(i).answered);
            }
        }
        int deadline = deadline(writesDeadline);
        boolean taken = true;
        while (taken) {
            taken = false;
            for (int i = readsLeft.nextSetBit(0); i >= 0; i = readsLeft.nextSetBit(i + 1)) {
                Request read = reads.get(i);
                if (read.asked < deadline && read.fits(state)) {
                    readsLeft.clear(i);
                    taken = true;
                }
            }
            deadline = deadline(writesDeadline);
        }
        return deadline;
    }

    private int deadline(int writesDeadline) {
        int deadline = writesDeadline;
        for (int i = readsLeft.nextSetBit(0); i >= 0; i = readsLeft.nextSetBit(i + 1)) {
            deadline = Math.min(deadline, reads.get(i).answered);
        }
        return deadline;
    }

    private boolean isDone() {
        for (int client = 0; client < at.length; client++) {
            List<Request> own = writes.get(client);
            for (int i = at[client]; i < own.size(); i++) {
                if (own.get(i).isAnswered()) {
                    return false;
                }
            }
        }
        return readsLeft.isEmpty();
    }

    /** Clients whose next write may be next; as the versions hint, unanswered ones last. */
    private List<Integer> candidates(int deadline) {
        List<Integer> found = new ArrayList<>();
        for (int client = 0; client < at.length; client++) {
            List<Request> own = writes.get(client);
            if (at[client] < own.size() && own.get(at[client]).asked < deadline) {
                found.add(client);
            }
        }
        found.sort(
                Comparator.comparingLong((Integer client) -> {
                    Request next = writes.get(client).get(at[client]);
                    return next.isAnswered() ? next.version : Long.MAX_VALUE;
                }));
        return found;
    }

    private boolean advance(int client, ObjectState state, int depth) {
        Request write = writes.get(client).get(at[client]);
        ObjectState after = state;
        int errno = 0;
        for (Step step : write.steps) {
            errno = step.refusal(after);
            if (errno != 0) {
                after = state;
                break;
            }
            after = step.after(after);
        }
        at[client]++;
        boolean fits =
                !write.isAnswered()
                        || write.errno == errno
                        || write.errno == Workload.ENOSPC; // refused before it was tried
        ObjectState next = write.errno == Workload.ENOSPC ? state : after;
        if (fits && extend(next, depth + 1)) {
            return true;
        }
        if (!write.isAnswered() && extend(state, depth + 1)) { // it never was done
            return true;
        }
        at[client]--;
        return false;
    }

    private String describe(ObjectState state) {
        StringBuilder text = new StringBuilder("furthest at " + state + "; next:");
        for (int client = 0; client < at.length; client++) {
            if (at[client] < writes.get(client).size()) {
                text.append("\n    ").append(writes.get(client).get(at[client]));
            }
        }
        readsLeft.stream().limit(3).forEach(i -> text.append("\n    ").append(reads.get(i)));
        return text.toString();
    }

    private Violation impossible(List<Request> all) {
        StringBuilder text = new StringBuilder();
        int from = Math.max(0, all.size() - 60);
        all.subList(from, all.size()).forEach(r -> text.append("\n    ").append(r));
        return new Violation(
                "O2",
                object + ": no order explains the answers; " + stuck + "\n  requests:" + text);
    }
}
