package io.sepiola.lab.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;
import io.sepiola.monitor.Quorum;
import io.sepiola.monitor.ReplicatedLog;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.MonMap;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/**
 * What the monitors rely on, of the log that several of them agree on: of the library's and of the
 * one that the simulator models. Members are called a, b, c...; three begin.
 */
abstract class QuorumContract {
    static final UUID FSID = new UUID(5, 6);
    static final int BEGINNING = 3;
    static final int MEMBERS_MAX = 4;
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String FIRST = "leads"; // what each leader appends first
    private static final String LONG_TAIL = "#" + "-".repeat(16_000);

    /** A member over its lives, as its monitor's shard sees it. */
    final class Member implements Quorum.Listener {
        final int rank;
        private final List<Boolean> told = new CopyOnWriteArrayList<>(); // whether it leads
        private Shard shard;
        private Quorum place;
        private volatile ReplicatedLog led; // while it leads
        private volatile List<String> found = List.of(); // when it began to

        Member(int rank) {
            this.rank = rank;
        }

        String name() {
            return QuorumContract.name(rank);
        }

        void start() {
            shard = shard(name());
            place = place(rank, shard);
            shard.execute(() -> place.join(this));
        }

        void stop() {
            Quorum leaving = place;
            shard.execute(leaving::close);
            pass(Duration.ofMillis(100));
            led = null;
            place = null;
            stopped(rank, shard);
        }

        @Override
        public void leads(ReplicatedLog log) {
            told.add(true);
            found = texts(log.recover());
            led = log;
            log.append(Bytes.utf8(FIRST), version -> {}); // as every monitor does
        }

        @Override
        public void follows() {
            told.add(false);
            led.close();
            led = null;
        }

        boolean leads() {
            return led != null;
        }

        /** Appends, and returns the records that come to be told committed. */
        List<String> append(String... records) {
            List<String> committed = new ArrayList<>();
            ReplicatedLog log = led;
            shard.execute(() -> {
                for (String record : records) {
                    log.append(
                            Bytes.utf8(record),
                            version -> {
                                assertThat(led).as("told while it leads").isSameAs(log);
                                synchronized (committed) {
                                    committed.add(record);
                                }
                            });
                }
            });
            return committed;
        }

        List<Integer> present() {
            ReplicatedLog log = led;
            return log == null ? List.of() : log.present();
        }

        void follow(MonMap map) {
            shard.execute(() -> place.follow(map));
        }
    }

    final List<Member> members = new ArrayList<>();

    QuorumContract() {
        for (int rank = 0; rank < MEMBERS_MAX; rank++) {
            members.add(new Member(rank));
        }
    }

    abstract Shard shard(String name);

    /** The place of a member's next life. */
    abstract Quorum place(int rank, Shard shard);

    /** A life is over. */
    abstract void stopped(int rank, Shard shard);

    /** The disk of a member that does not live. */
    abstract void loseDisk(int rank) throws Exception;

    /** Whether {@code from} is cut off from {@code to}, both ways. */
    abstract void cut(int from, int to, boolean cut);

    abstract void pass(Duration time);

    /** Lets time pass until something is so; whether it came to be. */
    abstract boolean comes(BooleanSupplier condition, Duration within);

    abstract void close() throws Exception;

    @AfterEach
    void end() throws Exception {
        members.stream().filter(member -> member.place != null).forEach(Member::stop);
        close();
    }

    static String name(int rank) {
        return String.valueOf((char) ('a' + rank));
    }

    /** The summary of a log: its records in one line, without what only makes them long. */
    static Bytes summary(ReplicatedLog.Recovered log) {
        return Bytes.utf8(String.join(" ", all(log)));
    }

    private static List<String> all(ReplicatedLog.Recovered log) {
        List<String> all = new ArrayList<>();
        if (!log.snapshot().isEmpty()) {
            all.addAll(Arrays.asList(log.snapshot().toUtf8().split(" ")));
        }
        log.records().forEach(record -> all.add(record.toUtf8().replaceFirst("#.*", "")));
        assertThat(log.version()).isEqualTo(all.size());
        return all;
    }

    /** What the test appended. */
    private static List<String> texts(ReplicatedLog.Recovered log) {
        return all(log).stream().filter(record -> !record.equals(FIRST)).toList();
    }

    static MonMap map(int epoch, int... ranks) {
        List<MonMap.MonInfo> monitors = new ArrayList<>();
        for (int rank : ranks) {
            EntityAddr at = EntityAddr.msgr2(new InetSocketAddress("127.0.0.1", 3300 + rank), 0);
            monitors.add(new MonMap.MonInfo(name(rank), EntityAddrVec.of(at)));
        }
        return MonMap.of(FSID, epoch, Utime.ZERO, monitors);
    }

    private void until(String what, BooleanSupplier condition) {
        assertThat(comes(condition, LONG)).as(what).isTrue();
    }

    private Optional<Member> leader() {
        return members.stream().filter(Member::leads).findFirst();
    }

    private Member awaitLeader() {
        until("somebody leads", () -> leader().isPresent());
        return leader().orElseThrow();
    }

    private void startThree() {
        members.subList(0, BEGINNING).forEach(Member::start);
    }

    private void commit(Member leader, String... records) {
        List<String> committed = leader.append(records);
        until("it is committed", () -> size(committed) == records.length);
        assertThat(committed).containsExactly(records);
    }

    private static int size(List<String> list) {
        synchronized (list) {
            return list.size();
        }
    }

    private List<Member> others(Member leader) {
        return members.subList(0, BEGINNING).stream().filter(one -> one != leader).toList();
    }

    @Test
    void oneLeadsAndTheNextHasAllThatItCommitted() {
        startThree();
        Member first = awaitLeader();
        assertThat(members.stream().filter(Member::leads)).containsExactly(first);
        assertThat(first.found).isEmpty();
        commit(first, "x", "y");
        commit(first, "z");
        until("all are there", () -> first.present().equals(List.of(0, 1, 2)));
        int epoch = first.led.electionEpoch();
        first.stop();
        Member second = awaitLeader();
        assertThat(second.found).containsExactly("x", "y", "z");
        assertThat(second.led.electionEpoch()).isEven().isGreaterThan(epoch);
        commit(second, "after");
        first.start();
        until("it is back", () -> second.present().equals(List.of(0, 1, 2)));
        for (Member member : members) {
            for (int at = 0; at < member.told.size(); at++) {
                assertThat(member.told.get(at)).as("told alternately").isEqualTo(at % 2 == 0);
            }
        }
    }

    @Test
    void aMinorityCommitsNothingAndAnswersNobody() {
        startThree();
        Member first = awaitLeader();
        commit(first, "x");
        ReplicatedLog itsLog = first.led;
        others(first).forEach(other -> cut(first.rank, other.rank, true));
        List<String> lost = first.append("lost");
        until("another leads", () -> others(first).stream().anyMatch(Member::leads));
        assertThat(first.led == null || !itsLog.isLeased())
                .as("who was cut off is sure of nothing when another leads")
                .isTrue();
        Member second = others(first).stream().filter(Member::leads).findFirst().orElseThrow();
        assertThat(second.found).containsExactly("x");
        commit(second, "kept");
        assertThat(lost).isEmpty();
        until("the first leads no more", () -> !first.leads());
        others(first).forEach(other -> cut(first.rank, other.rank, false));
        until("all are there", () -> second.present().equals(List.of(0, 1, 2)));
        pass(Duration.ofMillis(500));
        assertThat(lost).as("not told in a term that ended").isEmpty();
        second.stop();
        assertThat(awaitLeader().found).containsExactly("x", "kept");
    }

    @Test
    void whoMissedMuchCatchesUp() {
        startThree();
        Member first = awaitLeader();
        Member away = others(first).getFirst();
        away.stop();
        List<String> all = new ArrayList<>();
        for (int batch = 0; batch < 5; batch++) { // more than the library keeps one by one
            String[] records = new String[500];
            for (int number = 0; number < records.length; number++) {
                records[number] = batch + "." + number + LONG_TAIL;
                all.add(batch + "." + number);
            }
            commit(first, records);
            first.shard.execute(() -> {
                List<String> sofar = new ArrayList<>(List.of(FIRST));
                sofar.addAll(all);
                first.led.snapshot(sofar.size(), Bytes.utf8(String.join(" ", sofar)));
            });
            pass(Duration.ofMillis(200));
        }
        away.start();
        until("it is back", () -> first.present().equals(List.of(0, 1, 2)));
        commit(first, "after");
        others(first).stream().filter(other -> other != away).forEach(Member::stop);
        commit(first, "with it alone");
        all.addAll(List.of("after", "with it alone"));
        first.stop();
        others(first).stream().filter(other -> other != away).forEach(Member::start);
        Member next = awaitLeader();
        assertThat(next).isSameAs(away);
        assertThat(next.found).isEqualTo(all);
    }

    @Test
    void membersComeAndGo() {
        startThree();
        Member first = awaitLeader();
        commit(first, "x");
        first.follow(map(2, 0, 1, 2, 3));
        pass(Duration.ofSeconds(2));
        assertThat(first.present()).as("it is not there yet").containsExactly(0, 1, 2);
        members.get(3).start();
        until("it counts", () -> first.present().equals(List.of(0, 1, 2, 3)));
        commit(first, "y");
        first.follow(map(3, 1, 2, 3));
        if (first.rank == 0) {
            until("it lets another lead", () -> leader().filter(one -> one != first).isPresent());
        }
        Member second = awaitLeader();
        second.follow(map(3, 1, 2, 3));
        until("ranks are the new map's", () -> second.present().equals(List.of(0, 1, 2)));
        AtomicEnd ended = new AtomicEnd();
        Member a = members.getFirst();
        a.shard.execute(() -> a.place.retire(ended));
        until("nobody needs it any more", () -> ended.over);
        commit(second, "z");
        second.stop();
        Member third = awaitLeader();
        assertThat(third.found).containsExactly("x", "y", "z");
        assertThat(third.rank).isNotZero();
    }

    /** Remembers that it was run. */
    private static final class AtomicEnd implements Runnable {
        private volatile boolean over;

        @Override
        public void run() {
            over = true;
        }
    }

    @Test
    void whoLostItsDiskCountsOnlyWhenItHasTheLogAgain() throws Exception {
        startThree();
        Member first = awaitLeader();
        first.follow(map(1, 0, 1, 2));
        Member forgets = others(first).getFirst();
        Member remembers = others(first).getLast();
        commit(first, "x");
        remembers.stop();
        commit(first, "held by two");
        forgets.stop();
        first.stop();
        loseDisk(forgets.rank);
        forgets.start();
        remembers.start();
        pass(Duration.ofSeconds(8));
        assertThat(leader()).as("neither remembers what was held by two").isEmpty();
        first.start();
        Member next = awaitLeader();
        assertThat(next).as("it alone has everything").isSameAs(first);
        assertThat(next.found).containsExactly("x", "held by two");
        next.follow(map(1, 0, 1, 2));
        until("all are there", () -> next.present().equals(List.of(0, 1, 2)));
        remembers.stop();
        commit(next, "with who forgot");
        next.stop();
        remembers.start();
        Member last = awaitLeader();
        assertThat(last).isSameAs(forgets);
        assertThat(last.found).containsExactly("x", "held by two", "with who forgot");
    }
}
