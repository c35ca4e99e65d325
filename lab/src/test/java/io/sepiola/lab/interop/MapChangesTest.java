package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Await;
import io.sepiola.base.Bytes;
import io.sepiola.client.CephConf;
import io.sepiola.client.IoContext;
import io.sepiola.client.Rados;
import io.sepiola.protocol.AuthName;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * The Java client and genuine {@code rados} find every object that the other wrote, through each
 * map change of a run: racks, weights, upmap, out and in.
 */
@Tag("interop")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class MapChangesTest {
    private static final int OSDS = 6;
    private static final int OBJECTS = 6; // by each client, after each change

    @TempDir Path home;
    private final Map<String, String> written = new LinkedHashMap<>();

    @Test
    void everyObjectIsFoundByBothAfterEachChange() throws IOException {
        Program.need("ceph", "rados");
        try (LocalCluster cluster = LocalCluster.start(home, "changes", "--osds", "" + OSDS)) {
            PlacementLines lines = new PlacementLines(cluster);
            lines.ceph("osd pool create p 16 16");
            lines.ceph("osd pool application enable p test");
            CephConf conf = CephConf.load(cluster.conf(), "ceph", AuthName.parse("client.admin"));
            try (Rados rados = Rados.connect(conf)) {
                IoContext pool = Await.on(rados.open("p"));
                write(cluster, pool, "before");
                for (Map.Entry<String, List<String>> change : changes(lines).entrySet()) {
                    change.getValue().forEach(lines::ceph);
                    write(cluster, pool, change.getKey());
                    lines.awaitClean();
                    verify(cluster, pool, change.getKey());
                }
            }
        }
    }

    private static Map<String, List<String>> changes(PlacementLines lines) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        all.put("racks", PlacementLines.racks(OSDS));
        all.put(
                "rule",
                List.of(
                        "osd crush rule create-replicated by-rack default rack",
                        "osd pool set p crush_rule by-rack"));
        all.put("weights", List.of("osd crush reweight osd.0 0.5", "osd crush reweight osd.3 2"));
        all.put("reweight", List.of("osd reweight 1 0.7"));
        all.put("out", List.of("osd out 2"));
        all.put("in", List.of("osd in 2"));
        String pg = lines.pgOf("p", "before-java-0");
        List<Integer> up = lines.up("p", "before-java-0");
        // The other OSD of the same rack, so that copies stay in different racks.
        int from = up.getFirst();
        all.put("upmap", List.of("osd pg-upmap-items " + pg + " " + from + " " + (from ^ 1)));
        all.put("no upmap", List.of("osd rm-pg-upmap-items " + pg));
        return all;
    }

    private void write(LocalCluster cluster, IoContext pool, String tag) throws IOException {
        for (int i = 0; i < OBJECTS; i++) {
            String name = tag.replace(' ', '-') + "-java-" + i;
            String data = name.repeat(1 + 300 * i);
            Await.on(pool.writeFull(name, Bytes.utf8(data)));
            written.put(name, data);
            String other = tag.replace(' ', '-') + "-rados-" + i;
            Path file = home.resolve("put");
            Files.writeString(file, other.repeat(1 + 300 * i));
            cluster.ceph("rados", "-p", "p", "put", other, file).run().ok();
            written.put(other, Files.readString(file));
        }
    }

    private void verify(LocalCluster cluster, IoContext pool, String change) throws IOException {
        String listed = cluster.ceph("rados", "-p", "p", "ls").run().ok();
        assertThat(new TreeSet<>(listed.lines().toList()))
                .as("objects after '%s'", change)
                .isEqualTo(new TreeSet<>(written.keySet()));
        for (Map.Entry<String, String> object : written.entrySet()) {
            if (object.getKey().contains("-java-")) {
                Path back = home.resolve("back");
                cluster.ceph("rados", "-p", "p", "get", object.getKey(), back).run().ok();
                assertThat(Files.readString(back))
                        .as("%s by rados after '%s'", object.getKey(), change)
                        .isEqualTo(object.getValue());
            } else {
                assertThat(Await.on(pool.read(object.getKey(), 0, 1 << 20)).toUtf8())
                        .as("%s by the Java client after '%s'", object.getKey(), change)
                        .isEqualTo(object.getValue());
            }
        }
    }
}
