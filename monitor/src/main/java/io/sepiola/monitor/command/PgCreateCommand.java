package io.sepiola.monitor.command;

import io.sepiola.base.Malformed;
import io.sepiola.monitor.state.Change;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.UpActing;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Beginning anew: {@code ceph osd force-create-pg} makes a placement group again of which every
 * copy is lost, {@code ceph pg repeer} has its members agree again.
 */
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
                        PgCreateCommand::create),
                Row.of(
                        "pg repeer",
                        "pgid:CephPgid",
                        "osd",
                        "rw",
                        0,
                        "makes the members of a placement group agree anew",
                        PgCreateCommand::repeer));
    }

    private static PgId existing(Call call) {
        String text = call.arguments().text("pgid");
        PgId pg = parse(text);
        PgPool pool = call.state().osdMaps().newest().pool(pg.pool()).orElse(null);
        if (pool == null || Integer.compareUnsigned(pg.seed(), pool.pgNum()) >= 0) {
            throw Refused.missing("pg '" + text + "' does not exist");
        }
        return pg;
    }

    /**
     * Gives the group another acting set for a moment: its primary alone, or where that is alone
     * already, one more. The primary then asks for what the hierarchy says, and all peer again.
     */
    private static Reply repeer(Call call) {
        PgId pg = existing(call);
        OsdMap map = call.state().osdMaps().newest();
        UpActing mapped = map.map(pg);
        int primary = mapped.actingPrimary();
        if (primary < 0) {
            throw new Refused(Errno.EAGAIN, "pg " + pg + " has no primary now");
        }
        List<Integer> members = new ArrayList<>(List.of(primary));
        if (mapped.acting().length <= 1) {
            IntStream.range(0, map.osdMax())
                    .filter(osd -> osd != primary && map.isUp(osd))
                    .findFirst()
                    .ifPresent(members::add);
            if (members.size() == 1) {
                throw new Refused(Errno.EAGAIN, "no other OSD is up that could take part");
            }
        }
        call.draft().osdMapStep().newPgTemp(pg, members);
        return Reply.said("");
    }

    private static Reply create(Call call) {
        PgId pg = existing(call);
        OsdMap map = call.state().osdMaps().newest();
        PgPool pool = map.pool(pg.pool()).orElseThrow();
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
            return Reply.said("pg " + call.arguments().text("pgid") + " already creating");
        }
        Utime now = Utime.of(call.facts().now());
        call.draft().propose(new Change.PgForced(pg, map.epoch(), now));
        // Without it the OSD does not tell when the group is there, and pg_num might change.
        call.draft()
                .osdMapStep()
                .newPool(
                        pg.pool(),
                        pool.with(next -> next.flags(pool.flags() | PgPool.FLAG_CREATING)));
        return Reply.said("pg " + call.arguments().text("pgid") + " now creating, ok");
    }

    private static PgId parse(String text) {
        try {
            return PgId.parse(text);
        } catch (Malformed noPg) {
            throw Refused.invalid("invalid pgid '" + text + "'");
        }
    }
}
