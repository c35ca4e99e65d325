package io.sepiola.lab.simulation;

import io.sepiola.base.Bytes;
import io.sepiola.base.Decoder;
import io.sepiola.osd.peering.LedgerDisk;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.message.MOSDOpReply;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.PgInfo;
import io.sepiola.protocol.osd.PgStat;
import io.sepiola.store.ObjectStore;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * What an answer promises, looked up on the disks at the moment at which a client hears it: every
 * acting member has noted the interval in which the primary serves, and has the write in its log,
 * both so that a loss of power cannot take it away. An answer of an interval that is over by then
 * is not looked at. Owned by the simulation.
 */
final class Promises {
    private static final String INFO = "_info";
    private static final String FAST = "_fast";

    private final SimulatedCluster cluster;
    private @Nullable Violation violationOrNull;

    Promises(SimulatedCluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Whether all were kept so far.
     *
     * @throws Violation when one was not
     */
    void check() {
        if (violationOrNull != null) {
            throw violationOrNull;
        }
    }

    /** A message arrives; who delivers it would keep what is thrown to himself. */
    void delivered(EntityName to, EntityName from, Message message) {
        if (violationOrNull == null
                && to.type() == EntityType.CLIENT
                && message instanceof MOSDOpReply reply) {
            SimulatedOsd primary = cluster.osds().get(Math.toIntExact(from.number()));
            PgStat stat = primary.groups().get(reply.pg());
            if (stat != null && Integer.compareUnsigned(stat.mappingEpoch(), reply.epoch()) <= 0) {
                stat.acting().forEach(member -> look(primary, member, stat, reply));
            }
        }
    }

    private void look(SimulatedOsd primary, int member, PgStat stat, MOSDOpReply reply) {
        if (member < 0 || member >= cluster.osds().size()) {
            return; // nobody
        }
        Noted noted = noted(cluster.osds().get(member), new SpgId(reply.pg(), SpgId.NO_SHARD));
        boolean joined = Integer.compareUnsigned(noted.started, stat.mappingEpoch()) >= 0;
        if (!joined || reply.version().isAfter(noted.lastUpdate)) {
            violationOrNull =
                    new Violation(
                            "O1",
                            primary.name()
                                    + " answers for "
                                    + reply.pg()
                                    + " with "
                                    + reply.version()
                                    + " in the interval of "
                                    + stat.mappingEpoch()
                                    + ", and osd."
                                    + member
                                    + " has on disk "
                                    + noted);
        }
    }

    /** The last epoch in which a member was activated, and the newest entry of its log. */
    private record Noted(int started, EVersion lastUpdate) {}

    private static Noted noted(SimulatedOsd osd, SpgId pg) {
        ObjectStore disk = osd.store().durable();
        CollectionId collection = new CollectionId.Pg(pg);
        if (!LedgerDisk.isThere(disk, collection, pg)) {
            return new Noted(0, EVersion.ZERO);
        }
        SortedMap<String, Bytes> found =
                disk.omap(
                        collection, LedgerDisk.metaObject(pg), new TreeSet<>(List.of(INFO, FAST)));
        Decoder info = new Decoder(found.getOrDefault(INFO, Bytes.EMPTY));
        info.u8(); // the format
        info.u32(); // the epoch of writing
        int started = PgInfo.CODEC.decode(info).lastEpochStarted();
        Decoder fast = new Decoder(found.getOrDefault(FAST, Bytes.EMPTY));
        return new Noted(started, EVersion.CODEC.decode(fast));
    }
}
