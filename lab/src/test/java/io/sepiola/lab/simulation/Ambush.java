package io.sepiola.lab.simulation;

import io.sepiola.base.Simulation;
import io.sepiola.messenger.SimulatedNetwork;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.osd.PgStat;
import io.sepiola.protocol.osd.PgState;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Several faults in an order that hurts, laid for the members of the busiest group as they are at
 * that moment: whoever is to be away is away when it matters, and each step waits until the group
 * has come to where the next one hits it. An administrator says at once who is down, so that no
 * time goes by. Owned by the simulation.
 */
final class Ambush {
    /** Which order of faults; A, B and C are the members, A the primary if it matters. */
    enum Kind {
        /**
         * One or two are away; those who are left write on, and mostly end all at once; who was
         * away comes back alone, then the others.
         */
        TURNS,
        /** C is away; A and B write on, and are replaced by C and others, whom they reach late. */
        REPLACED,
        /** A logs what the others never hear of, ends, and comes back when they have gone on. */
        STRAGGLER,
        /** B alone has what was logged last, and comes back when nothing else was written since. */
        QUIET_RETURN,
        /** A is alone, and what it tells the monitors is late; it ends, and the others are back. */
        UNHEARD,
        /** All lose power at once, and A stays away. */
        POWER,
        /** A stops being the primary, and what it once sent to C comes when another leads. */
        DEMOTED,
        /** B lacks objects, nobody may give them to it, and A ends. */
        UNMENDED,
        /** A is cut off together with a client, who reads when the others have gone on. */
        CUT_OFF,
        /** Whoever is the primary ends and is back within milliseconds, several times. */
        FLAPS
    }

    private static final Duration POLL = Duration.ofMillis(10);
    private static final int POLLS_MAX = 800;
    private static final int MEMBERS = 3;
    private static final int READS_OF_ALL = 2;
    private static final int SLOW_DISK = 400;

    private final Simulation.SimulatedShard shard;
    private final SimulatedNetwork network;
    private final SimulatedCluster cluster;
    private final List<Workload> workloads;
    private final RandomGenerator random;
    private final Kind kind;
    private final Set<Integer> away = new LinkedHashSet<>();
    private final List<Runnable> undo = new ArrayList<>();
    private PgId group = new PgId(SimulatedCluster.POOL_ID, 0);
    private boolean over;

    /** Not yet laid. */
    Ambush(
            Fault.Laid fault,
            Simulation.SimulatedShard shard,
            SimulatedNetwork network,
            SimulatedCluster cluster,
            List<Workload> workloads) {
        this.kind = fault.kind();
        this.random = new SplittableRandom(fault.seed());
        this.shard = shard;
        this.network = network;
        this.cluster = cluster;
        this.workloads = workloads;
    }

    /** Begins as soon as some group has all its members. */
    void begin() {
        when(
                () -> busiestOrNull() != null,
                () -> {
                    PgStat busiest = busiestOrNull();
                    if (busiest != null) {
                        strike(busiest.acting());
                    }
                });
    }

    /** Nothing more goes wrong; everybody is back. */
    void end() {
        over = true;
        undoAll();
    }

    private void undoAll() {
        List.copyOf(undo).forEach(Runnable::run);
        undo.clear();
        back(List.copyOf(away));
    }

    private @Nullable PgStat busiestOrNull() {
        PgStat busiest = null;
        for (SimulatedOsd osd : cluster.osds()) {
            for (var entry : osd.groups().entrySet()) {
                PgStat stat = entry.getValue();
                boolean fits =
                        entry.getKey().pool() == SimulatedCluster.POOL_ID
                                && stat.acting().size() == MEMBERS
                                && serves(stat);
                if (fits
                        && (busiest == null
                                || stat.version().version() > busiest.version().version())) {
                    busiest = stat;
                    group = entry.getKey();
                }
            }
        }
        return busiest;
    }

    private static boolean serves(PgStat stat) {
        return (stat.state() & PgState.ACTIVE.bit()) != 0
                && (stat.state() & PgState.WAIT.bit()) == 0;
    }

    private void strike(List<Integer> acting) {
        List<Integer> mixed = new ArrayList<>();
        acting.forEach(osd -> mixed.add(random.nextInt(mixed.size() + 1), osd));
        int a = acting.get(0);
        int b = acting.get(1);
        int c = acting.get(2);
        switch (kind) {
            case TURNS -> turns(mixed);
            case REPLACED -> replaced(mixed.getFirst(), mixed.subList(1, MEMBERS));
            case STRAGGLER -> straggler(a, List.of(b, c));
            case QUIET_RETURN -> quietReturn(a, b, c);
            case UNHEARD -> unheard(a, List.of(b, c));
            case POWER -> power(a, List.of(b, c));
            case DEMOTED -> demoted(a, c);
            case UNMENDED -> unmended(a, b);
            case CUT_OFF -> cutOff(a);
            case FLAPS -> flaps(2 + random.nextInt(6));
        }
    }

    // ---- the kinds

    private void turns(List<Integer> members) {
        int count = random.nextInt(cluster.minSize() == 1 ? 2 : 4) == 0 ? 1 : 2;
        List<Integer> first = List.copyOf(members.subList(0, count));
        List<Integer> others = List.copyOf(members.subList(count, MEMBERS));
        boolean othersEnd = count == 1 || random.nextBoolean();
        away(first);
        whenServedWithout(
                first,
                () ->
                        after(
                                100,
                                900,
                                () -> {
                                    if (othersEnd) {
                                        away(others);
                                    }
                                    after(
                                            0,
                                            60,
                                            () -> {
                                                back(first);
                                                after(1_500, 3_000, () -> back(others));
                                            });
                                }));
    }

    private void replaced(int first, List<Integer> others) {
        away(List.of(first));
        whenServedWithout(
                List.of(first),
                () ->
                        after(
                                100,
                                900,
                                () -> {
                                    others.forEach(osd -> slowToOthers(osd, Duration.ofSeconds(3)));
                                    others.forEach(this::out);
                                    back(List.of(first));
                                    after(3_000, 4_000, this::undoAll);
                                }));
    }

    private void straggler(int primary, List<Integer> others) {
        boolean quiet = random.nextInt(3) != 0;
        slowToOthers(primary, Duration.ofSeconds(3));
        after(
                300,
                1_500,
                () -> {
                    if (quiet) {
                        others.forEach(this::keepClientsFrom);
                    }
                    away(List.of(primary));
                    slowToOthers(primary, Duration.ZERO);
                    whenServedWithout(
                            List.of(primary),
                            () ->
                                    after(
                                            0,
                                            quiet ? 50 : 1_500,
                                            () -> {
                                                back(List.of(primary));
                                                when(
                                                        () -> isServed(Set.of(), Set.of(primary)),
                                                        this::undoAll);
                                            }));
                });
    }

    private void quietReturn(int a, int b, int c) {
        slow(a, c, Duration.ofSeconds(2));
        SimulatedStore disk = cluster.osds().get(a).store();
        disk.slow(SLOW_DISK); // it forgets what B keeps
        undo.add(() -> disk.slow(1));
        after(
                100,
                500,
                () -> {
                    keepClientsFrom(a);
                    keepClientsFrom(c);
                    away(List.of(a, b));
                    slow(a, c, Duration.ZERO);
                    back(List.of(a));
                    whenServedWithout(
                            List.of(b),
                            () -> {
                                back(List.of(b));
                                when(() -> isServed(Set.of(), Set.of(b)), this::undoAll);
                            });
                });
    }

    private void unheard(int primary, List<Integer> others) {
        for (int rank = 0; rank < cluster.monitors().count(); rank++) {
            slow(ip(primary), SimulatedMonitors.ip(rank), Duration.ofSeconds(4));
        }
        away(others);
        after(
                300,
                1_200,
                () -> {
                    away(List.of(primary));
                    after(
                            0,
                            60,
                            () -> {
                                back(others);
                                after(1_500, 3_000, this::undoAll);
                            });
                });
    }

    private void power(int primary, List<Integer> others) {
        List<Integer> all = new ArrayList<>(others);
        all.add(primary);
        away(all);
        after(
                0,
                100,
                () -> {
                    back(others);
                    after(1_500, 3_000, this::undoAll);
                });
    }

    private void demoted(int primary, int last) {
        slow(primary, last, Duration.ofSeconds(1));
        after(
                100,
                500,
                () -> {
                    out(primary);
                    after(2_000, 4_000, this::undoAll);
                });
    }

    private void unmended(int a, int b) {
        away(List.of(b));
        whenServedWithout(
                List.of(b),
                () ->
                        after(
                                200,
                                900,
                                () -> {
                                    command(
                                            "{\"prefix\":\"osd set\",\"key\":\"norecover\"}",
                                            "{\"prefix\":\"osd unset\",\"key\":\"norecover\"}");
                                    back(List.of(b));
                                    when(
                                            () -> isServed(Set.of(), Set.of(b)),
                                            () ->
                                                    after(
                                                            200,
                                                            900,
                                                            () -> {
                                                                away(List.of(a));
                                                                after(300, 1_500, this::undoAll);
                                                            }));
                                }));
    }

    private void cutOff(int primary) {
        Workload reader = workloads.get(random.nextInt(workloads.size()));
        List<String> inside = List.of(ip(primary), SimulatedClient.ip(reader.client().id()));
        for (String outside : cluster.hosts().values()) {
            for (String one : inside) {
                if (!inside.contains(outside)) {
                    block(one, outside);
                    block(outside, one);
                }
            }
        }
        command("{\"prefix\":\"osd down\",\"ids\":[\"" + primary + "\"]}", "");
        whenServedWithout(
                List.of(primary),
                () ->
                        after(
                                300,
                                900,
                                () -> {
                                    reader.client()
                                            .shard()
                                            .execute(() -> {
                                                for (int i = 0; i < READS_OF_ALL; i++) {
                                                    reader.readAll();
                                                }
                                            });
                                    after(400, 600, this::undoAll);
                                }));
    }

    private void flaps(int left) {
        PgStat stat = statOrNull();
        if (left > 0 && stat != null && stat.actingPrimary() >= 0) {
            int primary = stat.actingPrimary();
            away(List.of(primary));
            after(1, 40, () -> back(List.of(primary)));
        }
        if (left > 0) {
            after(30, 400, () -> flaps(left - 1));
        }
    }

    // ---- the steps

    private void after(long millisMin, long millisMax, Runnable step) {
        after(Duration.ofMillis(millisMin + random.nextLong(millisMax - millisMin)), step);
    }

    private void after(Duration span, Runnable step) {
        shard.timers()
                .after(
                        span,
                        () -> {
                            if (!over) {
                                step.run();
                            }
                        });
    }

    /** Goes on when it is so, or when it has not become so for long. */
    private void when(BooleanSupplier isSo, Runnable step) {
        when(isSo, step, POLLS_MAX);
    }

    private void when(BooleanSupplier isSo, Runnable step, int pollsLeft) {
        if (isSo.getAsBoolean() || pollsLeft == 0) {
            step.run();
        } else {
            after(POLL, () -> when(isSo, step, pollsLeft - 1));
        }
    }

    private void whenServedWithout(List<Integer> osds, Runnable step) {
        when(() -> isServed(Set.copyOf(osds), Set.of()), step);
    }

    private boolean isServed(Set<Integer> without, Set<Integer> with) {
        for (SimulatedOsd osd : cluster.osds()) {
            PgStat stat = without.contains(osd.id()) ? null : osd.groups().get(group);
            if (stat != null
                    && serves(stat)
                    && stat.acting().stream().noneMatch(without::contains)
                    && stat.acting().containsAll(with)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable PgStat statOrNull() {
        for (SimulatedOsd osd : cluster.osds()) {
            PgStat stat = osd.groups().get(group);
            if (stat != null) {
                return stat;
            }
        }
        return null;
    }

    /** They end, and the map says so. */
    private void away(List<Integer> osds) {
        for (int osd : osds) {
            if (cluster.osds().get(osd).isAlive()) {
                cluster.osds().get(osd).crash();
                away.add(osd);
            }
        }
        for (int osd : osds) {
            command("{\"prefix\":\"osd down\",\"ids\":[\"" + osd + "\"]}", "");
        }
    }

    private void back(List<Integer> osds) {
        for (int osd : osds) {
            if (away.remove(osd)) {
                cluster.osds().get(osd).restart();
            }
        }
    }

    private void out(int osd) {
        command(
                "{\"prefix\":\"osd out\",\"ids\":[\"" + osd + "\"]}",
                "{\"prefix\":\"osd in\",\"ids\":[\"" + osd + "\"]}");
    }

    private void command(String json, String back) {
        cluster.asked(json);
        if (!back.isEmpty()) {
            undo.add(() -> cluster.asked(back));
        }
    }

    private String ip(int osd) {
        return cluster.osds().get(osd).ip();
    }

    private void slowToOthers(int osd, Duration more) {
        for (SimulatedOsd other : cluster.osds()) {
            if (other.id() != osd) {
                slow(osd, other.id(), more);
            }
        }
    }

    private void slow(int from, int to, Duration more) {
        slow(ip(from), ip(to), more);
    }

    /** One way only. */
    private void slow(String from, String to, Duration more) {
        network.slow(from, to, more);
        undo.add(() -> network.slow(from, to, Duration.ZERO));
    }

    private void keepClientsFrom(int osd) {
        for (SimulatedClient client : cluster.clients()) {
            block(SimulatedClient.ip(client.id()), ip(osd));
        }
    }

    private void block(String from, String to) {
        network.block(from, to);
        undo.add(() -> network.unblock(from, to));
    }
}
