package io.sepiola.monitor.command;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.text.AddrText;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.monitor.text.Units;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.EntityAuth;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Changing OSDs and the cluster's flags. */
final class OsdChangeCommands {
    private static final int OSD_MAX = 10_000;
    private static final double BLOCKLIST_SECONDS = 3600;
    private static final Pattern ADDR =
            Pattern.compile(
                    "(?:v1:|v2:|any:)?([0-9.]{7,15}|\\[[0-9a-fA-F:]{2,45}])"
                            + "(?::([0-9]{1,5}))?(?:/([0-9]{1,10}))?");

    private OsdChangeCommands() {}

    static List<Row> rows() {
        String ids = "ids:CephString:N";
        String ratio = "ratio:CephFloat[0.0|1.0]";
        return List.of(
                row(
                        "osd out",
                        ids,
                        "takes data away from OSDs",
                        call -> each(call, OsdChangeCommands::out)),
                row(
                        "osd in",
                        ids,
                        "gives data to OSDs again",
                        call -> each(call, OsdChangeCommands::in)),
                row(
                        "osd down",
                        ids + " definitely_dead:CephBool:opt",
                        "marks OSDs down; those that live come up again",
                        call -> each(call, OsdChangeCommands::down)),
                row(
                        "osd stop",
                        ids,
                        "ends OSDs' daemons, and marks them down",
                        call -> each(call, OsdChangeCommands::stop)),
                row(
                        "osd rm",
                        ids,
                        "removes OSDs that are down",
                        call -> each(call, OsdChangeCommands::remove)),
                row(
                        "osd setmaxosd",
                        "newmax:CephInt[0]",
                        "sets the number of OSD ids",
                        OsdChangeCommands::setMax),
                row(
                        "osd new",
                        "uuid:CephUUID id:CephOsdName:opt",
                        "gives an OSD its id; the input may hold its key",
                        OsdChangeCommands::create),
                Row.of(
                        "osd create",
                        "uuid:CephUUID:opt id:CephOsdName:opt",
                        "osd",
                        "rw",
                        4,
                        "gives an OSD its id",
                        OsdChangeCommands::create),
                row(
                        "osd set-full-ratio",
                        ratio,
                        "sets when OSDs are full",
                        OsdChangeCommands::fullRatio),
                row(
                        "osd set-backfillfull-ratio",
                        ratio,
                        "sets when OSDs take no backfill",
                        OsdChangeCommands::backfillfullRatio),
                row(
                        "osd set-nearfull-ratio",
                        ratio,
                        "sets when OSDs are nearly full",
                        OsdChangeCommands::nearfullRatio),
                row(
                        "osd blocklist",
                        "blocklistop:CephChoices=add|rm addr:CephEntityAddr"
                                + " expire:CephFloat:opt[0.0]",
                        "shuts an address out, or lets it in again",
                        OsdChangeCommands::blocklist),
                row(
                        "osd blocklist clear",
                        "",
                        "lets all addresses in again",
                        OsdChangeCommands::clearBlocklist));
    }

    private static Row row(String prefix, String arguments, String help, Row.Action action) {
        return Row.of(prefix, arguments, "osd", "rw", 0, help, action);
    }

    private static OsdMap map(Call call) {
        return call.state().osdMaps().newest();
    }

    private static Utime now(Call call) {
        return Utime.of(call.facts().now());
    }

    /** Does something for each OSD named; each says a sentence that ends with a blank. */
    private static Reply each(Call call, BiFunction<Call, Integer, String> action) {
        OsdMap map = map(call);
        StringBuilder said = new StringBuilder();
        boolean all = isAll(call.arguments().texts("ids"));
        for (int osd : osds(map, call.arguments().texts("ids"))) {
            String sentence =
                    map.exists(osd) ? action.apply(call, osd) : "osd." + osd + " does not exist. ";
            if (!all || !sentence.contains("already")) {
                said.append(sentence);
            }
        }
        return Reply.said(said.toString());
    }

    private static boolean isAll(List<String> names) {
        return names.stream().anyMatch(name -> List.of("any", "all", "*").contains(name));
    }

    private static int[] osds(OsdMap map, List<String> names) {
        if (isAll(names)) {
            return IntStream.range(0, map.osdMax()).filter(map::exists).toArray();
        }
        return names.stream()
                .mapToInt(name -> {
                    String digits = name.startsWith("osd.") ? name.substring(4) : name;
                    if (!digits.matches("[0-9]{1,9}")) {
                        throw Refused.invalid(
                                "unable to parse osd id \""
                                        + PoolShowCommands.shortened(name)
                                        + "\"");
                    }
                    return Integer.parseInt(digits);
                })
                .distinct()
                .toArray();
    }

    private static OsdMapIncremental.Builder step(Call call, int osd) {
        call.draft().touch(osd);
        return call.draft().osdMapStep();
    }

    private static String out(Call call, int osd) {
        if (call.draft().osdMap().isOut(osd)) {
            return "osd." + osd + " is already out. ";
        }
        step(call, osd).newWeight(osd, 0).lastInChange(now(call));
        return "marked out osd." + osd + ". ";
    }

    private static String in(Call call, int osd) {
        OsdMap map = call.draft().osdMap();
        if (map.isIn(osd)) {
            return "osd." + osd + " is already in. ";
        }
        int before = map.xinfo(osd).oldWeight();
        step(call, osd)
                .newWeight(osd, before > 0 ? before : OsdMap.WEIGHT_IN)
                .lastInChange(now(call));
        return "marked in osd." + osd + ". ";
    }

    private static String down(Call call, int osd) {
        if (!call.draft().osdMap().isUp(osd)) {
            return "osd." + osd + " is already down. ";
        }
        step(call, osd).down(osd).lastUpChange(now(call));
        return "marked down osd." + osd + ". ";
    }

    private static String stop(Call call, int osd) {
        OsdMap map = call.draft().osdMap();
        boolean up = map.isUp(osd);
        if (!up && (map.state(osd) & OsdMap.STATE_STOP) != 0) {
            return "osd." + osd + " is already stopped. ";
        }
        OsdMapIncremental.Builder step = step(call, osd);
        step.newState(osd, OsdMap.STATE_STOP & ~map.state(osd));
        if (up) {
            step.down(osd).lastUpChange(now(call));
        }
        return "stop osd." + osd + ". ";
    }

    private static String remove(Call call, int osd) {
        OsdMap map = call.draft().osdMap();
        if (map.isUp(osd)) {
            throw new Refused(
                    Errno.EBUSY, "osd." + osd + " is still up; must be down before removal. ");
        }
        OsdRemovalCommands.remove(call, osd);
        return "removed osd." + osd + " ";
    }

    private static Reply setMax(Call call) {
        long max = call.arguments().number("newmax");
        if (max > OSD_MAX) {
            throw new Refused(
                    Errno.ERANGE,
                    "cannot set max_osd to "
                            + max
                            + " which is > conf.mon_max_osd ("
                            + OSD_MAX
                            + ")");
        }
        OsdMap map = map(call);
        for (int osd = (int) max; osd < map.osdMax(); osd++) {
            if (map.exists(osd)) {
                throw new Refused(
                        Errno.EBUSY,
                        "cannot shrink max_osd to "
                                + max
                                + " because osd."
                                + osd
                                + " (and possibly others) still in use");
            }
        }
        call.draft().osdMapStep().osdMax((int) max);
        return Reply.said("set new max_osd = " + max);
    }

    private static Reply create(Call call) {
        UUID uuid =
                call.arguments().has("uuid")
                        ? UUID.fromString(call.arguments().text("uuid"))
                        : new UUID(
                                call.facts().random().nextLong(), call.facts().random().nextLong());
        OsdMap map = map(call);
        int wanted = (int) call.arguments().number("id", -1);
        for (int osd = 0; osd < map.osdMax(); osd++) {
            if (map.exists(osd) && map.uuid(osd).equals(uuid)) {
                if (wanted >= 0 && wanted != osd) {
                    throw new Refused(
                            Errno.EEXIST,
                            "uuid " + uuid + " already in use for different id " + osd);
                }
                return created(call, osd);
            }
        }
        int osd = wanted >= 0 ? wanted : free(map);
        if (osd >= OSD_MAX) {
            throw new Refused(
                    Errno.ERANGE, "osd." + osd + " is beyond the highest id " + (OSD_MAX - 1));
        }
        boolean destroyed = (map.state(osd) & OsdMap.STATE_DESTROYED) != 0;
        if (map.exists(osd) && !destroyed) {
            throw new Refused(
                    Errno.EINVAL, "id " + osd + " already in use and does not match uuid " + uuid);
        }
        String secret = secret(call.input());
        CryptoKey key = secret.isEmpty() ? CryptoKey.NONE : CryptoKey.parse(secret);
        if (!secret.isEmpty()) {
            KeyChoice.allowed(call, key.type());
        }
        OsdMapIncremental.Builder step = step(call, osd);
        if (osd >= map.osdMax()) {
            step.osdMax(osd + 1);
        }
        int gained = destroyed ? OsdMap.STATE_DESTROYED : OsdMap.STATE_EXISTS;
        int fresh = OsdMap.STATE_NEW & ~map.state(osd);
        step.newState(osd, gained | fresh).newUuid(osd, uuid);
        if (destroyed && map.info(osd).lastCleanBegin() != 0) {
            step.newLastClean(osd, 0, 0); // a new store need not remember the old one's starts
        }
        if (!secret.isEmpty()) {
            AuthName name = new AuthName(EntityType.OSD, Integer.toString(osd));
            Map<String, String> caps =
                    Map.of(
                            "mgr",
                            "allow profile osd",
                            "mon",
                            "allow profile osd",
                            "osd",
                            "allow *");
            call.draft()
                    .propose(new Change.AuthSet(name, new EntityAuth(key, new TreeMap<>(caps))));
        }
        return created(call, osd);
    }

    private static int free(OsdMap map) {
        int osd = 0;
        while (map.exists(osd)) {
            osd++;
        }
        return osd;
    }

    private static Reply created(Call call, int osd) {
        return call.format().reply(() -> osd + "\n", () -> JsonText.object().put("osdid", osd));
    }

    private static String secret(Bytes input) {
        if (input.isEmpty()) {
            return "";
        }
        try {
            JsonNode node =
                    new JsonMapper()
                            .readTree(input.slice(0, Math.min(input.size(), 64 << 10)).toUtf8());
            JsonNode secret = node.get("cephx_secret");
            return secret != null && secret.isString() ? secret.stringValue() : "";
        } catch (JacksonException malformed) {
            throw Refused.invalid("the input is not JSON with a cephx_secret");
        }
    }

    private static Reply fullRatio(Call call) {
        call.draft().osdMapStep().fullRatio((float) call.arguments().fraction("ratio"));
        return Reply.said(
                "osd set-full-ratio "
                        + JsonText.significant(call.arguments().fraction("ratio"), 6));
    }

    private static Reply backfillfullRatio(Call call) {
        call.draft().osdMapStep().backfillfullRatio((float) call.arguments().fraction("ratio"));
        return Reply.said(
                "osd set-backfillfull-ratio "
                        + JsonText.significant(call.arguments().fraction("ratio"), 6));
    }

    private static Reply nearfullRatio(Call call) {
        call.draft().osdMapStep().nearfullRatio((float) call.arguments().fraction("ratio"));
        return Reply.said(
                "osd set-nearfull-ratio "
                        + JsonText.significant(call.arguments().fraction("ratio"), 6));
    }

    private static Reply blocklist(Call call) {
        EntityAddr addr = addr(call.arguments().text("addr"));
        String shown = AddrText.legacy(addr);
        if (call.arguments().text("blocklistop").equals("add")) {
            double seconds =
                    call.arguments().has("expire")
                            ? call.arguments().fraction("expire")
                            : BLOCKLIST_SECONDS;
            if (seconds > 3600.0 * 24 * 365 * 10) {
                throw new Refused(
                        Errno.ERANGE,
                        "expire of "
                                + JsonText.significant(seconds, 6)
                                + " seconds is more than ten years");
            }
            Utime until = Utime.of(call.facts().now().plusMillis((long) (seconds * 1000)));
            if (map(call).blocklist().containsKey(addr)) {
                call.draft().osdMapStep().oldBlocklist(addr);
                call.state(); // the removal is an epoch of its own: one step cannot hold both
            }
            call.draft().osdMapStep().newBlocklist(addr, until);
            return Reply.said(
                    "blocklisting "
                            + shown
                            + " until "
                            + Units.stamp(until)
                            + " ("
                            + JsonText.significant(seconds, 6)
                            + " sec)");
        }
        if (!map(call).blocklist().containsKey(addr)) {
            return Reply.said(shown + " isn't blocklisted");
        }
        call.draft().osdMapStep().oldBlocklist(addr);
        return Reply.said("un-blocklisting " + shown);
    }

    private static Reply clearBlocklist(Call call) {
        OsdMap map = map(call);
        map.blocklist().keySet().forEach(addr -> call.draft().osdMapStep().oldBlocklist(addr));
        return Reply.said(" removed all blocklist entries");
    }

    private static EntityAddr addr(String text) {
        Matcher found = ADDR.matcher(text);
        if (!found.matches()) {
            throw Refused.invalid(
                    "unable to parse address '"
                            + PoolShowCommands.shortened(text)
                            + "'; it is IP[:PORT][/NONCE]");
        }
        String ip = found.group(1).replaceAll("[\\[\\]]", "");
        int port = found.group(2) == null ? 0 : Integer.parseInt(found.group(2));
        long nonce = found.group(3) == null ? 0 : Long.parseLong(found.group(3));
        if (port > 0xffff || nonce > 0xffffffffL) {
            throw Refused.invalid("the port or nonce of '" + text + "' is out of range");
        }
        try {
            // A literal address: no name is looked up.
            InetSocketAddress socket =
                    new InetSocketAddress(java.net.InetAddress.ofLiteral(ip), port);
            return EntityAddr.of(EntityAddr.ANY, socket, (int) nonce);
        } catch (IllegalArgumentException | Malformed notOne) {
            throw Refused.invalid(
                    "unable to parse address '" + PoolShowCommands.shortened(text) + "'");
        }
    }
}
