package io.sepiola.osd.peering;

import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.osd.PgInfo;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where one member of a placement group stands: what {@link Peering} and the roles that it gives
 * work to have in common. Owned by the group's shard.
 */
final class Standing {
    final int self;
    final Ledger ledger;
    final Effects out;
    Phase phase = new Phase.Reset();
    Membership members;
    OsdMap map;

    /** Messages about epochs before this one are void. */
    int lastReset;

    /** What others have, as far as the primary knows; by OSD. */
    final SortedMap<Integer, PgInfo> peerInfos = new TreeMap<>();

    /** What others lack, as far as the primary knows; by OSD. */
    final SortedMap<Integer, MissingSet> peerMissing = new TreeMap<>();

    /** Who was asked for what it lacks only because something is unfound. */
    final SortedSet<Integer> logAsked = new TreeSet<>();

    Standing(int self, Ledger ledger, OsdMap map, Membership members, Effects out) {
        this.self = self;
        this.ledger = ledger;
        this.map = map;
        this.members = members;
        this.out = out;
        this.lastReset = ledger.history.sameIntervalSince();
    }

    void become(Phase next) {
        phase = next;
        out.phaseChanged();
    }

    /** Nothing is known of the others any more. */
    void reset(int epoch) {
        lastReset = epoch;
        peerInfos.clear();
        peerMissing.clear();
        logAsked.clear();
        become(new Phase.Reset());
    }

    boolean isPrimary() {
        return members.primary() == self;
    }

    SortedMap<Integer, PgInfo> allInfos() {
        SortedMap<Integer, PgInfo> all = new TreeMap<>(peerInfos);
        all.put(self, ledger.info());
        return all;
    }

    /** Those whom writes go to: present members and those being filled; without ourselves. */
    List<Integer> replicas() {
        List<Integer> replicas = new ArrayList<>();
        if (phase instanceof Phase.Active active) {
            for (int osd : active.choice().want()) {
                if (osd != self) {
                    replicas.add(osd);
                }
            }
            replicas.addAll(active.choice().backfill());
        }
        return replicas;
    }
}
