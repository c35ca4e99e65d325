package io.sepiola.osd.scrub;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.ObjectCleanRegions;
import io.sepiola.protocol.osd.ObjectInfo;
import io.sepiola.protocol.osd.ObjectModDesc;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.PgLogEntry;
import io.sepiola.protocol.osd.ScrubMap;
import io.sepiola.protocol.osd.SnapSet;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;

/**
 * A group whose primary is 0, and what a {@link Scrub} of it finds around it: members that look one
 * object at a time, links that keep their order, writes that wait where they are held. Who goes
 * next is another's choice.
 */
final class ScrubbedGroup implements ScrubEffects, ScrubHost {
    private static final SpgId PG = SpgId.replicated(new PgId(1, 0));

    /** What a member has: sizes by object; a version is as good as a size here. */
    private static final class Member {
        final NavigableMap<HObject, Integer> sizes = new TreeMap<>();
        final Deque<Runnable> inbox = new ArrayDeque<>(); // from the primary, in order
        boolean granted;
    }

    private final IntUnaryOperator choice;
    private final ScrubOptions options;
    private final ScrubSlots slots = new ScrubSlots();
    private final List<Member> members = new ArrayList<>();
    private final Deque<Runnable> toPrimary = new ArrayDeque<>();
    private final List<Runnable> own = new ArrayList<>(); // timers and tasks of the primary
    private final List<HObject> held = new ArrayList<>();
    private final List<Runnable> drained = new ArrayList<>();
    private final ScrubFindings findings = new ScrubFindings();
    private final Scrub scrub = new Scrub(PG, 0, this, findings);
    private final List<String> errors = new ArrayList<>();
    private final Set<HObject> damaged = new HashSet<>();
    private int inFlight;
    private int interval;
    private long tallyBytes;
    private int finished;
    private long countedBytes;
    private long bytesAtFinish;
    private final SortedMap<HObject, EVersion> mended = new TreeMap<>();
    private final SortedMap<HObject, EVersion> wanted = new TreeMap<>();

    ScrubbedGroup(IntUnaryOperator choice, int objects, int replicas, int preemptions) {
        this.choice = choice;
        this.options =
                ScrubOptions.of(
                        Map.of(
                                "osd_scrub_chunk_min", "1",
                                "osd_scrub_chunk_max", "1",
                                "osd_scrub_max_preemptions", Integer.toString(preemptions)));
        for (int osd = 0; osd <= replicas; osd++) {
            Member member = new Member();
            for (int i = 0; i < objects; i++) {
                member.sizes.put(object(i), 10 + i);
            }
            members.add(member);
        }
        tallyBytes = bytes();
    }

    private static HObject object(int number) {
        return new HObject("", "o" + number, "", HObject.HEAD, number, 1, false);
    }

    /** The primary's copy of that object cannot be read, whatever is written to it. */
    ScrubbedGroup damaged(int number) {
        damaged.add(object(number));
        return this;
    }

    private long bytes() {
        return members.getFirst().sizes.values().stream().mapToInt(size -> size).sum();
    }

    // ---- the course of things

    /** Scrubs once, with so many writes, to the end of everything. */
    void run(int writes, boolean intervalEnds) {
        int writesLeft = writes;
        boolean mayEnd = intervalEnds;
        scrub.on(new ScrubEvent.Begin(new ScrubKind(true, false, false, true)), this);
        while (true) {
            List<Runnable> next = new ArrayList<>(own);
            for (Member member : members) {
                if (!member.inbox.isEmpty()) {
                    next.add(member.inbox.peekFirst());
                }
            }
            if (!toPrimary.isEmpty()) {
                next.add(toPrimary.peekFirst());
            }
            int others = next.size();
            boolean busy = !scrub.isIdle();
            int more = (writesLeft > 0 && busy ? 2 : 0) + (mayEnd && busy ? 1 : 0);
            if (others + more == 0) {
                return;
            }
            int chosen = others + more == 1 ? 0 : choice.applyAsInt(others + more);
            if (chosen < others) {
                Runnable task = next.get(chosen);
                if (!own.remove(task)) {
                    members.forEach(member -> member.inbox.remove(task));
                    toPrimary.remove(task);
                }
                task.run();
            } else if (mayEnd && chosen == others + more - 1) {
                mayEnd = false;
                newInterval();
            } else {
                writesLeft--;
                write(object(chosen - others)); // the second may be new
            }
        }
    }

    private void newInterval() {
        interval++;
        inFlight = 0;
        drained.clear();
        for (Member member : members) {
            member.granted = false;
            // What was on its way is done, or not; members agree afterwards.
            member.inbox.clear();
            member.sizes.clear();
            member.sizes.putAll(members.getFirst().sizes);
        }
        scrub.on(new ScrubEvent.IntervalChanged(), this);
        open();
    }

    private void write(HObject object) {
        if (scrub.holds(object)) {
            held.add(object);
            scrub.on(new ScrubEvent.WriteCame(object), this);
            return;
        }
        int before = members.getFirst().sizes.getOrDefault(object, 0);
        int after = before + 100;
        members.getFirst().sizes.put(object, after);
        tallyBytes += 100;
        scrub.counted(object, before == 0 ? 1 : 0, 100);
        scrub.written(changed(object, after));
        inFlight += members.size() - 1;
        for (Member member : members.subList(1, members.size())) {
            member.inbox.addLast(() -> {
                member.sizes.put(object, after);
                answer(this::confirmed);
            });
        }
    }

    private static PgLogEntry changed(HObject object, int size) {
        return new PgLogEntry(
                PgLogEntry.MODIFY,
                object,
                version(size),
                EVersion.ZERO,
                EVersion.ZERO,
                OsdReqId.NONE,
                Utime.ZERO,
                Bytes.EMPTY,
                0,
                ObjectModDesc.NONE,
                List.of(),
                Map.of(),
                ObjectCleanRegions.DIRTY,
                0,
                List.of());
    }

    private static EVersion version(int size) {
        return new EVersion(1, size);
    }

    private void confirmed() {
        if (--inFlight == 0) {
            List<Runnable> tasks = List.copyOf(drained);
            drained.clear();
            tasks.forEach(Runnable::run);
        }
    }

    /** A message to the primary: dropped when it is of an earlier interval. */
    private void answer(Runnable message) {
        int sent = interval;
        toPrimary.addLast(() -> {
            if (sent == interval) {
                message.run();
            }
        });
    }

    /** What must be so whatever the order was. */
    void assertAllIsWell() {
        if (damaged.isEmpty()) {
            assertThat(errors).isEmpty();
        }
        assertThat(mended).as("versions to be had").isEqualTo(wanted);
        assertThat(scrub.isIdle()).isTrue();
        assertThat(slots.taken()).isZero();
        assertThat(members).noneMatch(member -> member.granted);
        assertThat(held).as("writes that wait").isEmpty();
        assertThat(countedBytes).as("counted").isEqualTo(bytesAtFinish);
        assertThat(finished).isEqualTo(interval == 0 ? 1 : finished);
        for (Member member : members) {
            assertThat(member.sizes).isEqualTo(members.getFirst().sizes);
        }
    }

    // ---- effects

    @Override
    public List<Integer> replicas() {
        List<Integer> replicas = new ArrayList<>();
        for (int osd = 1; osd < members.size(); osd++) {
            replicas.add(osd);
        }
        return replicas;
    }

    @Override
    public void askSlot(int osd) {
        Member member = members.get(osd);
        member.inbox.addLast(() -> {
            member.granted = true;
            answer(() -> scrub.on(new ScrubEvent.Granted(osd), this));
        });
    }

    @Override
    public void giveSlot(int osd) {
        Member member = members.get(osd);
        member.inbox.addLast(() -> member.granted = false);
    }

    @Override
    public List<HObject> list(HObject from, int countMax) {
        return members.getFirst().sizes.tailMap(from, true).keySet().stream()
                .limit(countMax)
                .toList();
    }

    @Override
    public void close(int chunk, HObject from, HObject until) {
        Runnable task = () -> scrub.on(new ScrubEvent.Drained(chunk), this);
        if (inFlight == 0) {
            task.run();
        } else {
            drained.add(task);
        }
    }

    @Override
    public void open() {
        List<HObject> waiting = List.copyOf(held);
        held.clear();
        waiting.forEach(this::write);
    }

    @Override
    public void look(HObject from, HObject until, boolean deep) {
        own.add(() -> step(0, from, until, new TreeMap<>()));
        for (int osd : replicas()) {
            members.get(osd).inbox.addLast(() -> step(osd, from, until, new TreeMap<>()));
        }
    }

    /** Looks at the next object; others may go between two. */
    private void step(
            int osd, HObject from, HObject until, SortedMap<HObject, ScrubMap.Entry> found) {
        Member member = members.get(osd);
        HObject object =
                found.isEmpty()
                        ? member.sizes.ceilingKey(from)
                        : member.sizes.higherKey(found.lastKey());
        if (object != null && object.compareTo(until) < 0) {
            int error = osd == 0 && damaged.contains(object) ? ScrubMap.Entry.READ_ERROR : 0;
            found.put(object, entry(object, member.sizes.get(object), error));
            int begun = interval;
            Runnable next =
                    () -> {
                        if (begun == interval) {
                            step(osd, from, until, found);
                        }
                    };
            if (osd == 0) {
                own.add(next);
            } else {
                member.inbox.addLast(next);
            }
            return;
        }
        ScrubEvent looked = new ScrubEvent.Looked(osd, new ScrubMap(found));
        if (osd == 0) {
            scrub.on(looked, this);
        } else {
            answer(() -> scrub.on(looked, this));
        }
    }

    private static ScrubMap.Entry entry(HObject object, int size, int error) {
        ObjectInfo info =
                new ObjectInfo(
                        object,
                        version(size),
                        EVersion.ZERO,
                        OsdReqId.NONE,
                        size,
                        Utime.ZERO,
                        0,
                        0,
                        size,
                        Map.of(),
                        0,
                        Utime.ZERO,
                        -1,
                        -1,
                        0,
                        0,
                        0,
                        Bytes.EMPTY);
        SortedMap<String, Bytes> attrs = new TreeMap<>();
        attrs.put("_", ObjectInfo.CODEC.toBytes(info));
        attrs.put("snapset", SnapSet.CODEC.toBytes(SnapSet.EMPTY));
        int flags = ScrubMap.Entry.DIGEST | ScrubMap.Entry.OMAP_DIGEST | error;
        return new ScrubMap.Entry(size, false, attrs, size, -1, flags, 0, 0, 0, 0);
    }

    @Override
    public void rest(int chunk) {
        own.add(() -> scrub.on(new ScrubEvent.Rested(chunk), this));
    }

    @Override
    public boolean isRecovering(HObject object) {
        return false;
    }

    @Override
    public void log(int level, String text) {
        if (level >= 3) {
            errors.add(text);
        }
    }

    @Override
    public void finished(Result result) {
        finished++;
        countedBytes = result.bytes();
        bytesAtFinish = tallyBytes;
        result.repairs().forEach((object, repair) -> mended.put(object, repair.version()));
        damaged.forEach(
                object -> wanted.put(object, version(members.getFirst().sizes.get(object))));
        assertThat(result.objects()).isEqualTo(members.getFirst().sizes.size());
    }

    @Override
    public void changed() {}

    // ---- the host

    @Override
    public ScrubOptions options() {
        return options;
    }

    @Override
    public ScrubSlots slots() {
        return slots;
    }

    @Override
    public RandomGenerator random() {
        return new SplittableRandom(1);
    }

    @Override
    public void look() {}

    @Override
    public void mended(int count) {}
}
