package io.sepiola.lab.placement;

import io.sepiola.crush.CrushChanges;
import io.sepiola.crush.CrushMap;
import io.sepiola.crush.CrushText;

import java.util.Map;
import java.util.function.IntUnaryOperator;

/** The cluster of the placement report: 20 racks of 5 hosts of 20 OSDs, all buckets of one kind. */
final class StudyMap {
    static final int RACKS = 20;
    static final int HOSTS = 100;
    static final int OSDS_PER_HOST = 20;
    static final int OSDS = HOSTS * OSDS_PER_HOST;

    private static final String TUNABLES =
            """
            tunable choose_local_tries 0
            tunable choose_local_fallback_tries 0
            tunable choose_total_tries 50
            tunable chooseleaf_descend_once 1
            tunable chooseleaf_vary_r 1
            tunable chooseleaf_stable 1
            tunable straw_calc_version 1
            tunable allowed_bucket_algs 62
            """;
    private static final String RULE =
            """
            rule spread {
             id 0
             type replicated
             min_size 1
             max_size 10
             step take default
             step chooseleaf firstn 0 type rack
             step emit
            }
            """;

    private StudyMap() {}

    /** One OSD's host. */
    static int hostOf(int osd) {
        return osd / OSDS_PER_HOST;
    }

    /** The map, each OSD weighing what is asked. */
    static CrushMap of(String kind, IntUnaryOperator weight) {
        return compiled(kind, weight, -1);
    }

    /**
     * The map of uniform buckets with a host more, each weighing 1: Ceph's tools cannot add to
     * them, since the item comes with weight 0.
     */
    static CrushMap uniformWithHost(int rack) {
        return compiled("uniform", osd -> 1, rack);
    }

    private static CrushMap compiled(String kind, IntUnaryOperator weight, int rackOfNew) {
        StringBuilder text = new StringBuilder(TUNABLES);
        for (int osd = 0; osd < OSDS + OSDS_PER_HOST; osd++) {
            text.append("device ").append(osd).append(" osd.").append(osd).append('\n');
        }
        text.append("type 0 osd\ntype 1 host\ntype 3 rack\ntype 10 root\n");
        StringBuilder racks = new StringBuilder();
        StringBuilder root = new StringBuilder(head("root default", -1, kind));
        boolean uniform = kind.equals("uniform");
        for (int rack = 0; rack < Math.max(RACKS, rackOfNew + 1); rack++) {
            racks.append(head("rack r" + rack, -2 - rack, kind));
            for (int i = 0; rack < RACKS && i < HOSTS / RACKS; i++) {
                int host = rack * (HOSTS / RACKS) + i;
                host(text, kind, host, weight);
                racks.append(" item h").append(host).append(uniform ? " weight 20.000\n" : "\n");
            }
            if (rack == rackOfNew) {
                host(text, kind, HOSTS, weight);
                racks.append(" item h").append(HOSTS).append(" weight 20.000\n");
            }
            racks.append("}\n");
            root.append(" item r").append(rack).append(uniform ? " weight 100.000\n" : "\n");
        }
        return CrushText.compile(text.append(racks).append(root).append("}\n") + RULE);
    }

    private static void host(StringBuilder text, String kind, int host, IntUnaryOperator weight) {
        text.append(head("host h" + host, -100 - host, kind));
        for (int osd = host * OSDS_PER_HOST; hostOf(osd) == host; osd++) {
            text.append(" item osd.").append(osd).append(" weight ");
            text.append(weight.applyAsInt(osd)).append(".000\n");
        }
        text.append("}\n");
    }

    private static String head(String bucket, int id, String kind) {
        return bucket + " {\n id " + id + "\n alg " + kind + "\n hash 0\n";
    }

    /** 20 OSDs of weight 1 more, in a new host of the rack; the rack is made when missing. */
    static CrushMap withHost(CrushMap map, String rack) {
        CrushChanges changes = new CrushChanges(map);
        Map<String, String> place = Map.of("root", "default", "rack", rack, "host", "h100");
        for (int osd = OSDS; osd < OSDS + OSDS_PER_HOST; osd++) {
            changes.addItem(osd, 1, "osd." + osd, place);
        }
        return changes.build();
    }

    /** Without a host and its OSDs. */
    static CrushMap withoutHost(CrushMap map, int host) {
        CrushChanges changes = new CrushChanges(map);
        for (int osd = host * OSDS_PER_HOST; hostOf(osd) == host; osd++) {
            changes.removeItem("osd." + osd);
        }
        changes.removeItem("h" + host);
        return changes.build();
    }

    /** One OSD weighing something else. */
    static CrushMap weighing(CrushMap map, int osd, float weight) {
        CrushChanges changes = new CrushChanges(map);
        changes.reweightItem("osd." + osd, weight);
        return changes.build();
    }
}
