package io.sepiola.osd.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Whom OSDs ping. */
class HeartbeatPeersTest {
    private static NavigableSet<Integer> upTo(int count) {
        return IntStream.range(0, count).boxed().collect(Collectors.toCollection(TreeSet::new));
    }

    private static SortedSet<Integer> of(int self, Collection<Integer> sharing, int count) {
        return HeartbeatPeers.of(self, new TreeSet<>(sharing), upTo(count));
    }

    @Test
    void anOsdWithoutGroupsIsPingedByAllInASmallCluster() {
        for (int self = 0; self < 5; self++) {
            SortedSet<Integer> others = upTo(5);
            others.remove(self);
            assertThat(of(self, List.of(), 5)).isEqualTo(others);
        }
    }

    @Test
    void whoSharesGroupsIsPingedAndTheNeighboursAreToo() {
        List<Integer> sharing = IntStream.range(100, 120).boxed().toList();
        assertThat(of(50, sharing, 200)).containsAll(sharing).contains(49, 51).hasSize(22);
        assertThat(of(0, sharing, 200)).contains(1, 199);
    }

    @Test
    void everyOsdIsPingedByOthersOfSeveralHosts() {
        int perHost = 20;
        for (int count : new int[] {40, 60, 200}) {
            for (int victim = 0; victim < count; victim++) {
                SortedSet<Integer> hosts = new TreeSet<>();
                for (int self = 0; self < count; self++) {
                    SortedSet<Integer> peers = of(self, List.of(), count);
                    assertThat(peers).hasSizeBetween(9, HeartbeatPeers.COUNT_MIN);
                    if (peers.contains(victim)) {
                        hosts.add(self / perHost);
                    }
                }
                assertThat(hosts).as("of osd.%d of %d", victim, count).hasSizeGreaterThan(1);
            }
        }
    }

    @Test
    void thereMayBeNobodyElse() {
        assertThat(of(0, List.of(), 1)).isEmpty();
        assertThat(HeartbeatPeers.of(3, new TreeSet<>(), new TreeSet<>())).isEmpty();
        assertThat(of(7, List.of(), 2)).containsExactly(0, 1); // not up itself yet
    }
}
