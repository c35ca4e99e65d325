package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.client.CephConf;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Follows a genuine monitor through everything that an operator does to the OSD map: each change,
 * applied by us, gives to the byte the map that the monitor keeps of that epoch.
 */
@Tag("interop")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class GenuineMapsTest {
    /** Typed one after the other; none may be refused. */
    private static final List<String> LINES =
            List.of(
                    "osd pool create two 8 8 replicated --size 2",
                    "osd pool create three 16 16",
                    "osd pool create moving 8 8",
                    "osd pool create cache 8 8",
                    "osd pool create gone 8 8",
                    "osd erasure-code-profile set k2 k=2 m=1 crush-failure-domain=osd",
                    "osd erasure-code-profile set k3 k=3 m=2 crush-failure-domain=osd",
                    "osd erasure-code-profile rm k3",
                    "osd pool create coded 8 8 erasure k2",
                    "osd pool set coded allow_ec_overwrites true",
                    "osd pool application enable two rbd",
                    "osd pool application set two rbd key value",
                    "osd pool application rm two rbd key",
                    "osd pool set two size 3",
                    "osd pool set two min_size 1",
                    "osd pool set two nodelete true",
                    "osd pool set two nodelete false",
                    "osd pool set two compression_mode aggressive",
                    "osd pool set two compression_required_ratio 0.7",
                    "osd pool set two target_size_bytes 1000000",
                    "osd pool set two pg_num 16",
                    "osd pool set three pg_num 8",
                    "osd pool set-quota two max_objects 1000",
                    "osd pool set-quota two max_bytes 1000000000",
                    "osd pool mksnap three first",
                    "osd pool mksnap three second",
                    "osd pool rmsnap three first",
                    "osd tier add moving cache",
                    "osd tier cache-mode cache writeback",
                    "osd pool set cache hit_set_type bloom",
                    "osd pool set cache hit_set_count 4",
                    "osd pool set cache target_max_bytes 1000000",
                    "osd tier set-overlay moving cache",
                    "osd tier remove-overlay moving",
                    "osd pool rename gone going",
                    "osd pool rm going going --yes-i-really-really-mean-it",
                    "osd reweight 1 0.7",
                    "osd reweightn '{\"0\":\"60000\",\"2\":\"61000\"}'",
                    "osd primary-affinity 0 0.5",
                    "osd primary-affinity 2 0",
                    "osd crush add-bucket rack1 rack",
                    "osd crush add-bucket host1 host",
                    "osd crush move rack1 root=default",
                    "osd crush move host1 rack=rack1",
                    "osd crush set osd.1 1.5 host=host1",
                    "osd crush reweight osd.2 0.25",
                    "osd crush rm-device-class osd.0 osd.1 osd.2",
                    "osd crush set-device-class nvme osd.1 osd.2",
                    "osd crush rule create-replicated fast default osd nvme",
                    "osd pool set moving crush_rule fast",
                    "osd crush weight-set create-compat",
                    "osd crush weight-set reweight-compat osd.1 1.25",
                    "osd crush weight-set create two flat",
                    "osd crush tunables jewel",
                    "osd crush rename-bucket host1 host2",
                    "osd set-require-min-compat-client luminous",
                    "osd pg-upmap-items 2.1 0 2",
                    "osd pg-upmap-items 2.2 1 0",
                    "osd rm-pg-upmap-items 2.1",
                    "osd pg-upmap 2.3 1 2 0",
                    "osd pg-upmap 2.6 2 0 1",
                    "osd pg-temp 2.4 1 0",
                    "osd primary-temp 2.5 0",
                    "osd primary-temp 2.7 2",
                    "osd set noout",
                    "osd set noscrub",
                    "osd unset noout",
                    "osd set-group noout,noin host2",
                    "osd set-group nodown nvme",
                    "osd set-group noup osd.0",
                    "osd unset-group noout host2",
                    "osd unset-group noup osd.0",
                    "osd set-nearfull-ratio 0.8",
                    "osd set-backfillfull-ratio 0.88",
                    "osd set-full-ratio 0.93",
                    "osd blocklist add 192.168.0.1:0/3710147553 600",
                    "osd blocklist add [fd00::1]:6800/7 500.5",
                    "osd blocklist rm 192.168.0.1:0/3710147553",
                    "osd new 6f3c1ba0-6a2c-4dc5-a2d6-a3f8b6f7c1d1",
                    "osd setmaxosd 6",
                    "osd lost 3 --yes-i-really-mean-it",
                    "osd destroy 3 --yes-i-really-mean-it",
                    "osd purge 3 --yes-i-really-mean-it",
                    "osd out 1",
                    "osd in 1",
                    "osd unset-group nodown nvme",
                    "osd down 2",
                    "osd crush weight-set rm-compat",
                    "osd crush unlink host2",
                    "osd crush link host2 root=default");

    /** What no line of ceph makes: snapshots that a client manages by itself. */
    private static final String SNAPSHOTS =
            String.join(
                    "\n",
                    "import rados, sys",
                    "with rados.Rados(conffile=sys.argv[1], name='client.admin') as cluster:",
                    "    pool = cluster.open_ioctx('two')",
                    "    ids = [pool.create_self_managed_snap() for _ in range(4)]",
                    "    pool.remove_self_managed_snap(ids[1])",
                    "    pool.remove_self_managed_snap(ids[2])",
                    "    pool.close()");

    /** So that half a minute is enough. */
    private static final String[] HASTE = {
        "paxos propose interval = 0.05",
        "mgr tick period = 1",
        "mgr stats period = 1",
        "mon mgr digest period = 1"
    };

    /** What must have come, so that the run shows something. */
    private static final Map<String, Predicate<OsdMapIncremental>> KINDS =
            Map.ofEntries(
                    Map.entry("a whole map", change -> change.fullMap().size() > 0),
                    Map.entry("a CRUSH map", change -> change.crush().size() > 0),
                    Map.entry("flags", change -> change.flags() > 0),
                    Map.entry("OSDs up", change -> !change.newUp().isEmpty()),
                    Map.entry("states", change -> !change.newState().isEmpty()),
                    Map.entry("weights", change -> !change.newWeight().isEmpty()),
                    Map.entry("affinities", change -> !change.newAffinity().isEmpty()),
                    Map.entry("pools", change -> !change.newPools().isEmpty()),
                    Map.entry("pools gone", change -> !change.oldPools().isEmpty()),
                    Map.entry("pool names", change -> !change.newPoolNames().isEmpty()),
                    Map.entry("profiles", change -> !change.newEcProfiles().isEmpty()),
                    Map.entry("profiles gone", change -> !change.oldEcProfiles().isEmpty()),
                    Map.entry("pg_temp", change -> !change.newPgTemp().isEmpty()),
                    Map.entry("primary_temp", change -> !change.newPrimaryTemp().isEmpty()),
                    Map.entry("pg_upmap", change -> !change.newUpmap().isEmpty()),
                    Map.entry("pg_upmap_items", change -> !change.newUpmapItems().isEmpty()),
                    Map.entry("items gone", change -> !change.oldUpmapItems().isEmpty()),
                    Map.entry("removed snaps", change -> !change.newRemovedSnaps().isEmpty()),
                    Map.entry("purged snaps", change -> !change.newPurgedSnaps().isEmpty()),
                    Map.entry("blocklist", change -> !change.newBlocklist().isEmpty()),
                    Map.entry("unblocked", change -> !change.oldBlocklist().isEmpty()),
                    Map.entry("lost", change -> !change.newLost().isEmpty()),
                    Map.entry("up_thru", change -> !change.newUpThru().isEmpty()),
                    Map.entry("nodes' flags", change -> !change.newCrushNodeFlags().isEmpty()),
                    Map.entry("classes' flags", change -> !change.newDeviceClassFlags().isEmpty()),
                    Map.entry("ratios", change -> change.nearfullRatio() > 0));

    @TempDir Path home;

    @Test
    void eachChangeGivesTheMonitorsMap() {
        try (GenuineCluster cluster = GenuineCluster.start(home, 24_900, HASTE);
                MapFollower follower =
                        new MapFollower(
                                CephConf.load(
                                        cluster.conf(), "ceph", AuthName.parse("client.admin")))) {
            type(cluster);
            Program.of("/usr/bin/python3", "-c", SNAPSHOTS, cluster.conf()).run().ok();
            int newest = settled(follower);
            SortedMap<Integer, Bytes> changes = follower.changes();
            assertThat(changes.firstKey()).isEqualTo(1);
            Map<String, Predicate<OsdMapIncremental>> unseen = new TreeMap<>(KINDS);
            OsdMap map = OsdMap.blank(OsdMapIncremental.CODEC.fromBytes(changes.get(1)).fsid());
            for (int epoch = 1; epoch <= newest; epoch++) {
                assertThat(changes).containsKey(epoch);
                OsdMapIncremental change = OsdMapIncremental.CODEC.fromBytes(changes.get(epoch));
                unseen.values().removeIf(kind -> kind.test(change));
                map = step(map, changes.get(epoch), follower.whole(epoch));
            }
            assertThat(unseen.keySet()).as("kinds of change that never came").isEmpty();
            assertThat(groups(map, "two")).as("groups after a split").isEqualTo(16);
            assertThat(groups(map, "three")).as("groups after a merge").isLessThan(16);
            System.out.println("genuine maps followed through " + newest + " epochs");
        }
    }

    /** In few processes: ceph takes lines from its input, too, but then tells no exit codes. */
    private static void type(GenuineCluster cluster) {
        Program.Result typed =
                Program.of("ceph", "-c", cluster.conf()).run(String.join("\n", LINES) + "\n");
        typed.ok();
        assertThat(typed.err() + typed.out()).doesNotContain("Error", "nvalid");
    }

    /** The newest epoch, after which for some seconds no other came; half a minute at most. */
    private static int settled(MapFollower follower) {
        int newest = follower.newest();
        int quiet = 0;
        for (int tries = 0; tries < 60 && quiet < 12; tries++, quiet++) {
            LockSupport.parkNanos(500_000_000L);
            int now = follower.newest();
            if (now != newest || follower.changes().lastKey() < now) {
                quiet = 0;
                newest = now;
            }
        }
        return newest;
    }

    private static int groups(OsdMap map, String pool) {
        return map.pool(map.poolId(pool).orElseThrow()).orElseThrow().pgNum();
    }

    private static OsdMap step(OsdMap before, Bytes encoded, Bytes whole) {
        OsdMapIncremental change = OsdMapIncremental.CODEC.fromBytes(encoded);
        assertThat(OsdMapIncremental.CODEC.toBytes(change))
                .as("the change to epoch %d, encoded again", change.epoch())
                .isEqualTo(encoded);
        assertThat(change.encodeFeatures())
                .as("features of epoch %d", change.epoch())
                .isEqualTo(OsdMapIncremental.ENCODE_FEATURES);
        OsdMap map = before.apply(change);
        assertThat(map.crc())
                .as("checksum of epoch %d, after %s", change.epoch(), change)
                .isEqualTo(change.fullCrc());
        assertThat(map.encoded())
                .as("the whole map of epoch %d, after %s", change.epoch(), change)
                .isEqualTo(whole);
        assertThat(OsdMap.CODEC.toBytes(OsdMap.CODEC.fromBytes(whole)))
                .as("the whole map of epoch %d, read and encoded again", change.epoch())
                .isEqualTo(whole);
        return map;
    }
}
