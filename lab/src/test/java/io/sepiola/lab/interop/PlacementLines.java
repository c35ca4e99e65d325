package io.sepiola.lab.interop;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.UpActing;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Lines about placement, typed with genuine {@code ceph} against one cluster. */
final class PlacementLines {
    private static final Duration CLEAN_MAX = Duration.ofMinutes(2);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(300);

    private final LocalCluster cluster;

    PlacementLines(LocalCluster cluster) {
        this.cluster = cluster;
    }

    /** Types one line after {@code ceph}; it must succeed. */
    String ceph(String line) {
        return cluster.ceph("ceph", (Object[]) line.split(" ")).run().ok();
    }

    private JsonNode json(String line) {
        return new JsonMapper().readTree(ceph(line + " -f json"));
    }

    /** Two OSDs in a rack, each on a host of its own, all of weight 1. */
    static List<String> racks(int osds) {
        List<String> lines = new ArrayList<>();
        for (int osd = 0; osd < osds; osd++) {
            String rack = "rack0" + osd / 2;
            if (osd % 2 == 0) {
                lines.add("osd crush add-bucket " + rack + " rack");
                lines.add("osd crush move " + rack + " root=default");
            }
            lines.add("osd crush set " + osd + " 1.0 root=default rack=" + rack + " host=n" + osd);
        }
        return lines;
    }

    String pgOf(String pool, String object) {
        return json("osd map " + pool + " " + object).get("pgid").stringValue();
    }

    List<Integer> up(String pool, String object) {
        return ints(json("osd map " + pool + " " + object).get("up"));
    }

    /** Waits until every group is active and clean where the newest map wants it. */
    void awaitClean() {
        long end = System.nanoTime() + CLEAN_MAX.toNanos();
        while (!isClean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(
                        "not clean after "
                                + CLEAN_MAX
                                + "\n"
                                + ceph("-s")
                                + ceph("pg dump pgs_brief"));
            }
            try {
                Thread.sleep(LOOK_AGAIN); // the manager is told in its own time
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new AssertionError(interrupted);
            }
        }
    }

    private boolean isClean() {
        OsdMap map = map();
        JsonNode groups = json("pg dump pgs_brief");
        JsonNode stats = groups.isArray() ? groups : groups.get("pg_stats");
        long count = map.pools().values().stream().mapToLong(PgPool::pgNum).sum();
        if (stats.size() != count) {
            return false;
        }
        for (JsonNode pg : stats) {
            // What the manager knows may be older than the map: so the map itself is asked.
            UpActing wanted = map.map(PgId.parse(pg.get("pgid").stringValue()));
            boolean clean =
                    pg.get("state").stringValue().equals("active+clean")
                            && ints(pg.get("up")).equals(list(wanted.up()))
                            && ints(pg.get("acting")).equals(list(wanted.up()))
                            && list(wanted.acting()).equals(list(wanted.up()));
            if (!clean) {
                return false;
            }
        }
        return true;
    }

    private OsdMap map() {
        try {
            Path file = Files.createTempFile("osdmap", "");
            ceph("osd getmap -o " + file);
            Bytes bytes = Bytes.of(Files.readAllBytes(file));
            Files.delete(file);
            return OsdMap.CODEC.fromBytes(bytes);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static List<Integer> ints(JsonNode array) {
        return array.valueStream().map(JsonNode::intValue).toList();
    }

    private static List<Integer> list(int[] osds) {
        return Arrays.stream(osds).boxed().toList();
    }
}
