package io.sepiola.crush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

class CrushEditorTest {
    private static final int ONE = 0x10000;

    private static CrushMap sixOsdsOnThreeHosts() {
        CrushEditor editor = new CrushEditor(CrushEditor.initial("host"));
        for (int osd = 0; osd < 6; osd++) {
            editor.createOrMove(osd, "osd." + osd, ONE, at("host", "h" + osd / 2));
            editor.setDeviceClass(osd, osd % 2 == 0 ? "ssd" : "hdd");
        }
        return editor.build();
    }

    private static Map<String, String> at(String type, String name) {
        return Map.of(type, name, "root", "default");
    }

    private static int[] map(CrushMap map, int rule, int x, int count) {
        int[] weights = new int[map.deviceCountMax()];
        Arrays.fill(weights, ONE);
        return CrushMapper.map(map, rule, x, count, weights, -1);
    }

    @Test
    void replicasLieOnDistinctHosts() {
        CrushMap map = sixOsdsOnThreeHosts();
        for (int x = 0; x < 500; x++) {
            int[] osds = map(map, 0, x, 3);
            assertThat(Arrays.stream(osds).map(osd -> osd / 2).distinct().count()).isEqualTo(3);
        }
    }

    @Test
    void aRuleKeepsToItsDeviceClass() {
        CrushEditor editor = new CrushEditor(sixOsdsOnThreeHosts());
        int rule =
                editor.addSimpleRule("fast", "default", "host", "ssd", CrushRule.REPLICATED, true);
        CrushMap map = editor.build();
        for (int x = 0; x < 500; x++) {
            assertThat(map(map, rule, x, 3)).hasSize(3).containsExactlyInAnyOrder(0, 2, 4);
        }
    }

    @Test
    void shadowsKeepTheirIdsThroughChanges() {
        CrushMap before = sixOsdsOnThreeHosts();
        CrushEditor editor = new CrushEditor(before);
        editor.createOrMove(6, "osd.6", ONE, at("host", "h9"));
        editor.setDeviceClass(6, "ssd");
        CrushMap after = editor.build();
        before.shadows()
                .forEach((id, byClass) -> assertThat(after.shadows()).containsEntry(id, byClass));
        assertThat(CrushMap.CODEC.fromBytes(after.toBytes())).isEqualTo(after);
    }

    @Test
    void weightsAddUpToTheRoot() {
        CrushEditor editor = new CrushEditor(sixOsdsOnThreeHosts());
        assertThat(editor.reweight(3, 3 * ONE)).isTrue();
        assertThat(editor.reweight(3, 3 * ONE)).isFalse();
        CrushMap map = editor.build();
        assertThat(map.bucket(-1).orElseThrow().weight()).isEqualTo(8 * ONE);
        int hdd = map.itemId("default~hdd").orElseThrow();
        assertThat(map.bucket(hdd).orElseThrow().weight()).isEqualTo(5 * ONE);
    }

    @Test
    void aHostMovesIntoARackWithAllItHolds() {
        CrushEditor editor = new CrushEditor(sixOsdsOnThreeHosts());
        editor.addBucket("r1", "rack");
        assertThat(editor.move("r1", Map.of("root", "default"))).isTrue();
        assertThat(editor.move("h1", at("rack", "r1"))).isTrue();
        assertThat(editor.move("h1", at("rack", "r1"))).isFalse();
        CrushMap map = editor.build();
        assertThat(map.parent(2).orElseThrow().id()).isEqualTo(map.itemId("h1").orElseThrow());
        assertThat(map.itemName(map.parent(map.itemId("h1").orElseThrow()).orElseThrow().id()))
                .isEqualTo("r1");
        assertThat(map.bucket(-1).orElseThrow().weight()).isEqualTo(6 * ONE);
    }

    @Test
    void aDeviceThatComesBackElsewhereKeepsItsWeight() {
        CrushEditor editor = new CrushEditor(sixOsdsOnThreeHosts());
        editor.reweight(0, 2 * ONE);
        assertThat(editor.createOrMove(0, "osd.0", ONE, at("host", "h0"))).isFalse();
        assertThat(editor.createOrMove(0, "osd.0", ONE, at("host", "h2"))).isTrue();
        CrushBucket host = editor.build().parent(0).orElseThrow();
        assertThat(host.itemWeight(host.indexOf(0))).isEqualTo(2 * ONE);
    }

    @Test
    void removesDevicesAndThenTheirHost() {
        CrushEditor editor = new CrushEditor(sixOsdsOnThreeHosts());
        assertThatThrownBy(() -> editor.remove("h0")).hasMessageContaining("not empty");
        editor.remove("osd.0");
        editor.remove("osd.1");
        editor.remove("h0");
        assertThatThrownBy(() -> editor.remove("default")).hasMessageContaining("not empty");
        CrushMap map = editor.build();
        assertThat(map.itemId("h0")).isEmpty();
        assertThat(map.itemId("h0~ssd")).isEmpty();
        assertThat(map.bucket(-1).orElseThrow().size()).isEqualTo(2);
    }

    @Test
    void walksTheTreeInPrintedOrder() {
        List<CrushTree.Node> nodes = CrushTree.nodes(sixOsdsOnThreeHosts(), false);
        CrushMap map = sixOsdsOnThreeHosts();
        assertThat(nodes.stream().map(node -> map.itemName(node.id())))
                .containsExactly(
                        "default", "h0", "osd.1", "osd.0", "h1", "osd.3", "osd.2", "h2", "osd.5",
                        "osd.4"); // hdd before ssd
        assertThat(nodes.get(1).depth()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a~b", "ä", "x/y"})
    void refusesNamesThatAreNone(String name) {
        CrushEditor editor = new CrushEditor(sixOsdsOnThreeHosts());
        assertThatThrownBy(() -> editor.addBucket(name, "rack"))
                .isInstanceOf(CrushException.class)
                .hasMessageContaining("is no name");
    }

    @Test
    void aRefusedChangeChangesNothing() {
        CrushMap before = sixOsdsOnThreeHosts();
        CrushEditor editor = new CrushEditor(before);
        assertThatThrownBy(() -> editor.addBucket("h0", "host"))
                .hasMessageContaining("already exists");
        assertThatThrownBy(() -> editor.addBucket("h9", "galaxy")).hasMessageContaining("type");
        assertThatThrownBy(() -> editor.move("default", Map.of("host", "h1")))
                .hasMessageContaining("cannot hold");
        assertThatThrownBy(() -> editor.createOrMove(9, "osd.9", ONE, Map.of("rack", "h0")))
                .hasMessageContaining("not a rack");
        assertThatThrownBy(() ->
                        editor.addSimpleRule(
                                "r", "default", "host", "nvme", CrushRule.REPLICATED, true))
                .hasMessageContaining("nvme");
        assertThat(editor.build()).isEqualTo(before);
    }

    @Test
    void aDeviceMayHangInTwoPlacesAndLeaveOne() {
        CrushEditor editor = new CrushEditor(sixOsdsOnThreeHosts());
        editor.add(0, "osd.0", ONE, Map.of("host", "h1"));
        assertThat(holders(editor.build(), 0)).containsExactlyInAnyOrder("h0", "h1");
        assertThat(editor.remove("osd.0", "h0")).isTrue();
        assertThat(editor.remove("osd.0", "h2")).isFalse();
        assertThat(holders(editor.build(), 0)).containsExactly("h1");
    }

    @Test
    void aBucketMayBeLinkedTwiceAndUnlinkedWithWhatItHolds() {
        CrushEditor editor = new CrushEditor(sixOsdsOnThreeHosts());
        editor.addBucket("r0", "rack");
        assertThat(editor.link("h0", Map.of("rack", "r0"))).isTrue();
        assertThat(editor.link("h0", Map.of("rack", "r0"))).isFalse();
        int h0 = editor.build().itemId("h0").orElseThrow();
        assertThat(holders(editor.build(), h0)).containsExactlyInAnyOrder("default", "r0");
        assertThat(editor.unlink("h0", "")).isTrue();
        assertThat(holders(editor.build(), h0)).isEmpty();
        assertThat(editor.build().bucket(h0).orElseThrow().size()).isEqualTo(2);
    }

    @Test
    void swappedBucketsExchangeNamesAndContentsAndTheSumsFollow() {
        CrushEditor editor = new CrushEditor(sixOsdsOnThreeHosts());
        CrushMap before = editor.build();
        int h0 = before.itemId("h0").orElseThrow();
        int empty = editor.addBucket("spare", "host");
        editor.swap("spare", "h0");
        CrushMap after = editor.build();
        assertThat(after.itemName(empty)).isEqualTo("h0");
        assertThat(after.bucket(empty).orElseThrow().items())
                .isEqualTo(before.bucket(h0).orElseThrow().items());
        assertThat(after.bucket(h0).orElseThrow().size()).isZero();
        CrushBucket root = after.bucket(after.itemId("default").orElseThrow()).orElseThrow();
        assertThat(root.itemWeight(root.indexOf(h0))).isZero();
    }

    @Test
    void aWeightSetStartsWithTheBucketsWeightsAndItsSumsFollow() {
        CrushMap map = sixOsdsOnThreeHosts();
        WeightSetEditor editor = new WeightSetEditor(map);
        editor.create(7, 2);
        editor.reweight(7, 0, new int[] {ONE / 2, ONE / 4});
        CrushMap after = editor.build();
        ChooseArgs args = after.chooseArgs().get(7L);
        CrushBucket root = map.bucket(map.itemId("default").orElseThrow()).orElseThrow();
        int index = root.indexOf(map.itemId("h0").orElseThrow());
        int before = root.itemWeight(index);
        int[][] weights = args.byBucket().get(root.id()).weights();
        int its = weightOf(map, 0);
        assertThat(weights[0][index]).isEqualTo(before - its + ONE / 2);
        assertThat(weights[1][index]).isEqualTo(before - its + ONE / 4);
        assertThatThrownBy(() -> editor.reweight(7, 0, new int[] {ONE}))
                .hasMessageContaining("exact 2");
        assertThat(editor.remove(7)).isTrue();
        assertThat(editor.build()).isEqualTo(map);
    }

    @Test
    void aDeviceClassThatARuleKeepsToStays() {
        CrushEditor editor = new CrushEditor(sixOsdsOnThreeHosts());
        editor.addSimpleRule("fast", "default", "host", "ssd", CrushRule.REPLICATED, true);
        DeviceClasses classes = new DeviceClasses(editor.build());
        assertThatThrownBy(() -> classes.remove("ssd")).hasMessageContaining("fast");
        classes.rename("ssd", "flash");
        assertThat(classes.build().classOf(0).isPresent()).isTrue();
        assertThat(classes.build().classId("flash")).isPresent();
        assertThat(classes.build().itemNames()).containsValue("default~flash");
    }

    private static int weightOf(CrushMap map, int item) {
        CrushBucket parent = map.parent(item).orElseThrow();
        return parent.itemWeight(parent.indexOf(item));
    }

    private static List<String> holders(CrushMap map, int item) {
        return java.util.stream.IntStream.range(0, map.bucketSlots())
                .mapToObj(slot -> map.bucket(-1 - slot))
                .flatMap(java.util.Optional::stream)
                .filter(bucket -> !map.isShadow(bucket.id()) && bucket.indexOf(item) >= 0)
                .map(bucket -> map.itemName(bucket.id()))
                .toList();
    }
}
