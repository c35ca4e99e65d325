package io.sepiola.osd.pg;

import io.sepiola.base.Invariant;
import io.sepiola.protocol.SpgId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Hands out an OSD's few places for groups that recover or are backfilled (osd_max_backfills): to
 * the highest priority first, among equals to who asked first. Who asks with a higher priority than
 * somebody who has a place takes it from him. Owned by the OSD's shard.
 *
 * <p>Never are more places held than there are, and never waits anybody while one is free.
 */
public final class Reserver {
    /** Who asks. Neither is called any more once the place was given back. */
    private record Claim(int priority, Runnable granted, Runnable preempted) {}

    private final int countMax;
    private final Map<SpgId, Claim> held = new LinkedHashMap<>();
    private final Map<SpgId, Claim> waiting = new LinkedHashMap<>();

    /** With so many places. */
    public Reserver(int countMax) {
        this.countMax = countMax;
    }

    /**
     * Asks for a place; what that group asked for or had before is void.
     *
     * @param granted called as soon as there is a place, perhaps at once
     * @param preempted called when another takes the place; it is gone then
     */
    void ask(SpgId group, int priority, Runnable granted, Runnable preempted) {
        held.remove(group);
        waiting.remove(group);
        waiting.put(group, new Claim(priority, granted, preempted));
        share();
    }

    /** The place that a group has or waits for is worth that much from now on. */
    void reprioritize(SpgId group, int priority) {
        reprioritize(held, group, priority);
        reprioritize(waiting, group, priority);
        share();
    }

    private static void reprioritize(Map<SpgId, Claim> claims, SpgId group, int priority) {
        claims.computeIfPresent(
                group, (g, claim) -> new Claim(priority, claim.granted, claim.preempted));
    }

    /** Gives a place, or the wish for one, back. */
    void give(SpgId group) {
        boolean wanted = waiting.remove(group) != null;
        if (held.remove(group) != null || wanted) {
            share();
        }
    }

    private void share() {
        List<Runnable> calls = new ArrayList<>(); // last, since they may ask again
        while (true) {
            SpgId first = firstOrNull();
            Claim claim = first == null ? null : waiting.get(first);
            if (first == null || claim == null) {
                break;
            }
            if (held.size() >= countMax) {
                SpgId last = lowestHeldOrNull();
                Claim lowest = last == null ? null : held.get(last);
                if (last == null || lowest == null || lowest.priority >= claim.priority) {
                    break;
                }
                held.remove(last);
                calls.add(lowest.preempted);
            }
            waiting.remove(first);
            held.put(first, claim);
            calls.add(() -> {
                if (held.get(first) == claim) {
                    claim.granted.run();
                }
            });
        }
        Invariant.that(held.size() <= countMax, "%s places of %s held", held.size(), countMax);
        calls.forEach(Runnable::run);
    }

    private @Nullable SpgId firstOrNull() {
        SpgId first = null;
        int highest = Integer.MIN_VALUE;
        for (Map.Entry<SpgId, Claim> each : waiting.entrySet()) {
            if (each.getValue().priority > highest) {
                highest = each.getValue().priority;
                first = each.getKey();
            }
        }
        return first;
    }

    private @Nullable SpgId lowestHeldOrNull() {
        SpgId lowest = null;
        int priority = Integer.MAX_VALUE;
        for (Map.Entry<SpgId, Claim> each : held.entrySet()) {
            if (each.getValue().priority <= priority) {
                priority = each.getValue().priority;
                lowest = each.getKey(); // of equals the one that has had it least long
            }
        }
        return lowest;
    }

    int heldCount() {
        return held.size();
    }

    int waitingCount() {
        return waiting.size();
    }
}
