package io.sepiola.cluster.maptool;

import io.sepiola.crush.CrushEditor;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapEditor;
import io.sepiola.protocol.map.PgPool;

import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** A map of so many OSDs on one host, none of which exists yet (osdmaptool --createsimple). */
final class SimpleOsdMap {
    private static final Map<String, String> LOCATION =
            Map.of("host", "localhost", "rack", "localrack", "root", "default");

    private SimpleOsdMap() {}

    /** Without a pool; of epoch 0. */
    static OsdMapEditor of(int osds, Utime now) {
        CrushEditor crush = new CrushEditor(CrushEditor.initial("host"));
        for (int osd = 0; osd < osds; osd++) {
            crush.createOrMove(osd, "osd." + osd, OsdMap.WEIGHT_IN, LOCATION);
        }
        return OsdMap.blank(new UUID(0, 0))
                .edit()
                .made(now, now)
                .osdMax(osds)
                .crush(crush.build())
                .profile(
                        "default",
                        new TreeMap<>(
                                Map.of(
                                        "k", "2",
                                        "m", "2",
                                        "plugin", "jerasure",
                                        "technique", "reed_sol_van")));
    }

    /** Adds the pool rbd, with {@code 2^bits} groups for each OSD. */
    static void addPool(OsdMapEditor map, int osds, int pgBits, int pgpBits) {
        int bitsForPlacing = Math.min(pgBits, pgpBits);
        PgPool pool =
                PgPool.builder()
                        .pgNum(osds << pgBits)
                        .pgpNum(osds << bitsForPlacing)
                        .build()
                        .with(it -> {
                            it.autoscaleMode(2);
                            it.pgNumTarget(osds << pgBits);
                            it.pgpNumTarget(osds << bitsForPlacing);
                            it.pgNumPending(osds << pgBits);
                            it.withoutCacheTargets();
                            it.application("rbd", new TreeMap<>());
                        });
        map.pool(1, "rbd", pool);
    }
}
