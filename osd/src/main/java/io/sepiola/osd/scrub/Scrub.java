package io.sepiola.osd.scrub;

import io.sepiola.base.Mark;
import io.sepiola.osd.peering.Entries;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.InconsistentObject;
import io.sepiola.protocol.osd.ObjectInfo;
import io.sepiola.protocol.osd.PgLogEntry;
import io.sepiola.protocol.osd.ScrubMap;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The course of a scrub, on the primary: slots of all members, then chunk after chunk: writes to it
 * wait, all members tell what they have, what they told is compared. A client's write interrupts a
 * chunk, which is done again, smaller, later; after some interruptions writes wait. Owned by the
 * group.
 */
public final class Scrub {
    private static final int DEBUG = 0;
    private static final int ERROR = 4;
    private static final int LINE_COUNT_MAX = 1000;

    private sealed interface Phase {
        /** Nothing goes on. */
        record Idle() implements Phase {}

        /** Members are asked for slots. */
        record Reserving(ScrubKind kind, List<Integer> replicas, SortedSet<Integer> awaited)
                implements Phase {}

        /** The chunk is closed; writes before that are on their way to disks. */
        record Draining(Job job, Chunk chunk) implements Phase {}

        /** Members look through the chunk. */
        record Looking(Job job, Chunk chunk, SortedMap<Integer, ScrubMap> maps, boolean interrupted)
                implements Phase {}

        /** Between two chunks. */
        record Resting(Job job, int chunk, HObject next) implements Phase {}
    }

    private record Chunk(int number, HObject from, HObject until, List<HObject> objects) {}

    /** What a scrub has come to so far. */
    private static final class Job {
        final ScrubKind kind;
        final List<Integer> replicas;
        final SortedMap<HObject, ScrubEffects.Repair> repairs = new TreeMap<>();
        HObject reached = HObject.MIN;
        int chunkMax;
        int preemptions;
        int shallowErrors;
        int deepErrors;
        int missing;
        int inconsistent;
        int passedOver;
        int lines;
        long objects;
        long bytes;

        Job(ScrubKind kind, List<Integer> replicas, int chunkMax) {
            this.kind = kind;
            this.replicas = replicas;
            this.chunkMax = chunkMax;
        }
    }

    private final SpgId pg;
    private final int self;
    private final ScrubHost host;
    private final ScrubFindings findings;
    private Phase phase = new Phase.Idle();
    private int lastChunk;

    /** Idle. */
    public Scrub(SpgId pg, int self, ScrubHost host, ScrubFindings findings) {
        this.pg = pg;
        this.self = self;
        this.host = host;
        this.findings = findings;
    }

    /** Whether nothing goes on, not even the asking for slots. */
    public boolean isIdle() {
        return phase instanceof Phase.Idle;
    }

    /** What is being done to objects; null when nothing is. */
    public @Nullable ScrubKind runningOrNull() {
        Job job = jobOrNull();
        return job == null ? null : job.kind;
    }

    /** Whether a client's write of that object has to wait. */
    public boolean holds(HObject object) {
        return switch (phase) {
            case Phase.Idle _, Phase.Reserving _, Phase.Resting _ -> false;
            case Phase.Draining p -> isWithin(p.chunk, object);
            case Phase.Looking p -> !p.interrupted && isWithin(p.chunk, object);
        };
    }

    private static boolean isWithin(Chunk chunk, HObject object) {
        return object.compareTo(chunk.from) >= 0 && object.compareTo(chunk.until) < 0;
    }

    /** A write changed how many objects there are, and how large: those behind us are counted. */
    public void counted(HObject object, long objects, long bytes) {
        Job job = jobOrNull();
        if (job != null && object.compareTo(job.reached) < 0) {
            job.objects += objects;
            job.bytes += bytes;
        }
    }

    /** A change of an object was logged: the good copies have it now, or there are none. */
    public void written(PgLogEntry entry) {
        Job job = jobOrNull();
        if (job != null && Entries.changes(entry)) {
            job.repairs.computeIfPresent(
                    entry.object(),
                    (_, repair) ->
                            Entries.deletes(entry)
                                    ? null
                                    : new ScrubEffects.Repair(entry.version(), repair.bad()));
        }
    }

    private @Nullable Job jobOrNull() {
        return switch (phase) {
            case Phase.Idle _, Phase.Reserving _ -> null;
            case Phase.Draining p -> p.job;
            case Phase.Looking p -> p.job;
            case Phase.Resting p -> p.job;
        };
    }

    /** Something happened. */
    public void on(ScrubEvent event, ScrubEffects out) {
        if (event instanceof ScrubEvent.IntervalChanged) {
            abandon();
            return;
        }
        phase =
                switch (phase) {
                    case Phase.Idle p -> inIdle(p, event, out);
                    case Phase.Reserving p -> inReserving(p, event, out);
                    case Phase.Draining p -> inDraining(p, event, out);
                    case Phase.Looking p -> inLooking(p, event, out);
                    case Phase.Resting p -> inResting(p, event, out);
                };
    }

    /** Members forget with the interval what they had granted. */
    private void abandon() {
        if (!isIdle()) {
            host.slots().give();
            phase = new Phase.Idle();
        }
        findings.forget();
    }

    private Phase inIdle(Phase.Idle p, ScrubEvent event, ScrubEffects out) {
        return switch (event) {
            case ScrubEvent.Begin(ScrubKind kind) -> begin(kind, out);
            case ScrubEvent.Granted(int from) -> {
                Mark.hit("a slot was granted that nobody waits for");
                out.giveSlot(from);
                yield p;
            }
            case ScrubEvent.Rejected _, ScrubEvent.Drained _, ScrubEvent.Looked _ -> p; // late
            case ScrubEvent.WriteCame _, ScrubEvent.Rested _ -> p; // late
            case ScrubEvent.IntervalChanged _ -> p; // handled before
        };
    }

    private Phase begin(ScrubKind kind, ScrubEffects out) {
        if (!host.slots().take(host.options().maxScrubs())) {
            return phase;
        }
        List<Integer> replicas = List.copyOf(out.replicas());
        replicas.forEach(out::askSlot);
        return replicas.isEmpty()
                ? start(kind, replicas, out)
                : new Phase.Reserving(kind, replicas, new TreeSet<>(replicas));
    }

    private Phase inReserving(Phase.Reserving p, ScrubEvent event, ScrubEffects out) {
        return switch (event) {
            case ScrubEvent.Granted(int from) -> {
                SortedSet<Integer> left = new TreeSet<>(p.awaited);
                left.remove(from);
                yield left.isEmpty()
                        ? start(p.kind, p.replicas, out)
                        : new Phase.Reserving(p.kind, p.replicas, left);
            }
            case ScrubEvent.Rejected(int from) -> {
                for (int osd : p.replicas) {
                    if (osd != from) {
                        out.giveSlot(osd);
                    }
                }
                host.slots().give();
                phase = new Phase.Idle();
                out.changed();
                yield phase;
            }
            case ScrubEvent.Begin _, ScrubEvent.Drained _, ScrubEvent.Looked _ -> p; // late
            case ScrubEvent.WriteCame _, ScrubEvent.Rested _ -> p; // late
            case ScrubEvent.IntervalChanged _ -> p; // handled before
        };
    }

    private Phase start(ScrubKind kind, List<Integer> replicas, ScrubEffects out) {
        out.log(DEBUG, pg + " " + kind.word() + " starts");
        findings.begin();
        Job job = new Job(kind, replicas, host.options().chunkMax());
        Phase next = chunk(job, HObject.MIN, out);
        phase = next;
        out.changed();
        return phase;
    }

    /** Closes the next chunk. */
    private Phase chunk(Job job, HObject from, ScrubEffects out) {
        List<HObject> objects = new ArrayList<>(out.list(from, job.chunkMax + 1));
        HObject until = HObject.MAX;
        if (objects.size() > job.chunkMax) {
            until = objects.removeLast();
        }
        Chunk chunk = new Chunk(++lastChunk, from, until, objects);
        phase = new Phase.Draining(job, chunk);
        out.close(chunk.number, from, until);
        return phase; // Drained may have come already
    }

    private Phase inDraining(Phase.Draining p, ScrubEvent event, ScrubEffects out) {
        return switch (event) {
            case ScrubEvent.Drained(int number) when number == p.chunk.number -> {
                phase = new Phase.Looking(p.job, p.chunk, new TreeMap<>(), false);
                out.look(p.chunk.from, p.chunk.until, p.job.kind.deep());
                yield phase;
            }
            case ScrubEvent.WriteCame _ when mayInterrupt(p.job) -> {
                interrupted(p.job);
                phase = new Phase.Resting(p.job, p.chunk.number, p.chunk.from);
                out.open();
                out.rest(p.chunk.number);
                yield phase;
            }
            case ScrubEvent.WriteCame _, ScrubEvent.Drained _ -> p; // it waits; or late
            case ScrubEvent.Begin _, ScrubEvent.Granted _, ScrubEvent.Rejected _ -> p; // late
            case ScrubEvent.Looked _, ScrubEvent.Rested _ -> p; // late
            case ScrubEvent.IntervalChanged _ -> p; // handled before
        };
    }

    private boolean mayInterrupt(Job job) {
        return job.preemptions < host.options().preemptionCountMax();
    }

    private void interrupted(Job job) {
        Mark.hit("a client's write interrupts a scrub");
        job.preemptions++;
        job.chunkMax = Math.max(host.options().chunkMin(), job.chunkMax / 2);
    }

    private Phase inLooking(Phase.Looking p, ScrubEvent event, ScrubEffects out) {
        return switch (event) {
            case ScrubEvent.Looked(int from, ScrubMap map) -> looked(p, from, map, out);
            case ScrubEvent.WriteCame _ when !p.interrupted && mayInterrupt(p.job) -> {
                interrupted(p.job);
                phase = new Phase.Looking(p.job, p.chunk, p.maps, true);
                out.open();
                yield phase;
            }
            case ScrubEvent.WriteCame _ -> p; // it waits
            case ScrubEvent.Begin _, ScrubEvent.Granted _, ScrubEvent.Rejected _ -> p; // late
            case ScrubEvent.Drained _, ScrubEvent.Rested _ -> p; // late
            case ScrubEvent.IntervalChanged _ -> p; // handled before
        };
    }

    private Phase looked(Phase.Looking p, int from, ScrubMap map, ScrubEffects out) {
        if (from != self && !p.job.replicas.contains(from)) {
            return p;
        }
        p.maps.put(from, map);
        if (p.maps.size() <= p.job.replicas.size()) {
            return p;
        }
        HObject next = p.chunk.from;
        if (!p.interrupted) {
            compare(p.job, p.maps, out);
            p.job.reached = p.chunk.until;
            next = p.chunk.until;
        }
        boolean last = next.isMax();
        phase = last ? new Phase.Idle() : new Phase.Resting(p.job, p.chunk.number, next);
        if (last) {
            finish(p.job, out); // before writes go on, which nobody would count
        }
        if (!p.interrupted) {
            out.open();
        }
        if (!last) {
            out.rest(p.chunk.number);
        }
        return phase;
    }

    private Phase inResting(Phase.Resting p, ScrubEvent event, ScrubEffects out) {
        return switch (event) {
            case ScrubEvent.Rested(int number) when number == p.chunk -> chunk(p.job, p.next, out);
            case ScrubEvent.Begin _, ScrubEvent.Granted _, ScrubEvent.Rejected _ -> p; // late
            case ScrubEvent.Drained _, ScrubEvent.Looked _, ScrubEvent.WriteCame _ -> p; // late
            case ScrubEvent.Rested _ -> p; // late
            case ScrubEvent.IntervalChanged _ -> p; // handled before
        };
    }

    // ---- comparing

    private void compare(Job job, SortedMap<Integer, ScrubMap> maps, ScrubEffects out) {
        SortedSet<HObject> all = new TreeSet<>();
        maps.values().forEach(map -> all.addAll(map.objects().keySet()));
        List<InconsistentObject> found = new ArrayList<>();
        for (HObject object : all) {
            if (out.isRecovering(object)) {
                Mark.hit("an object is being recovered while it is scrubbed");
                job.passedOver++;
                continue;
            }
            ScrubComparison.Verdict verdict = ScrubComparison.of(pg, object, self, maps);
            job.shallowErrors += verdict.shallowErrors();
            job.deepErrors += verdict.deepErrors();
            for (String line : verdict.lines()) {
                if (job.lines++ < LINE_COUNT_MAX) {
                    out.log(ERROR, line);
                }
            }
            if (verdict.foundOrNull() != null) {
                found.add(verdict.foundOrNull());
            }
            note(job, object, verdict);
        }
        findings.add(found);
    }

    private static void note(Job job, HObject object, ScrubComparison.Verdict verdict) {
        ObjectInfo info = verdict.infoOrNull();
        job.objects++;
        job.bytes += info == null ? 0 : info.size();
        boolean missing = !verdict.missing().isEmpty();
        boolean bad = !verdict.bad().isEmpty();
        job.missing += missing ? 1 : 0;
        job.inconsistent += bad ? 1 : 0;
        if (info != null && !verdict.good().isEmpty() && (missing || bad)) {
            SortedSet<Integer> wrong = new TreeSet<>(verdict.missing());
            wrong.addAll(verdict.bad());
            job.repairs.put(object, new ScrubEffects.Repair(info.version(), wrong));
        }
    }

    private void finish(Job job, ScrubEffects out) {
        job.replicas.forEach(out::giveSlot);
        host.slots().give();
        out.finished(
                new ScrubEffects.Result(
                        job.kind,
                        job.shallowErrors,
                        job.deepErrors,
                        job.objects,
                        job.bytes,
                        job.passedOver == 0,
                        job.repairs,
                        job.missing,
                        job.inconsistent));
    }
}
