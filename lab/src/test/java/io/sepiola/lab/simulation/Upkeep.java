package io.sepiola.lab.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * In some stories there is a manager, groups are scrubbed all the time, disks go bad, and the
 * administrator has more to do. Follows from the seed, apart from everything else that does, so
 * that the other stories stay what they are.
 *
 * @param options of the OSDs, for their scrubs
 */
record Upkeep(boolean isOn, SortedMap<String, String> options) {
    /** In one seed of so many that lay no ambushes. */
    private static final int EVERY = 2;

    private static final long SALT = 0x5c2abL;

    /** The upkeep of a seed. */
    static Upkeep of(long seed) {
        SplittableRandom random = new SplittableRandom(seed ^ SALT);
        if (Setting.laysAmbushes(seed) || random.nextInt(EVERY) != 0) {
            return new Upkeep(false, new TreeMap<>());
        }
        SortedMap<String, String> options = new TreeMap<>();
        options.put("osd_scrub_auto_repair", "true");
        options.put("osd_scrub_auto_repair_num_errors", "100");
        options.put("osd_max_scrubs", Integer.toString(1 + random.nextInt(3)));
        options.put("osd_scrub_chunk_min", Integer.toString(1 + random.nextInt(2)));
        options.put("osd_scrub_chunk_max", Integer.toString(1 + random.nextInt(6)));
        options.put("osd_scrub_sleep", random.nextBoolean() ? "0" : "0.05");
        options.put("osd_scrub_max_preemptions", Integer.toString(random.nextInt(6)));
        options.put("osd_scrub_min_interval", Integer.toString(2 + random.nextInt(6)));
        options.put("osd_scrub_max_interval", "10");
        options.put("osd_deep_scrub_interval", Integer.toString(3 + random.nextInt(12)));
        return new Upkeep(true, options);
    }

    /** What more goes wrong, or is changed, within {@code load}. */
    static List<FaultPlan.Planned> more(
            long seed, Setting setting, List<FaultPlan.Planned> plan, Duration load) {
        List<FaultPlan.Planned> made = new ArrayList<>();
        if (!of(seed).isOn) {
            return made;
        }
        SplittableRandom random = new SplittableRandom(seed ^ ~SALT);
        boolean mayDamage = setting.recoverable() && plan.stream().noneMatch(Upkeep::leavesOneCopy);
        List<Fault> faults = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            faults.add(administration(random, setting));
        }
        if (mayDamage) {
            for (int i = random.nextInt(8); i > 0; i--) {
                faults.add(
                        new Fault.Rot(
                                random.nextInt(setting.osds()),
                                random.nextInt(1_000),
                                random.nextInt(4) == 0 ? 4 : 1));
            }
            lostDisk(random, setting, plan, faults);
        }
        for (Fault fault : faults) {
            made.add(
                    new FaultPlan.Planned(
                            plan.size() + made.size(),
                            Duration.ofMillis(random.nextLong(load.toMillis() * 3 / 4)),
                            fault,
                            Duration.ofMillis(1_000 + random.nextInt(11_000))));
        }
        return made;
    }

    /** With one member writes are acknowledged that a single bad disk takes away. */
    private static boolean leavesOneCopy(FaultPlan.Planned planned) {
        return planned.fault() instanceof Fault.Admin(List<String> commands, List<String> _)
                && commands.stream().anyMatch(c -> c.contains("\"min_size\",\"val\":\"1\""));
    }

    private static Fault administration(RandomGenerator random, Setting setting) {
        return switch (random.nextInt(4)) {
            case 0 -> Administration.wanted(random, setting);
            case 1 -> new Fault.PoolComes("passing" + random.nextInt(3));
            default ->
                    new Fault.Asked(
                            switch (random.nextInt(4)) {
                                case 0 -> "scrub";
                                case 1 -> "repair";
                                default -> "deep-scrub";
                            });
        };
    }

    /** At most one at a time, so one in a story, and one OSD that leaves for good. */
    private static void lostDisk(
            RandomGenerator random,
            Setting setting,
            List<FaultPlan.Planned> plan,
            List<Fault> faults) {
        int osd = random.nextInt(setting.osds());
        boolean patient = random.nextInt(4) == 0;
        switch (random.nextInt(8)) {
            case 0, 1 -> faults.add(new Fault.EmptyDisk(osd, random.nextBoolean(), patient));
            case 2, 3 -> faults.add(new Fault.OldDisk(osd, patient));
            case 4, 5 -> faults.add(new Fault.OsdLeaves(osd));
            default -> {} // all disks stay
        }
    }
}
