package io.sepiola.monitor.command;

import io.sepiola.monitor.state.Change;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.map.OsdMap;

import java.util.List;
import java.util.UUID;

/** Giving OSDs up: their data, their keys, their ids. */
final class OsdRemovalCommands {
    private static final UUID NO_UUID = new UUID(0, 0);

    private OsdRemovalCommands() {}

    static List<Row> rows() {
        String osd = "id:CephOsdName";
        String sure = " yes_i_really_mean_it:CephBool:opt";
        return List.of(
                row(
                        "osd lost",
                        osd + sure,
                        "gives up what an OSD that is down had and no other has",
                        OsdRemovalCommands::lost),
                row(
                        "osd purge-new",
                        osd + sure,
                        "removes an OSD that never was up",
                        OsdRemovalCommands::purgeNew),
                hidden("osd destroy-actual", osd + sure, OsdRemovalCommands::destroy),
                hidden("osd purge-actual", osd + sure, OsdRemovalCommands::purge));
    }

    private static Row row(String prefix, String arguments, String help, Row.Action action) {
        return Row.of(prefix, arguments, "osd", "rw", 0, help, action);
    }

    /** What the manager asks for once it is safe or forced. */
    private static Row hidden(String prefix, String arguments, Row.Action action) {
        return Row.of(prefix, arguments, "osd", "rw", 32, "as without -actual", action);
    }

    private static OsdMap map(Call call) {
        return call.state().osdMaps().newest();
    }

    private static boolean isSure(Call call) {
        return call.arguments().flag("yes_i_really_mean_it");
    }

    private static Reply lost(Call call) {
        int osd = call.arguments().osd("id");
        if (!isSure(call)) {
            throw new Refused(
                    Errno.EPERM,
                    "are you SURE?  this might mean real, permanent data loss.  pass"
                            + " --yes-i-really-mean-it if you really do.");
        }
        OsdMap map = map(call);
        if (!map.exists(osd)) {
            throw Refused.missing("osd." + osd + " does not exist");
        }
        if (!map.isDown(osd)) {
            throw new Refused(Errno.EBUSY, "osd." + osd + " is not down");
        }
        int at = map.info(osd).downAt();
        call.draft().osdMapStep().newLost(osd, at);
        return Reply.said("marked osd lost in epoch " + Integer.toUnsignedLong(at));
    }

    /** Refuses what would take away data that an OSD still serves. */
    private static void requireDown(Call call, int osd) {
        if (!isSure(call)) {
            throw new Refused(
                    Errno.EPERM,
                    "Are you SURE?  Did you verify with 'ceph osd safe-to-destroy'?  This will mean"
                            + " real, permanent data loss, as well as deletion"
                            + " of cephx and lockbox keys. Pass --yes-i-really-mean-it if you"
                            + " really do.");
        }
        if (map(call).isUp(osd)) {
            throw new Refused(Errno.EBUSY, "osd." + osd + " is not `down`.");
        }
    }

    private static Reply destroy(Call call) {
        int osd = call.arguments().osd("id");
        OsdMap map = map(call);
        requireDown(call, osd);
        if (!map.exists(osd)) {
            return Reply.said("osd." + osd + " does not exist");
        }
        if ((map.state(osd) & OsdMap.STATE_DESTROYED) != 0) {
            return Reply.said("destroyed osd." + osd);
        }
        removeKey(call, osd);
        call.draft().touch(osd);
        call.draft().osdMapStep().newState(osd, OsdMap.STATE_DESTROYED).newUuid(osd, NO_UUID);
        return Reply.said("destroyed osd." + osd);
    }

    private static void removeKey(Call call, int osd) {
        AuthName name = new AuthName(EntityType.OSD, Integer.toString(osd));
        if (call.state().auth().entities().containsKey(name)) {
            call.draft().propose(new Change.AuthRemoved(name));
        }
    }

    private static Reply purge(Call call) {
        int osd = call.arguments().osd("id");
        requireDown(call, osd);
        if (!map(call).exists(osd)) {
            return Reply.said("osd." + osd + " does not exist");
        }
        CrushPlaceCommands.removeIfPlaced(call, "osd." + osd);
        remove(call, osd);
        removeKey(call, osd);
        return Reply.said("purged osd." + osd);
    }

    private static Reply purgeNew(Call call) {
        int osd = call.arguments().osd("id");
        OsdMap map = map(call);
        requireDown(call, osd);
        if (map.exists(osd) && (map.state(osd) & OsdMap.STATE_NEW) == 0) {
            throw new Refused(Errno.EPERM, "osd." + osd + " is not `new`.");
        }
        return purge(call);
    }

    /** Takes an OSD that is down out of the map. */
    static void remove(Call call, int osd) {
        int state = map(call).state(osd);
        call.draft().touch(osd);
        call.draft().osdMapStep().newState(osd, state | OsdMap.STATE_EXISTS).newWeight(osd, 0);
    }
}
