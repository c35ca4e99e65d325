package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Bits turned over in the block files of stopped OSDs, met by genuine clients. */
@Tag("interop")
class DamagedBlocksTest {
    private static final int PORTS = 29_340;
    private static final int BLOCK_SIZE = 4096;
    private static final int SIZE = 10_000;

    @TempDir Path home;

    private DaemonCluster cluster;

    private String ceph(Object... words) {
        return cluster.ceph(words).run().ok();
    }

    private Program rados(Object... words) {
        Object[] all = new Object[words.length + 2];
        all[0] = "-p";
        all[1] = "p";
        System.arraycopy(words, 0, all, 2, words.length);
        return Program.of("rados", all).env("CEPH_CONF", cluster.conf().toString());
    }

    private static String mark(String object) {
        return "<the data of " + object + ">";
    }

    private static String data(String object) {
        return mark(object).repeat(SIZE / mark(object).length());
    }

    private void put(String object, String data, Object... more) throws IOException {
        Path file = cluster.file("data");
        Files.writeString(file, data);
        List<Object> words = new ArrayList<>(List.of("put", object, file));
        words.addAll(List.of(more));
        rados(words.toArray()).run().ok();
    }

    private String get(String object) throws IOException {
        Path file = cluster.file("got");
        rados("get", object, file).run().ok();
        return Files.readString(file);
    }

    /** Turns a bit over in the first block of each of those objects. */
    private void damage(int osd, List<String> objects) throws IOException {
        Map<String, Boolean> found = new TreeMap<>();
        try (FileChannel file =
                FileChannel.open(
                        cluster.file("osd." + osd).resolve("block"),
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            ByteBuffer chunk = ByteBuffer.allocate(1 << 20);
            for (long at = 0; at < file.size(); at += chunk.capacity()) {
                chunk.clear();
                file.read(chunk, at);
                for (int block = 0; block < chunk.position(); block += BLOCK_SIZE) {
                    String text = new String(chunk.array(), block, 64, StandardCharsets.ISO_8859_1);
                    for (String object : objects) {
                        if (text.startsWith(mark(object))) {
                            byte turned = (byte) (chunk.get(block + 40) ^ 4);
                            file.write(ByteBuffer.wrap(new byte[] {turned}), at + block + 40);
                            found.put(object, true);
                        }
                    }
                }
            }
        }
        assertThat(found.keySet()).as("on osd.%d", osd).containsAll(objects);
    }

    private int[] acting() {
        String text = ceph("pg", "map", "1.0").replaceAll("(?s).*acting \\[|\\].*", "");
        String[] osds = text.split(",");
        return new int[] {
            Integer.parseInt(osds[0]), Integer.parseInt(osds[1]), Integer.parseInt(osds[2])
        };
    }

    @Test
    void clientsNeverSeeWhatIsDamaged() throws IOException {
        Program.need("ceph", "rados", "ceph-authtool");
        try (DaemonCluster made = new DaemonCluster(home, PORTS)) {
            cluster = made;
            cluster.create();
            ceph("osd", "pool", "create", "p", "1", "1");
            ceph("osd", "pool", "application", "enable", "p", "rados");
            cluster.awaitHealth();
            List<String> many = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                many.add("m" + (char) ('a' + i));
            }
            List<String> onPrimary = new ArrayList<>(many);
            onPrimary.addAll(List.of("everywhere", "first"));
            for (String object : onPrimary) {
                put(object, data(object));
            }
            put("second", data("second"));
            int[] acting = acting();
            for (int osd : acting) {
                cluster.stop("osd." + osd);
            }
            damage(acting[0], onPrimary);
            damage(acting[1], List.of("everywhere", "second"));
            damage(acting[2], List.of("everywhere"));
            for (int osd : acting) {
                cluster.start("osd." + osd);
            }
            cluster.awaitHealth();

            assertThat(rados("get", "everywhere", cluster.file("got")).run().err())
                    .contains("(5) Input/output error");
            cluster.until(
                    "unfound", () -> ceph("health", "detail").contains("pg 1.0 has 1 unfound"));
            for (String object : List.of("first", "second")) {
                put(object, "written", "--offset", "100");
                String data = data(object);
                assertThat(get(object))
                        .isEqualTo(data.substring(0, 100) + "written" + data.substring(107));
            }
            ceph("pg", "1.0", "mark_unfound_lost", "delete");
            for (String object : many) {
                assertThat(get(object)).isEqualTo(data(object));
            }
            String what = "osd." + acting[0] + " had 14 reads repaired";
            cluster.until(
                    "too many repairs",
                    () -> ceph("health", "detail").contains("OSD_TOO_MANY_REPAIRS: Too many"));
            assertThat(ceph("health", "detail")).contains(what);
            ceph("tell", "osd." + acting[0], "clear_shards_repaired");
            cluster.awaitHealth();
            assertThat(cluster.compareStores()).isPositive();
        }
    }
}
