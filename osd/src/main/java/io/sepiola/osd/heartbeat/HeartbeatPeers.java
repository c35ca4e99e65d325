package io.sepiola.osd.heartbeat;

import io.sepiola.protocol.map.OsdMap;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Whom an OSD pings: those with whom it shares placement groups; and, so that somebody notices when
 * an OSD without any ends, its neighbours by number among those that are up, and some more where
 * these are few (OSD::maybe_update_heartbeat_peers). Where Ceph draws these by lot from other
 * hosts, here they lie at even distances by number, which are other hosts as well. Pure.
 */
public final class HeartbeatPeers {
    /** So many at least, as far as there are (osd_heartbeat_min_peers). */
    static final int COUNT_MIN = 10;

    private HeartbeatPeers() {}

    /** Whom {@code self} pings by that map when it shares groups with these. */
    public static SortedSet<Integer> of(int self, SortedSet<Integer> sharing, OsdMap map) {
        NavigableSet<Integer> up = new TreeSet<>();
        for (int osd = 0; osd < map.osdMax(); osd++) {
            if (map.isUp(osd)) {
                up.add(osd);
            }
        }
        return of(self, sharing, up);
    }

    static SortedSet<Integer> of(int self, SortedSet<Integer> sharing, NavigableSet<Integer> up) {
        SortedSet<Integer> peers = new TreeSet<>(sharing);
        List<Integer> others = new ArrayList<>(up.tailSet(self, false)); // from the next one round
        others.addAll(up.headSet(self, false));
        if (!others.isEmpty()) {
            peers.add(others.getFirst());
            peers.add(others.getLast());
        }
        for (int i = 0; i < COUNT_MIN && peers.size() < COUNT_MIN; i++) {
            if (!others.isEmpty()) {
                peers.add(others.get((int) ((long) i * others.size() / COUNT_MIN)));
            }
        }
        peers.remove(self);
        return peers;
    }
}
