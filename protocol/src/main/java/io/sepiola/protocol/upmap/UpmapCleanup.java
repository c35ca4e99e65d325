package io.sepiola.protocol.upmap;

import io.sepiola.protocol.PgId;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.PgRun;
import io.sepiola.protocol.map.UpmapItem;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds exceptions that lead nowhere: of groups that are gone, to OSDs that the rule does not lead
 * to or that are out, against the rule's separation, or without effect (after Ceph's
 * OSDMap::check_pg_upmaps).
 */
public final class UpmapCleanup {
    private final OsdMap map;
    private final OsdMapIncremental.Builder change;
    private final Map<Long, RuleView> rules = new HashMap<>();
    private final Map<Long, PgRun> runs = new HashMap<>();
    private int count = 0;

    private UpmapCleanup(OsdMap map, OsdMapIncremental.Builder change) {
        this.map = map;
        this.change = change;
    }

    /** Adds to {@code change} what is to be removed or shortened; how many groups that concerns. */
    public static int find(OsdMap map, OsdMapIncremental.Builder change) {
        UpmapCleanup cleanup = new UpmapCleanup(map, change);
        Set<PgId> all = new TreeSet<>(map.upmap().keySet());
        all.addAll(map.upmapItems().keySet());
        all.forEach(cleanup::check);
        return cleanup.count;
    }

    private void check(PgId pg) {
        PgPool pool = map.pools().get(pg.pool());
        if (pool == null
                || Integer.compareUnsigned(pg.seed(), pool.pgNum()) >= 0
                || Integer.compareUnsigned(pg.seed(), pool.pgNumPending()) >= 0) {
            cancel(pg);
            return;
        }
        RuleView rule = rules.computeIfAbsent(pg.pool(), id -> new RuleView(map, pool));
        PgRun run = runs.computeIfAbsent(pg.pool(), map::run);
        run.map(pg.seed());
        int[] upmapped = upmapped(run, pg);
        if (!rule.allows(upmapped, upmapped.length)) {
            cancel(pg);
            return;
        }
        for (int osd : upmapped) {
            if (osd == io.sepiola.crush.CrushMap.ITEM_NONE) {
                continue;
            }
            if (map.weight(osd) == 0 || rule.weights.getOrDefault(osd, 0.0) == 0) {
                cancel(pg);
                return;
            }
        }
        List<Integer> whole = map.upmap().get(pg);
        if (whole != null) {
            if (whole.equals(Arrays.stream(raw(run)).boxed().toList())) {
                cancel(pg);
            }
            return;
        }
        shorten(pg, raw(run));
    }

    private static int[] raw(PgRun run) {
        return Arrays.copyOf(run.raw(), run.rawSize());
    }

    /** Where the exceptions lead, whether up or not. */
    private int[] upmapped(PgRun run, PgId pg) {
        int[] osds = raw(run);
        List<Integer> whole = map.upmap().get(pg);
        if (whole != null) {
            osds = whole.stream().mapToInt(Integer::intValue).toArray();
        }
        for (UpmapItem item : map.upmapItems().getOrDefault(pg, List.of())) {
            move(osds, item);
        }
        return osds;
    }

    private void move(int[] osds, UpmapItem item) {
        int at = -1;
        for (int i = 0; i < osds.length; i++) {
            if (osds[i] == item.to()) {
                return;
            }
            at = osds[i] == item.from() && at < 0 ? i : at;
        }
        if (at >= 0 && !isOut(item.to())) {
            osds[at] = item.to();
        }
    }

    private boolean isOut(int osd) {
        return osd >= 0 && osd < map.osdMax() && map.weight(osd) == 0;
    }

    private void shorten(PgId pg, int[] raw) {
        List<UpmapItem> items = map.upmapItems().getOrDefault(pg, List.of());
        List<UpmapItem> kept = new ArrayList<>();
        for (UpmapItem item : items) {
            boolean held = Arrays.stream(raw).anyMatch(osd -> osd == item.from());
            if (held && !isOut(item.to())) {
                kept.add(item);
            }
        }
        if (kept.isEmpty()) {
            cancel(pg);
        } else if (!kept.equals(items)) {
            change.newUpmapItems(pg, kept);
            count++;
        }
    }

    private void cancel(PgId pg) {
        if (map.upmap().containsKey(pg)) {
            change.oldUpmap(pg);
            count++;
        }
        if (map.upmapItems().containsKey(pg)) {
            change.oldUpmapItems(pg);
            count++;
        }
    }
}
