package io.sepiola.manager;

import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.osd.ObjectStatSum;
import io.sepiola.protocol.osd.OsdStat;
import io.sepiola.protocol.osd.PgCount;
import io.sepiola.protocol.osd.PgState;
import io.sepiola.protocol.osd.PoolStat;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the web page reads. */
final class StatusJson {
    private StatusJson() {}

    /**
     * The status as one object.
     *
     * @param monitors their own status, JSON
     */
    static String of(String monitors, @Nullable PgMap map, Rates.Delta delta, Instant now) {
        JsonOut out = new JsonOut(false).object().put("time", now.toString());
        out.raw("monitors", monitors.strip());
        if (map != null) {
            groups(out, map);
            osds(out, map);
            pools(out, map);
            double span = delta.span().seconds() + delta.span().nanos() / 1e9;
            var load = OsdCommands.Load.of(delta.all().stats().sum(), span);
            out.object("load")
                    .put("readBytes", load.readBytes())
                    .put("writeBytes", load.writeBytes());
            out.put("reads", load.reads()).put("writes", load.writes());
            out.put("recoveredBytes", load.recoveredBytes()).end();
        }
        return out.end().toString();
    }

    private static void groups(JsonOut out, PgMap map) {
        SortedMap<String, Integer> byState = new TreeMap<>();
        map.groups().values().forEach(s -> byState.merge(PgState.text(s.state()), 1, Integer::sum));
        out.array("groups");
        byState.forEach(
                (state, count) -> out.object().put("state", state).put("count", count).end());
        out.end();
    }

    private static void osds(JsonOut out, PgMap map) {
        OsdMap osdMap = map.osdMap();
        SortedMap<Integer, PgCount> counts = Digest.byOsd(map);
        out.array("osds");
        for (int osd = 0; osd < osdMap.osdMax(); osd++) {
            if (!osdMap.exists(osd)) {
                continue;
            }
            OsdStat stat = map.osds().getOrDefault(osd, OsdStat.ZERO);
            String host =
                    osdMap.crush().parent(osd).map(b -> osdMap.crush().itemName(b.id())).orElse("");
            out.object().put("id", osd).put("host", host);
            out.put("class", osdMap.crush().classOf(osd).orElse(""));
            out.put("up", osdMap.isUp(osd)).put("in", osdMap.isIn(osd));
            out.put("bytes", stat.kib() * 1024).put("used", stat.kibUsed() * 1024);
            out.put("groups", counts.getOrDefault(osd, new PgCount(0, 0, 0)).acting());
            out.put("commitMillis", stat.latency().commitMillis()).end();
        }
        out.end();
    }

    private static void pools(JsonOut out, PgMap map) {
        NavigableMap<Long, PoolStat> stats = Digest.pools(map);
        out.array("pools");
        map.osdMap()
                .pools()
                .forEach((id, pool) -> {
                    PoolStat stat = stats.getOrDefault(id, PoolStat.ZERO);
                    ObjectStatSum sum = stat.stats().sum();
                    out.object().put("id", id);
                    out.put("name", map.osdMap().poolName(id).orElse(""));
                    out.put("type", pool.isErasure() ? "erasure" : "replicated");
                    out.put("size", pool.size()).put("minSize", pool.minSize());
                    out.put("groups", pool.pgNum()).put("objects", sum.objects());
                    out.put("bytes", sum.bytes()).put("used", stat.store().allocated());
                    out.put("applications", String.join(", ", pool.applications().keySet()));
                    out.end();
                });
        out.end();
    }
}
