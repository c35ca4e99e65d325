package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.cluster.daemon.OsdHome;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.store.BlockStore;
import io.sepiola.store.StoreMemory;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Where objects are, asked and arranged as a person does it: racks made, the CRUSH map taken out,
 * edited and put back, {@code osd map} asked; then the stopped OSDs' own disks are looked into.
 * Once with genuine {@code ceph}, once with ours.
 */
@Tag("interop")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class PlacementTest {
    private static final int OSDS = 6;
    private static final int OBJECTS = 12;

    @TempDir Path home;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void objectsLieOnTheDisksThatOsdMapNames(boolean genuine) throws IOException {
        Program.need("ceph", "rados", "crushtool");
        String name = genuine ? "genuine" : "ours";
        try (LocalCluster cluster = LocalCluster.start(home, name, "--osds", "" + OSDS)) {
            PlacementLines watch = new PlacementLines(cluster);
            PlacementTyping type = new PlacementTyping(cluster, genuine);
            racks(type);
            type.ceph("osd crush rule create-replicated by-rack default rack");
            type.ceph("osd pool create HPC_Pool 16 16 replicated by-rack");
            type.ceph("osd pool application enable HPC_Pool test");
            editByHand(type);
            type.ceph("osd crush reweight osd.4 0.5");
            keepOnSsds(type, watch);
            put(cluster);
            watch.awaitClean();
            TreeMap<String, String> groups = new TreeMap<>();
            TreeMap<String, Set<Integer>> wanted = new TreeMap<>();
            for (int i = 0; i < OBJECTS; i++) {
                String line = type.ceph("osd map HPC_Pool object" + i);
                assertThat(line)
                        .containsPattern(
                                "osdmap e\\d+ pool 'HPC_Pool' \\(\\d+\\) object 'object"
                                        + i
                                        + "' -> pg \\d+\\.[0-9a-f]+ \\(\\d+\\.[0-9a-f]+\\) -> up"
                                        + " \\(\\[\\d,\\d,\\d\\], p\\d\\) acting"
                                        + " \\(\\[\\d,\\d,\\d\\], p\\d\\)");
                List<Integer> up = watch.up("HPC_Pool", "object" + i);
                assertThat(up.stream().map(osd -> osd / 2).distinct())
                        .as("racks of object%d on %s", i, up)
                        .hasSize(3);
                groups.put("object" + i, watch.pgOf("HPC_Pool", "object" + i));
                wanted.put("object" + i, new TreeSet<>(up));
            }
            Path disks = cluster.directory();
            cluster.verb("stop", name).ok();
            assertThat(found(disks, groups)).isEqualTo(wanted);
            assertThat(listed(cluster, disks, groups)).isEqualTo(wanted);
        }
    }

    /** W7: each OSD on a host of its own, the hosts moved into racks, the racks under the root. */
    private static void racks(PlacementTyping type) {
        for (int osd = 0; osd < OSDS; osd++) {
            type.ceph("osd crush add-bucket ceph-node" + osd + " host");
            type.ceph("osd crush set " + osd + " 1.0 host=ceph-node" + osd);
            if (osd % 2 == 0) {
                type.ceph("osd crush add-bucket rack0" + osd / 2 + " rack");
            }
            type.ceph("osd crush move ceph-node" + osd + " rack=rack0" + osd / 2);
            if (osd % 2 == 1) {
                type.ceph("osd crush move rack0" + osd / 2 + " root=default");
            }
        }
    }

    /** W7: a rule that keeps a pool on SSDs; which OSDs are SSDs is told, not left to the disks. */
    private static void keepOnSsds(PlacementTyping type, PlacementLines watch) {
        for (int osd = 0; osd < OSDS; osd++) {
            type.ceph("osd crush rm-device-class osd." + osd);
            type.ceph("osd crush set-device-class " + (osd % 2 == 0 ? "hdd" : "ssd") + " " + osd);
        }
        type.ceph("osd crush rule create-replicated ssd-rule default host ssd");
        type.ceph("osd pool create fast 8 8 replicated ssd-rule");
        for (int i = 0; i < OBJECTS; i++) {
            type.ceph("osd map fast object" + i);
            assertThat(watch.up("fast", "object" + i)).hasSize(3).allMatch(osd -> osd % 2 == 1);
        }
    }

    /** W7: out, to text, edited, back, in; and what is no map changes nothing. */
    private void editByHand(PlacementTyping type) throws IOException {
        Path map = home.resolve("map");
        Path text = home.resolve("map.txt");
        Path edited = home.resolve("map2");
        type.ceph("osd getcrushmap -o " + map);
        type.tool("crushtool -d " + map + " -o " + text);
        String before = Files.readString(text);
        String after = before.replace("item osd.5 weight 1.00", "item osd.5 weight 1.50");
        assertThat(after).isNotEqualTo(before);
        Files.writeString(text, after);
        type.tool("crushtool -c " + text + " -o " + edited);
        type.ceph("osd setcrushmap -i " + edited);
        assertThat(type.ceph("osd tree")).containsPattern("5 .* 1\\.50000 .*osd\\.5");
        Files.writeString(map, "this is no map");
        assertThat(type.program("osd setcrushmap -i " + map).run().code()).isEqualTo(22);
        assertThat(type.ceph("osd tree")).containsPattern("5 .* 1\\.50000 .*osd\\.5");
    }

    private void put(LocalCluster cluster) throws IOException {
        for (int i = 0; i < OBJECTS; i++) {
            Path file = home.resolve("object");
            Files.writeString(file, ("object" + i).repeat(1 + 500 * i));
            cluster.ceph("rados", "-p", "HPC_Pool", "put", "object" + i, file).run().ok();
        }
    }

    /** On which stopped OSDs' disks each object is. */
    private static TreeMap<String, Set<Integer>> found(Path disks, TreeMap<String, String> groups) {
        TreeMap<String, Set<Integer>> found = new TreeMap<>();
        for (int osd = 0; osd < OSDS; osd++) {
            OsdHome disk = new OsdHome(disks.resolve("osd." + osd), osd);
            try (StoreMemory cache = new StoreMemory(16 << 20);
                    BlockStore store = disk.open(cache, 0, failure -> {})) {
                assertThat(store.check()).as("osd.%d's store", osd).isEmpty();
                for (var group : groups.entrySet()) {
                    if (objects(store, group.getValue()).contains(group.getKey())) {
                        found.computeIfAbsent(group.getKey(), any -> new TreeSet<>()).add(osd);
                    }
                }
            }
        }
        return found;
    }

    /** W6: what the tool lists on each disk, of all groups and of one. */
    private static TreeMap<String, Set<Integer>> listed(
            LocalCluster cluster, Path disks, TreeMap<String, String> groups) {
        TreeMap<String, Set<Integer>> listed = new TreeMap<>();
        String one = groups.firstEntry().getValue();
        for (int osd = 0; osd < OSDS; osd++) {
            String tool = "ceph-objectstore-tool --data-path " + disks.resolve("osd." + osd);
            String all = cluster.sepiola((Object[]) (tool + " --op list").split(" ")).run().ok();
            tool += " --pgid " + one;
            assertThat(cluster.sepiola((Object[]) (tool + " --op list").split(" ")).run().ok())
                    .isEqualTo(ofGroup(all, one));
            for (var group : groups.entrySet()) {
                String oid = "{\"oid\":\"" + group.getKey() + "\",";
                if (ofGroup(all, group.getValue()).contains(oid)) {
                    listed.computeIfAbsent(group.getKey(), any -> new TreeSet<>()).add(osd);
                }
            }
        }
        return listed;
    }

    private static String ofGroup(String lines, String pg) {
        return lines.lines()
                .filter(line -> line.startsWith("[\"" + pg + "\","))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    private static Set<String> objects(BlockStore store, String pg) {
        CollectionId group = new CollectionId.Pg(SpgId.replicated(PgId.parse(pg)));
        if (!store.exists(group)) {
            return new HashSet<>();
        }
        return new ArrayList<>(store.list(group, GhObject.of(HObject.MIN), 10_000))
                .stream().map(object -> object.object().name()).collect(Collectors.toSet());
    }
}
