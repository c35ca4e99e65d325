package io.sepiola.lab.placement;

import io.sepiola.crush.CrushMap;
import io.sepiola.crush.RuleRun;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/** What the report tells: three replicas of 65,536 groups, each in a rack of its own. */
final class PlacementStudy {
    static final List<String> KINDS = List.of("straw2", "straw", "tree", "list", "uniform");
    static final int[] WEIGHTS = {1, 2, 4, 8};
    static final int GROUPS = 1 << 16;
    static final int COPIES = 3;
    private static final int BEYOND = StudyMap.OSDS + StudyMap.OSDS_PER_HOST;
    private static final int HOST = 42;
    private static final int FULL = 0x10000;

    /**
     * The OSDs of one weight.
     *
     * @param expected copies an OSD should have, by its share of the weight
     * @param mean copies they have
     * @param spread standard deviation of the copies, as a part of the expected ones
     * @param chance the same if every copy were thrown by dice
     * @param least copies, as a part of the expected ones
     * @param most copies, as a part of the expected ones
     */
    record Evenness(
            String kind,
            int weight,
            double expected,
            double mean,
            double spread,
            double chance,
            double least,
            double most) {}

    /**
     * What a change moves.
     *
     * @param moved part of all copies that came to an OSD which had none of their group
     * @param minimum part of the weight that changed its place: less cannot be moved
     */
    record Movement(String kind, String change, boolean possible, double moved, double minimum) {
        double ratio() {
            return moved / minimum;
        }
    }

    final List<Evenness> evenness = new ArrayList<>();
    final List<Movement> movements = new ArrayList<>();
    long mappings = 0;
    long sharedRacks = 0;
    long missingCopies = 0;

    PlacementStudy() {
        for (String kind : KINDS) {
            evenness(kind);
            movements(kind);
        }
    }

    private static int[] allIn() {
        int[] weights = new int[BEYOND];
        Arrays.fill(weights, FULL);
        return weights;
    }

    /** The OSDs of all groups, {@link #COPIES} for each; separation is counted on the way. */
    private int[] place(CrushMap map, int[] weights) {
        RuleRun run = new RuleRun(map, map.rule(0).orElseThrow(), COPIES, weights, null);
        int[] all = new int[GROUPS * COPIES];
        int[] some = new int[COPIES];
        for (int group = 0; group < GROUPS; group++) {
            int count = run.map(group * 0x9e3779b1, some);
            mappings++;
            missingCopies += COPIES - count;
            for (int i = 0; i < COPIES; i++) {
                all[group * COPIES + i] = i < count ? some[i] : -1;
                for (int j = 0; j < i && i < count; j++) {
                    sharedRacks += rack(map, some[i]) == rack(map, some[j]) ? 1 : 0;
                }
            }
        }
        return all;
    }

    private static int rack(CrushMap map, int osd) {
        boolean added = osd >= StudyMap.OSDS;
        int racks = map.bucket(root(map)).orElseThrow().size();
        int rackOfNew = racks > StudyMap.RACKS ? StudyMap.RACKS : 0;
        return added ? rackOfNew : StudyMap.hostOf(osd) / (StudyMap.HOSTS / StudyMap.RACKS);
    }

    private static int root(CrushMap map) {
        return map.rule(0).orElseThrow().steps().getFirst().first();
    }

    private void evenness(String kind) {
        SplittableRandom random = new SplittableRandom(1);
        int[] weight = new int[StudyMap.OSDS];
        for (int osd = 0; osd < weight.length; osd++) {
            weight[osd] = kind.equals("uniform") ? 1 : WEIGHTS[random.nextInt(WEIGHTS.length)];
        }
        double total = Arrays.stream(weight).sum();
        int[] copies = new int[StudyMap.OSDS];
        for (int osd : place(StudyMap.of(kind, osd -> weight[osd]), allIn())) {
            copies[osd]++;
        }
        for (int of : WEIGHTS) {
            double expected = GROUPS * (double) COPIES * of / total;
            double sum = 0;
            double squares = 0;
            double least = Double.MAX_VALUE;
            double most = 0;
            int count = 0;
            for (int osd = 0; osd < weight.length; osd++) {
                if (weight[osd] == of) {
                    count++;
                    sum += copies[osd];
                    squares += (copies[osd] - expected) * (copies[osd] - expected);
                    least = Math.min(least, copies[osd]);
                    most = Math.max(most, copies[osd]);
                }
            }
            if (count > 0) {
                evenness.add(
                        new Evenness(
                                kind,
                                of,
                                expected,
                                sum / count,
                                Math.sqrt(squares / count) / expected,
                                1 / Math.sqrt(expected),
                                least / expected,
                                most / expected));
            }
        }
    }

    private void movements(String kind) {
        CrushMap base = StudyMap.of(kind, osd -> 1);
        int[] before = place(base, allIn());
        double osds = StudyMap.OSDS;
        double joined = StudyMap.OSDS_PER_HOST / (osds + StudyMap.OSDS_PER_HOST);
        double left = StudyMap.OSDS_PER_HOST / osds;
        changed(
                kind,
                "20 OSDs join: a host in a rack",
                before,
                joined,
                allIn(),
                base,
                map -> grown(map, kind, 0));
        changed(
                kind,
                "20 OSDs join: a rack of their own",
                before,
                joined,
                allIn(),
                base,
                map -> grown(map, kind, StudyMap.RACKS));
        int[] out = allIn();
        Arrays.fill(out, HOST * StudyMap.OSDS_PER_HOST, (HOST + 1) * StudyMap.OSDS_PER_HOST, 0);
        changed(kind, "a host of 20 is marked out", before, left, out, base, map -> map);
        changed(
                kind,
                "a host of 20 is removed",
                before,
                left,
                allIn(),
                base,
                map -> StudyMap.withoutHost(map, HOST));
        double doubled = 2 / (osds + 1) - 1 / osds;
        changed(
                kind,
                "an OSD's weight doubles",
                before,
                doubled,
                allIn(),
                base,
                map -> StudyMap.weighing(map, 777, 2));
        double halved = 1 / osds - 0.5 / (osds - 0.5);
        changed(
                kind,
                "an OSD's weight halves",
                before,
                halved,
                allIn(),
                base,
                map -> StudyMap.weighing(map, 777, 0.5f));
    }

    private static CrushMap grown(CrushMap map, String kind, int rack) {
        return kind.equals("uniform")
                ? StudyMap.uniformWithHost(rack)
                : StudyMap.withHost(map, "r" + rack);
    }

    private void changed(
            String kind,
            String change,
            int[] before,
            double minimum,
            int[] weights,
            CrushMap base,
            UnaryOperator<CrushMap> by) {
        if (kind.equals("uniform") && change.contains("weight")) {
            movements.add(new Movement(kind, change, false, 0, minimum)); // all weigh the same
            return;
        }
        int[] after = place(by.apply(base), weights);
        int moved = 0;
        for (int at = 0; at < after.length; at++) {
            int first = at / COPIES * COPIES;
            boolean had = false;
            for (int i = first; i < first + COPIES; i++) {
                had |= before[i] == after[at];
            }
            moved += had || after[at] < 0 ? 0 : 1;
        }
        movements.add(new Movement(kind, change, true, moved / (double) after.length, minimum));
    }
}
