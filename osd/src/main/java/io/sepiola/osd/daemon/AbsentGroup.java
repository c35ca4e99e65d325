package io.sepiola.osd.daemon;

import io.sepiola.osd.peering.Infos;
import io.sepiola.osd.pg.PgHost;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.message.MOSDPGLog;
import io.sepiola.protocol.message.MOSDPGNotify2;
import io.sepiola.protocol.osd.PastIntervals;
import io.sepiola.protocol.osd.PgInfo;
import io.sepiola.protocol.osd.PgLog;
import io.sepiola.protocol.osd.PgMissing;
import io.sepiola.protocol.osd.PgNotify;
import io.sepiola.protocol.osd.PgQuery;

import java.util.Optional;

/** Answers for a group that this OSD does not have. */
final class AbsentGroup {
    private AbsentGroup() {}

    static void answer(PgHost host, SpgId id, int to, PgQuery query) {
        if (host.map().pool(id.pg().pool()).isEmpty()) {
            return;
        }
        PgInfo nothing = Infos.empty(id, query.history());
        if (query.kind() == PgQuery.INFO) {
            host.send(
                    to,
                    new MOSDPGNotify2(
                            id,
                            new PgNotify(
                                    query.epochSent(),
                                    host.map().epoch(),
                                    nothing,
                                    SpgId.NO_SHARD,
                                    SpgId.NO_SHARD,
                                    PastIntervals.NONE)));
            return;
        }
        host.send(
                to,
                new MOSDPGLog(
                        host.map().epoch(),
                        nothing,
                        PgLog.EMPTY,
                        PgMissing.NONE,
                        query.epochSent(),
                        PastIntervals.NONE,
                        SpgId.NO_SHARD,
                        SpgId.NO_SHARD,
                        Optional.empty()));
    }
}
