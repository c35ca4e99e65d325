package io.sepiola.lab.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Which faults happen when; follows from the seed alone, so that a part of it is named by the seed
 * and the numbers of the faults that are kept.
 */
final class FaultPlan {
    /**
     * One fault.
     *
     * @param at since the load began
     * @param span after which it is taken back
     */
    record Planned(int number, Duration at, Fault fault, Duration span) {
        @Override
        public String toString() {
            return String.format(
                    "#%d at %d ms, for %d ms: %s", number, at.toMillis(), span.toMillis(), fault);
        }
    }

    /** What a plan is about. */
    private enum Mood {
        QUIET,
        NETWORK,
        CRASHES,
        TURNS,
        CLOCKS,
        DISKS,
        ADMIN,
        EVERYTHING
    }

    private static final Duration LOAD = Duration.ofSeconds(20);

    /** In one seed of so many, OSDs that are about to end speak to others late. */
    private static final int LAME_EVERY = 5;

    private final List<Planned> faults;
    private final Duration load;

    private FaultPlan(List<Planned> faults, Duration load) {
        this.faults = List.copyOf(faults);
        this.load = load;
    }

    /** Ambushes follow each other so. */
    private static final long AMBUSH_MILLIS = 5_000;

    private static final Duration AMBUSH_SPAN = Duration.ofSeconds(14);

    /** The plan of a seed. */
    static FaultPlan of(long seed, Setting setting) {
        if (setting.ambushes()) {
            return new Maker(new SplittableRandom(seed ^ 0xa3b05L), setting).ambushes();
        }
        boolean lame = seed % LAME_EVERY == 0;
        FaultPlan plan = new Maker(new SplittableRandom(seed ^ 0x5eed0faL), setting).make(lame);
        List<Planned> all = new ArrayList<>(plan.faults);
        all.addAll(Upkeep.more(seed, setting, plan.faults, plan.load));
        all.sort(Comparator.comparing(Planned::at).thenComparing(Planned::number));
        return new FaultPlan(all, plan.load);
    }

    /** Only the faults of these numbers. */
    FaultPlan keeping(Set<Integer> numbers) {
        return new FaultPlan(
                faults.stream().filter(fault -> numbers.contains(fault.number())).toList(), load);
    }

    List<Planned> faults() {
        return faults;
    }

    /** How long the clients' requests are spread over. */
    Duration load() {
        return load;
    }

    Set<Integer> numbers() {
        return faults.stream().map(Planned::number).collect(Collectors.toSet());
    }

    @Override
    public String toString() {
        return faults.stream().map(fault -> "\n    " + fault).collect(Collectors.joining());
    }

    /** Draws a plan. */
    private static final class Maker {
        private final RandomGenerator random;
        private final Setting setting;
        private final List<Planned> made = new ArrayList<>();
        private Duration load = LOAD;
        private boolean osdJoins;

        Maker(RandomGenerator random, Setting setting) {
            this.random = random;
            this.setting = setting;
        }

        FaultPlan make(boolean lame) {
            Mood mood = Mood.values()[random.nextInt(Mood.values().length)];
            int count =
                    switch (mood) {
                        case QUIET -> random.nextInt(3);
                        case EVERYTHING -> 12 + random.nextInt(20);
                        default -> 3 + random.nextInt(14);
                    };
            for (int i = 0; i < count; i++) {
                if (mood == Mood.TURNS && i % 4 == 0) {
                    inTurns();
                } else {
                    add(fault(mood));
                }
            }
            for (int i = setting.monitors() == 1 ? 0 : random.nextInt(5); i > 0; i--) {
                monitorFault();
            }
            for (int i = lame ? 2 + random.nextInt(3) : 0; i > 0; i--) {
                lameDuck();
            }
            made.sort(Comparator.comparing(Planned::at).thenComparing(Planned::number));
            return new FaultPlan(made, load);
        }

        /** Few faults, and each of them where it hurts; now and then some by chance among them. */
        FaultPlan ambushes() {
            Ambush.Kind[] kinds = Ambush.Kind.values();
            for (long at = 200; at < LOAD.toMillis() - 1_000; at += AMBUSH_MILLIS) {
                Ambush.Kind kind = kinds[random.nextInt(kinds.length)];
                add(
                        at + random.nextLong(800),
                        new Fault.Laid(kind, random.nextLong()),
                        AMBUSH_SPAN);
            }
            for (int i = random.nextInt(3); i > 0; i--) {
                add(random.nextBoolean() ? network() : crash());
            }
            made.sort(Comparator.comparing(Planned::at).thenComparing(Planned::number));
            return new FaultPlan(made, load);
        }

        private void add(Fault fault) {
            add(random.nextLong(LOAD.toMillis()), fault, span(fault));
        }

        private void add(long atMillis, Fault fault, Duration span) {
            made.add(new Planned(made.size(), Duration.ofMillis(atMillis), fault, span));
        }

        /** One is away while the others go on; it comes back when they are away in their turn. */
        private void inTurns() {
            List<Integer> osds = some(setting.osds());
            int away = 1 + random.nextInt(2);
            long at = random.nextLong(LOAD.toMillis() - 8_000);
            long next = at + 500 + random.nextLong(4_000);
            for (int i = 0; i < osds.size() - 1; i++) {
                long begin = i < away ? at + random.nextLong(300) : next + random.nextLong(600);
                long end = i < away ? next + random.nextLong(2_000) : begin + 3_000;
                add(
                        begin,
                        new Fault.Crash(osds.get(i), Fault.Moment.NOW, 1, 1),
                        Duration.ofMillis(end - begin + random.nextLong(3_000)));
            }
        }

        /** What an OSD tells the others comes late, then it ends, and they go on without it. */
        private void lameDuck() {
            int osd = osd();
            long at = random.nextLong(LOAD.toMillis() - 2_000);
            for (int other = 0; other < setting.osds(); other++) {
                if (other != osd) {
                    add(
                            at,
                            new Fault.Slow("osd." + osd, "osd." + other, Duration.ofSeconds(1)),
                            Duration.ofMillis(1_500));
                }
            }
            boolean atSend = random.nextBoolean();
            add(
                    at + 200 + random.nextLong(1_000),
                    new Fault.Crash(
                            osd,
                            atSend ? Fault.Moment.AFTER_SEND : Fault.Moment.NOW,
                            1 + random.nextInt(20),
                            1),
                    Duration.ofMillis(5_000 + random.nextLong(4_000)));
        }

        private void monitorFault() {
            String one = monitor();
            int rank = one.charAt(one.length() - 1) - '0';
            add(
                    switch (random.nextInt(6)) {
                        case 0, 1, 2 -> new Fault.MonitorCrash(rank);
                        case 3 -> new Fault.Isolated(one);
                        case 4 -> new Fault.Cut(one, monitor());
                        default -> new Fault.Stops(one);
                    });
        }

        private List<Integer> some(int count) {
            List<Integer> all = new ArrayList<>();
            for (int osd = 0; osd < setting.osds(); osd++) {
                all.add(random.nextInt(all.size() + 1), osd);
            }
            return List.copyOf(all.subList(0, count));
        }

        private Duration span(Fault fault) {
            return switch (fault) {
                case Fault.Crash _, Fault.PowerCut _, Fault.SyncFails _ ->
                        millis(random.nextBoolean() ? 500 : 9_000);
                case Fault.Stops _ -> stop();
                case Fault.Slow _, Fault.SlowDisk _ -> millis(8_000);
                default -> millis(random.nextBoolean() ? 2_000 : 12_000);
            };
        }

        private Duration stop() {
            if (random.nextInt(12) == 0) {
                load = Duration.ofSeconds(90);
                return Duration.ofSeconds(80);
            }
            return random.nextBoolean() ? Duration.ofSeconds(3) : millis(9_000);
        }

        private Duration millis(int max) {
            return Duration.ofMillis(1 + random.nextInt(max));
        }

        private Fault fault(Mood mood) {
            return switch (mood) {
                case QUIET -> random.nextBoolean() ? crash() : network();
                case NETWORK -> network();
                case CRASHES, TURNS -> random.nextInt(5) == 0 ? network() : crash();
                case CLOCKS -> random.nextInt(3) == 0 ? crash() : clock();
                case DISKS -> random.nextInt(3) == 0 ? crash() : disk();
                case ADMIN -> random.nextInt(3) == 0 ? crash() : admin();
                case EVERYTHING ->
                        switch (random.nextInt(10)) {
                            case 0, 1, 2 -> network();
                            case 3, 4 -> crash();
                            case 5 -> clock();
                            case 6 -> disk();
                            default -> admin();
                        };
            };
        }

        private Fault network() {
            return switch (random.nextInt(9)) {
                case 0 -> new Fault.Slow(host(), host(), millis(400));
                case 1, 2 -> new Fault.Reset(host(), host(), 1 + random.nextInt(20_000));
                case 3, 4 -> new Fault.Breaks(1 + random.nextInt(20));
                case 5 -> new Fault.Deaf(host(), host());
                case 6 -> new Fault.Cut(host(), host());
                case 7 -> new Fault.Cut(oneOf(clientOrOsd()), monitor());
                default -> new Fault.Isolated(oneOf(clientOrOsd()));
            };
        }

        private Fault crash() {
            int kind = random.nextInt(12);
            if (kind < 2) {
                return new Fault.PowerCut(some(2 + random.nextInt(setting.osds() - 1)));
            }
            if (kind == 2 && setting.clients() > 1) {
                return new Fault.ClientDies(1 + random.nextInt(setting.clients() - 1));
            }
            Fault.Moment moment =
                    Fault.Moment.values()[random.nextInt(Fault.Moment.values().length)];
            int times = random.nextInt(5) == 0 ? 2 + random.nextInt(4) : 1;
            return new Fault.Crash(osd(), moment, 1 + random.nextInt(60), times);
        }

        private Fault clock() {
            return switch (random.nextInt(5)) {
                case 0 -> new Fault.Stops(host());
                case 1, 2 -> new Fault.Stops("osd." + osd());
                case 3 -> new Fault.ClockSet(host(), ahead());
                default -> new Fault.ClockDrift(host(), 0.9 + random.nextInt(201) / 1000.0);
            };
        }

        private Duration ahead() {
            Duration much = random.nextBoolean() ? Duration.ofMinutes(5) : Duration.ofHours(1);
            return random.nextBoolean() ? much : much.negated();
        }

        private Fault disk() {
            return switch (random.nextInt(4)) {
                case 0 -> new Fault.SyncFails(osd());
                case 1 -> new Fault.Full(osd());
                default -> new Fault.SlowDisk(osd(), 10 + random.nextInt(400));
            };
        }

        private Fault admin() {
            if (!osdJoins && random.nextInt(10) == 0) {
                osdJoins = true;
                return new Fault.OsdJoins();
            }
            return Administration.draw(random, setting);
        }

        private int osd() {
            return random.nextInt(setting.osds());
        }

        private List<String> clientOrOsd() {
            return random.nextInt(3) == 0
                    ? List.of("client." + random.nextInt(setting.clients()))
                    : List.of("osd." + osd());
        }

        private String host() {
            int kind = random.nextInt(10);
            return kind == 0 ? monitor() : kind < 3 ? oneOf(clientOrOsd()) : "osd." + osd();
        }

        private String monitor() {
            return "mon." + (setting.monitors() == 1 ? 0 : random.nextInt(setting.monitors()));
        }

        private String oneOf(List<String> hosts) {
            return hosts.get(random.nextInt(hosts.size()));
        }
    }
}
