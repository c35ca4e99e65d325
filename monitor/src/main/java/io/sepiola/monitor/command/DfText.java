package io.sepiola.monitor.command;

import io.sepiola.monitor.health.PgDigest;
import io.sepiola.monitor.state.MonitorState;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.monitor.text.TextTable;
import io.sepiola.monitor.text.Units;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgPool;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How full the cluster and its pools are. */
final class DfText {
    private final OsdMap map;
    private final PgDigest digest;
    private final boolean detail;

    DfText(MonitorState state, Facts facts, boolean detail) {
        this.map = state.osdMaps().newest();
        this.digest = facts.digest();
        this.detail = detail;
    }

    /** What a pool holds, and could. */
    private record Row(
            long id, String name, PgPool pool, PgDigest.Usage usage, float rate, long availRaw) {
        long stored() {
            return usage.stored() > 0 ? Math.round(usage.stored() / (double) rate) : usage.bytes();
        }

        long storedRaw() {
            return Math.round(stored() * (double) rate);
        }

        long used() {
            return usage.allocated() > 0 ? usage.allocated() : storedRaw();
        }

        long availMax() {
            return (long) (availRaw / rate);
        }

        double percent() {
            return used() == 0 ? 0 : (double) used() / (used() + availRaw);
        }
    }

    private List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Map.Entry<Long, PgPool> entry : map.pools().entrySet()) {
            long id = entry.getKey();
            PgPool pool = entry.getValue();
            Long known = digest.availByRule().get(pool.crushRule());
            long avail = known != null && known >= 0 ? known : availByRatio();
            rows.add(
                    new Row(
                            id,
                            map.poolName(id).orElse(""),
                            pool,
                            digest.pool(id),
                            rate(pool) * present(digest.pool(id)),
                            avail));
        }
        return rows;
    }

    private float rate(PgPool pool) {
        if (!pool.isErasure()) {
            return pool.size();
        }
        Map<String, String> profile =
                map.ecProfiles()
                        .getOrDefault(pool.erasureCodeProfile(), Collections.emptyNavigableMap());
        String k = profile.getOrDefault("k", "");
        return k.matches("[1-9][0-9]{0,2}")
                ? (float) pool.size() / Integer.parseInt(k)
                : pool.size();
    }

    /** The part of the copies that there should be which there is. */
    private static float present(PgDigest.Usage usage) {
        return usage.copies() > usage.degraded()
                ? (float) (usage.copies() - usage.degraded()) / usage.copies()
                : 1;
    }

    /** What is left until an OSD is full, if data were spread evenly. */
    private long availByRatio() {
        PgDigest.Storage storage = digest.storage();
        return Math.max(0, storage.avail() - (long) ((1 - map.fullRatio()) * storage.total()));
    }

    String plain() {
        TextTable raw =
                new TextTable()
                        .words("CLASS")
                        .numbers("SIZE")
                        .numbers("AVAIL")
                        .numbers("USED")
                        .numbers("RAW USED")
                        .numbers("%RAW USED");
        digest.storageByClass().forEach((name, storage) -> raw(raw, name, storage));
        raw(raw, "TOTAL", digest.storage());
        return "--- RAW STORAGE ---\n" + raw + " \n--- POOLS ---\n" + pools();
    }

    private static void raw(TextTable table, String name, PgDigest.Storage storage) {
        double ratio = storage.total() == 0 ? 0 : 100.0 * storage.used() / storage.total();
        table.row(
                name,
                Units.bytes(storage.total()),
                Units.bytes(storage.avail()),
                Units.bytes(storage.used()),
                Units.bytes(storage.used()),
                percent(ratio));
    }

    private static String percent(double percent) {
        return percent == 0 ? "0" : String.format(Locale.ROOT, "%.2f", percent);
    }

    private String pools() {
        TextTable table =
                new TextTable().words("POOL").numbers("ID").numbers("PGS").numbers("STORED");
        if (detail) {
            table.numbers("(DATA)").numbers("(OMAP)");
        }
        table.numbers("OBJECTS").numbers("USED");
        if (detail) {
            table.numbers("(DATA)").numbers("(OMAP)");
        }
        table.numbers("%USED").numbers("MAX AVAIL");
        if (detail) {
            for (String title :
                    List.of("QUOTA OBJECTS", "QUOTA BYTES", "DIRTY", "USED COMPR", "UNDER COMPR")) {
                table.numbers(title);
            }
        }
        for (Row row : rows()) {
            table.row(cells(row).toArray());
        }
        return table.toString();
    }

    private List<String> cells(Row row) {
        List<String> cells = new ArrayList<>(List.of(row.name, "" + row.id, "" + row.pool.pgNum()));
        cells.add(Units.bytes(row.stored()));
        if (detail) {
            cells.add(Units.bytes(row.stored()));
            cells.add(Units.bytes(row.usage.omapBytes()));
        }
        cells.add(Units.count(row.usage.objects()));
        cells.add(Units.bytes(row.used()));
        if (detail) {
            cells.add(Units.bytes(row.used()));
            cells.add(Units.bytes(row.usage.omapBytes()));
        }
        cells.add(percent(row.percent() * 100));
        cells.add(Units.bytes(row.availMax()));
        if (detail) {
            long objects = row.pool.quotaObjectsMax();
            long bytes = row.pool.quotaBytesMax();
            cells.add(objects == 0 ? "N/A" : Units.count(objects));
            cells.add(bytes == 0 ? "N/A" : Units.bytes(bytes));
            cells.add("N/A");
            cells.add(Units.bytes(row.usage.compressedAllocated()));
            cells.add(Units.bytes(row.usage.compressedOriginal()));
        }
        return cells;
    }

    ObjectNode json() {
        ObjectNode node = JsonText.object();
        ObjectNode stats = storage(node.putObject("stats"), digest.storage());
        stats.put("num_osds", digest.osdCount());
        stats.put("num_per_pool_osds", digest.osdCount());
        stats.put("num_per_pool_omap_osds", digest.osdCount());
        ObjectNode classes = node.putObject("stats_by_class");
        digest.storageByClass()
                .forEach((name, storage) -> storage(classes.putObject(name), storage));
        ArrayNode pools = node.putArray("pools");
        for (Row row : rows()) {
            ObjectNode pool = pools.addObject().put("name", row.name).put("id", row.id);
            fill(pool.putObject("stats"), row);
        }
        return node;
    }

    private static ObjectNode storage(ObjectNode node, PgDigest.Storage storage) {
        double ratio = storage.total() == 0 ? 0 : (float) storage.used() / storage.total();
        return node.put("total_bytes", storage.total())
                .put("total_avail_bytes", storage.avail())
                .put("total_used_bytes", storage.used())
                .put("total_used_raw_bytes", storage.used())
                .put("total_used_raw_ratio", ratio);
    }

    private void fill(ObjectNode stats, Row row) {
        stats.put("stored", row.stored());
        if (detail) {
            stats.put("stored_data", row.stored()).put("stored_omap", row.usage.omapBytes());
        }
        stats.put("objects", row.usage.objects());
        stats.put("kb_used", (row.used() + 1023) / 1024).put("bytes_used", row.used());
        if (detail) {
            stats.put("data_bytes_used", row.used()).put("omap_bytes_used", row.usage.omapBytes());
        }
        stats.put("percent_used", row.percent()).put("max_avail", row.availMax());
        if (detail) {
            stats.put("quota_objects", row.pool.quotaObjectsMax());
            stats.put("quota_bytes", row.pool.quotaBytesMax()).put("dirty", 0);
            stats.put("rd", row.usage.reads()).put("rd_bytes", row.usage.readBytes());
            stats.put("wr", row.usage.writes()).put("wr_bytes", row.usage.writeBytes());
            stats.put("compress_bytes_used", row.usage.compressedAllocated());
            stats.put("compress_under_bytes", row.usage.compressedOriginal());
            stats.put("stored_raw", row.storedRaw()).put("avail_raw", row.availRaw);
        }
    }
}
