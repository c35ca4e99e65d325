package io.sepiola.monitor.command;

import io.sepiola.base.Malformed;
import io.sepiola.monitor.state.Change;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgPool;

import java.util.List;

/** {@code ceph osd force-create-pg}: a placement group of which every copy is lost begins anew. */
final class PgCreateCommand {
    private PgCreateCommand() {}

    static List<Row> rows() {
        return List.of(
                Row.of(
                        "osd force-create-pg",
                        "pgid:CephPgid yes_i_really_mean_it:CephBool:opt",
                        "osd",
                        "rw",
                        0,
                        "makes a placement group anew, empty, whose copies are all lost",
                        PgCreateCommand::create));
    }

    private static Reply create(Call call) {
        String text = call.arguments().text("pgid");
        PgId pg = parse(text);
        OsdMap map = call.state().osdMaps().newest();
        PgPool pool = map.pool(pg.pool()).orElse(null);
        if (pool == null || Integer.compareUnsigned(pg.seed(), pool.pgNum()) >= 0) {
            throw Refused.missing("pg '" + text + "' does not exist");
        }
        if (!call.arguments().flag("yes_i_really_mean_it")) {
            throw new Refused(
                    Errno.EPERM,
                    "This makes pg "
                            + pg
                            + " anew, empty; the cluster gives up whatever its copies held, for"
                            + " good. Do this only if all of them are lost. Pass"
                            + " --yes-i-really-mean-it to proceed.");
        }
        if (call.state().creating().containsKey(pg)) {
            return Reply.said("pg " + text + " already creating");
        }
        Utime now = Utime.of(call.facts().now());
        call.draft().propose(new Change.PgForced(pg, map.epoch(), now));
        // Without it the OSD does not tell when the group is there, and pg_num might change.
        call.draft()
                .osdMapStep()
                .newPool(
                        pg.pool(),
                        pool.with(next -> next.flags(pool.flags() | PgPool.FLAG_CREATING)));
        return Reply.said("pg " + text + " now creating, ok");
    }

    private static PgId parse(String text) {
        try {
            return PgId.parse(text);
        } catch (Malformed noPg) {
            throw Refused.invalid("invalid pgid '" + text + "'");
        }
    }
}
