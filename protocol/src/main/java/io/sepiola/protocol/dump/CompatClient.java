package io.sepiola.protocol.dump;

import io.sepiola.crush.ChooseArgs;
import io.sepiola.crush.CrushBucket;
import io.sepiola.crush.CrushMap;
import io.sepiola.crush.CrushRule;
import io.sepiola.crush.Tunables;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgPool;

/** The oldest release of client that understands a map: what the map makes use of decides. */
final class CompatClient {
    private static final int ARGONAUT = 1;
    private static final int DUMPLING = 4;
    private static final int FIREFLY = 6;
    private static final int HAMMER = 8;
    private static final int JEWEL = 10;
    private static final int LUMINOUS = 12;

    private CompatClient() {}

    /** The release's number. */
    static int of(OsdMap map) {
        CrushMap crush = map.crush();
        Tunables tunables = crush.tunables();
        if (!map.upmap().isEmpty() || !map.upmapItems().isEmpty() || newChooseArgs(crush)) {
            return LUMINOUS;
        }
        if (tunables.chooseleafStable() != 0
                || hasStep(crush, CrushRule.Step.SET_CHOOSELEAF_STABLE)) {
            return JEWEL;
        }
        if (hasStraw2(crush)) {
            return HAMMER;
        }
        boolean cache =
                map.pools().values().stream()
                        .anyMatch(pool -> pool.tierOf() >= 0 || !pool.tiers().isEmpty());
        if (hasAffinity(map)
                || tunables.chooseleafVaryR() != 0
                || hasStep(crush, CrushRule.Step.SET_CHOOSELEAF_VARY_R)
                || cache) {
            return FIREFLY;
        }
        boolean hashed =
                map.pools().values().stream()
                        .anyMatch(pool -> pool.hasFlag(PgPool.FLAG_HASHPSPOOL));
        return tunables.chooseleafDescendOnce() != 0 || hashed ? DUMPLING : ARGONAUT;
    }

    private static boolean newChooseArgs(CrushMap crush) {
        if (crush.chooseArgs().isEmpty()) {
            return false;
        }
        ChooseArgs only = crush.chooseArgs().get(ChooseArgs.DEFAULT_ID);
        return crush.chooseArgs().size() > 1
                || only == null
                || only.byBucket().values().stream()
                        .anyMatch(args -> args.weights().length != 1 || args.ids().length != 0);
    }

    private static boolean hasStraw2(CrushMap crush) {
        for (int slot = 0; slot < crush.bucketSlots(); slot++) {
            if (crush.bucket(-1 - slot)
                    .filter(bucket -> bucket.algorithm() == CrushBucket.STRAW2)
                    .isPresent()) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasStep(CrushMap crush, int operation) {
        for (int id = 0; id < crush.ruleSlots(); id++) {
            if (crush.rule(id).stream()
                    .flatMap(rule -> rule.steps().stream())
                    .anyMatch(step -> step.operation() == operation)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasAffinity(OsdMap map) {
        for (int osd = 0; osd < map.osdMax(); osd++) {
            if (map.affinity(osd) != OsdMap.AFFINITY_DEFAULT) {
                return true;
            }
        }
        return false;
    }
}
