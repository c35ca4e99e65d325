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
            PlacementLines.racks(OSDS).forEach(type::ceph);
            type.ceph("osd crush rule create-replicated by-rack default rack");
            type.ceph("osd pool create HPC_Pool 16 16 replicated by-rack");
            type.ceph("osd pool application enable HPC_Pool test");
            editByHand(type);
            type.ceph("osd crush reweight osd.4 0.5");
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
        }
    }

    /** W7: out, to text, edited, back, in; and what is no map changes nothing. */
    private void editByHand(PlacementTyping type) throws IOException {
        Path map = home.resolve("map");
        Path text = home.resolve("map.txt");
        Path edited = home.resolve("map2");
        type.ceph("osd getcrushmap -o " + map);
        Program.of("crushtool", "-d", map, "-o", text).run().ok();
        String before = Files.readString(text);
        String after = before.replace("item osd.5 weight 1.00", "item osd.5 weight 1.50");
        assertThat(after).isNotEqualTo(before);
        Files.writeString(text, after);
        Program.of("crushtool", "-c", text, "-o", edited).run().ok();
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

    private static Set<String> objects(BlockStore store, String pg) {
        CollectionId group = new CollectionId.Pg(SpgId.replicated(PgId.parse(pg)));
        if (!store.exists(group)) {
            return new HashSet<>();
        }
        return new ArrayList<>(store.list(group, GhObject.of(HObject.MIN), 10_000))
                .stream().map(object -> object.object().name()).collect(Collectors.toSet());
    }
}
