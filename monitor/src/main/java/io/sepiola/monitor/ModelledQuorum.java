package io.sepiola.monitor;

import io.sepiola.base.Bytes;
import io.sepiola.base.Invariant;
import io.sepiola.base.Shard;
import io.sepiola.protocol.map.MonMap;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What a consensus library does among several monitors, modelled for simulations: elections, lost
 * quorums, members that lag, leaders that lose what they had not committed. It knows everything at
 * once and decides from one place, on a shard of its own; the members hear of it after a delay. The
 * rules are Raft's:
 *
 * <ul>
 *   <li>A record is committed when a majority has it on disk; the leader is told later.
 *   <li>A leader that does not reach a majority for {@link #LEASE} is deposed, before there is
 *       another.
 *   <li>Who is elected reaches a majority, and has all that any of them has; it brings them to the
 *       same, which is committed then. What reaches beyond its log is forgotten, though the old
 *       leader may have sent it.
 *   <li>The leader brings the members to what the monitors' map says, one at a time, and each only
 *       when everything before is committed. A new one has the whole log before it counts, and so
 *       has one that lost its disk: until then it is as good as dead.
 * </ul>
 *
 * <p>Members have the names a, b, c and so on.
 */
public final class ModelledQuorum {
    private static final Duration CHECK = Duration.ofMillis(100);

    /** How long a leader goes on without a majority; an election takes as long, at most. */
    static final Duration LEASE = Duration.ofSeconds(2);

    private static final long STORE_NANOS_MAX = 3_000_000;
    private static final long TELL_NANOS_MAX = 1_000_000;

    /** Which member hears which other; the network's cuts, as the simulation knows them. */
    @FunctionalInterface
    public interface Links {
        /** Whether what {@code from} sends reaches {@code to}, by rank. */
        boolean reaches(int from, int to);
    }

    private final Shard shard;
    private final RandomGenerator random;
    private final Links links;
    private final List<Member> members = new ArrayList<>();
    private final SortedSet<Integer> voters = new TreeSet<>(); // ranks of those that count
    private @Nullable MonMap wantedOrNull; // as the leader was told
    private final List<Bytes> records = new ArrayList<>(); // after the snapshot, in order
    private Bytes snapshot = Bytes.EMPTY;
    private long snapshotVersion;
    private long committed;
    private long term;
    private @Nullable Member leaderOrNull;
    private long lonelySinceNanos = -1; // the leader reaches no majority; or there is none
    private long electAfterNanos;

    /**
     * Of that many members, none of which takes part yet.
     *
     * @param shard on which it decides
     */
    public ModelledQuorum(Shard shard, RandomGenerator random, int count, Links links) {
        this(shard, random, count, count, links);
    }

    /**
     * The same, of which only so many begin.
     *
     * @param beginning how many count from the beginning, the first of all
     */
    public ModelledQuorum(
            Shard shard, RandomGenerator random, int count, int beginning, Links links) {
        this.shard = shard;
        this.random = random;
        this.links = links;
        for (int rank = 0; rank < count; rank++) {
            members.add(new Member(rank));
        }
        for (int rank = 0; rank < beginning; rank++) {
            voters.add(rank);
        }
        electAfterNanos = random.nextLong(LEASE.toNanos());
        checkLater();
    }

    /**
     * The place of a member's new life: what it had on disk is still there.
     *
     * @param owner the shard that is told
     */
    public Quorum place(int rank, Shard owner) {
        return new Place(members.get(rank), owner);
    }

    /** The member's disk is lost, between two lives. */
    public void loseDisk(int rank) {
        shard.execute(() -> {
            Member member = members.get(rank);
            Invariant.that(!member.isAlive(), "member %s lives", rank);
            member.stored = 0;
            member.remembers = false;
        });
    }

    /** Which members count, by rank. */
    public List<Integer> members() {
        return List.copyOf(voters);
    }

    /** The rank of the member that leads, or -1. */
    public int leader() {
        Member leader = leaderOrNull;
        return leader == null ? -1 : leader.rank;
    }

    /** The version of the last record that is committed. */
    public long committed() {
        return committed;
    }

    private long head() {
        return snapshotVersion + records.size();
    }

    private Duration within(long nanosMax) {
        return Duration.ofNanos(random.nextLong(nanosMax));
    }

    private void checkLater() {
        shard.timers()
                .after(
                        CHECK,
                        () -> {
                            check();
                            checkLater();
                        });
    }

    private void check() {
        long now = shard.clock().nanos();
        Member leader = leaderOrNull;
        if (leader != null && leader.isAlive() && hasMajority(leader)) {
            lonelySinceNanos = -1;
            catchUp(leader);
            changeMembers(leader);
            return;
        }
        if (lonelySinceNanos < 0) {
            lonelySinceNanos = now;
            electAfterNanos = LEASE.toNanos() + random.nextLong(LEASE.toNanos());
        }
        if (leader != null && (!leader.isAlive() || now - lonelySinceNanos >= LEASE.toNanos())) {
            depose(leader);
        }
        if (leaderOrNull == null && now - lonelySinceNanos >= electAfterNanos) {
            elect();
        }
    }

    private boolean hasMajority(Member member) {
        return 2 * reached(member).stream().filter(Member::counts).count() > voters.size();
    }

    /** One change, if there is one to make and most members have all that came before. */
    private void changeMembers(Member leader) {
        MonMap wanted = wantedOrNull;
        if (wanted == null || committed < head() || !holdsAll(voters)) {
            return;
        }
        for (Member member : members) {
            SortedSet<Integer> after = new TreeSet<>(voters);
            boolean wants = wanted.rank(member.name()) >= 0;
            if (!wants && member != leader && after.remove(member.rank) && holdsAll(after)) {
                voters.remove(member.rank);
                return;
            }
            if (wants && reached(leader).contains(member) && !member.counts()) {
                member.stored = head();
                member.remembers = true;
                voters.add(member.rank);
                return;
            }
        }
        if (wanted.rank(leader.name()) < 0) {
            depose(leader);
        }
    }

    /** Whether most of them have everything. */
    private boolean holdsAll(SortedSet<Integer> ranks) {
        long count = ranks.stream().filter(rank -> members.get(rank).agreed() == head()).count();
        return 2 * count > ranks.size();
    }

    /** The members, itself among them, with which one can speak. */
    private List<Member> reached(Member member) {
        List<Member> reached = new ArrayList<>();
        for (Member other : members) {
            boolean speaks =
                    links.reaches(member.rank, other.rank)
                            && links.reaches(other.rank, member.rank);
            if (other.isAlive() && (other == member || speaks)) {
                reached.add(other);
            }
        }
        return reached;
    }

    private void depose(Member leader) {
        leaderOrNull = null;
        leader.logOrNull = null;
        term++;
        leader.tell(Quorum.Listener::follows);
    }

    private void elect() {
        List<Member> able = new ArrayList<>();
        for (Member member : members) {
            if (member.isAlive()
                    && member.counts()
                    && hasMajority(member)
                    && reached(member).stream()
                            .filter(Member::counts)
                            .allMatch(other -> other.stored <= member.stored)) {
                able.add(member);
            }
        }
        MonMap wanted = wantedOrNull;
        if (wanted != null && able.stream().anyMatch(one -> wanted.rank(one.name()) >= 0)) {
            able.removeIf(one -> wanted.rank(one.name()) < 0);
        }
        if (able.isEmpty()) {
            return;
        }
        Member elected = able.get(random.nextInt(able.size()));
        Invariant.that(
                elected.stored >= committed,
                "member %s has %s records of %s",
                elected.rank,
                elected.stored,
                committed);
        records.subList((int) (elected.stored - snapshotVersion), records.size()).clear();
        members.forEach(member -> member.stored = Math.min(member.stored, elected.stored));
        reached(elected).forEach(member -> member.stored = elected.stored);
        committed = elected.stored;
        term++;
        leaderOrNull = elected;
        lonelySinceNanos = -1;
        Led log = new Led(elected, term);
        elected.logOrNull = log;
        elected.tell(listener -> listener.leads(log));
    }

    /** What was lost on the way is sent again. */
    private void catchUp(Member leader) {
        for (Member member : reached(leader)) {
            if (member.stored < head() && random.nextInt(4) == 0) {
                member.stored = head();
            }
        }
        commit();
    }

    private void append(Led log, Bytes record, LongConsumer told) {
        if (log.term != term) {
            return; // of a leader that does not know yet
        }
        records.add(record);
        long version = head();
        log.untold.addLast(told);
        for (Member member : members) {
            shard.timers().after(within(STORE_NANOS_MAX), () -> store(log, member, version));
        }
    }

    private void store(Led log, Member member, long version) {
        if (log.term != term || !log.member.isAlive() || !reached(log.member).contains(member)) {
            return; // lost on the way
        }
        // Behind one that is under way still: it comes with the next one, or is sent again.
        if (member.stored == version - 1) {
            member.stored = version;
        }
        commit();
    }

    /** What a majority has is committed; the leader hears of it. */
    private void commit() {
        Member leader = leaderOrNull;
        if (leader == null || leader.logOrNull == null) {
            return;
        }
        long[] stored =
                voters.stream().mapToLong(rank -> members.get(rank).agreed()).sorted().toArray();
        committed = Math.max(committed, stored[(stored.length - 1) / 2]);
        leader.logOrNull.tell();
    }

    private final class Member {
        private final int rank;
        private long stored; // everything up to this version is on its disk
        private boolean remembers = true; // not so between the loss of its disk and a leader's help
        private @Nullable Place placeOrNull;
        private @Nullable Led logOrNull; // while it leads

        Member(int rank) {
            this.rank = rank;
        }

        boolean isAlive() {
            return placeOrNull != null;
        }

        String name() {
            return String.valueOf((char) ('a' + rank));
        }

        /** Whether it has a vote. */
        boolean counts() {
            return remembers && voters.contains(rank);
        }

        long agreed() {
            return remembers ? stored : 0;
        }

        void tell(Consumer<Quorum.Listener> what) {
            Place place = placeOrNull;
            if (place != null) {
                place.tell(what);
            }
        }
    }

    private final class Place implements Quorum {
        private final Member member;
        private final Shard owner;
        private @Nullable Listener listenerOrNull;

        Place(Member member, Shard owner) {
            this.member = member;
            this.owner = owner;
        }

        @Override
        public void join(Listener listener) {
            listenerOrNull = listener;
            shard.execute(() -> member.placeOrNull = this);
        }

        void tell(Consumer<Listener> what) {
            owner.execute(() -> {
                Listener listener = listenerOrNull;
                if (listener != null) {
                    what.accept(listener);
                }
            });
        }

        @Override
        public void follow(MonMap map) {
            shard.execute(() -> {
                if (leaderOrNull == member) {
                    wantedOrNull = map;
                }
            });
        }

        @Override
        public void retire(Runnable left) {
            shard.timers()
                    .after(
                            CHECK,
                            () -> {
                                if (voters.contains(member.rank)) {
                                    retire(left);
                                } else {
                                    owner.execute(() -> {
                                        close();
                                        left.run();
                                    });
                                }
                            });
        }

        @Override
        public void close() {
            listenerOrNull = null;
            shard.execute(() -> {
                if (member.placeOrNull == this) {
                    member.placeOrNull = null;
                    if (leaderOrNull == member) {
                        depose(member);
                    }
                }
            });
        }
    }

    /** The log in the hands of a leader. */
    private final class Led implements ReplicatedLog {
        private final Member member;
        private final Shard owner;
        private final long term;
        private final Recovered found;
        private final Deque<LongConsumer> untold = new ArrayDeque<>();
        private long toldVersion;
        private long toldNanos;
        private boolean closed;

        Led(Member member, long term) {
            this.member = member;
            this.owner = Objects.requireNonNull(member.placeOrNull).owner;
            this.term = term;
            this.found = new Recovered(head(), snapshot, records);
            this.toldVersion = head();
        }

        @Override
        public Recovered recover() {
            return found;
        }

        @Override
        public void append(Bytes record, LongConsumer told) {
            Bytes kept = record.detach();
            shard.execute(() -> ModelledQuorum.this.append(this, kept, told));
        }

        void tell() {
            while (toldVersion < committed && !untold.isEmpty()) {
                long version = ++toldVersion;
                LongConsumer told = untold.removeFirst();
                long now = shard.clock().nanos();
                toldNanos = Math.max(toldNanos, now + random.nextLong(TELL_NANOS_MAX));
                shard.timers()
                        .after(
                                Duration.ofNanos(toldNanos - now),
                                () -> owner.execute(() -> hear(version, told)));
            }
        }

        private void hear(long version, LongConsumer told) {
            if (!closed && term == ModelledQuorum.this.term) {
                told.accept(version);
            }
        }

        @Override
        public void snapshot(long version, Bytes state) {
            Bytes kept = state.detach();
            shard.execute(() -> {
                if (term == ModelledQuorum.this.term && version > snapshotVersion) {
                    Invariant.that(version <= committed, "a snapshot of %s", version);
                    records.subList(0, (int) (version - snapshotVersion)).clear();
                    snapshotVersion = version;
                    snapshot = kept;
                }
            });
        }

        @Override
        public int electionEpoch() {
            return (int) (2 * term);
        }

        @Override
        public Optional<String> whyAlone(Supplier<Bytes> state) {
            return Optional.empty();
        }

        @Override
        public List<Integer> present() {
            MonMap map = wantedOrNull;
            return reached(member).stream()
                    .filter(Member::counts)
                    .map(present -> map == null ? present.rank : map.rank(present.name()))
                    .filter(rank -> rank >= 0)
                    .sorted()
                    .toList();
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
