package io.sepiola.monitor.command;

import io.sepiola.base.Malformed;
import io.sepiola.crush.CrushMap;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.monitor.text.OsdMapText;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.UpmapItem;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Exceptions to where CRUSH puts placement groups, and how much OSDs take of them. */
final class OsdMappingCommands {
    private static final int LUMINOUS = 12;
    private static final int RELEASE_NEWEST = 16;

    private OsdMappingCommands() {}

    static List<Row> rows() {
        String pg = "pgid:CephPgid";
        String osds = pg + " id:CephOsdName:N";
        return List.of(
                row(
                        "osd reweight",
                        "id:CephOsdName weight:CephFloat[0.0|1.0]",
                        "sets an OSD's weight beside the CRUSH map's",
                        OsdMappingCommands::reweight),
                row(
                        "osd reweightn",
                        "weights:CephString",
                        "sets several OSDs' weights, as {\"ID\": WEIGHT, ...} with weights 16.16",
                        OsdMappingCommands::reweightSeveral),
                row(
                        "osd primary-affinity",
                        "id:CephOsdName weight:CephFloat[0.0|1.0]",
                        "sets how readily an OSD becomes primary",
                        OsdMappingCommands::affinity),
                row(
                        "osd pg-temp",
                        pg + " id:CephOsdName:opt:N",
                        "sets who serves a placement group for the time being",
                        OsdMappingCommands::pgTemp),
                row(
                        "osd primary-temp",
                        pg + " id:CephOsdName",
                        "sets who leads a placement group for the time being",
                        OsdMappingCommands::primaryTemp),
                row(
                        "osd pg-upmap",
                        osds,
                        "sets who shall hold a placement group",
                        OsdMappingCommands::upmap),
                row(
                        "osd rm-pg-upmap",
                        pg,
                        "leaves a placement group to CRUSH again",
                        OsdMappingCommands::removeUpmap),
                row(
                        "osd pg-upmap-items",
                        osds,
                        "replaces some of those who hold a placement group",
                        OsdMappingCommands::upmapItems),
                row(
                        "osd rm-pg-upmap-items",
                        pg,
                        "replaces none of those who hold a placement group",
                        OsdMappingCommands::removeUpmapItems),
                row(
                        "osd set-require-min-compat-client",
                        "version:CephString yes_i_really_mean_it:CephBool:opt",
                        "sets the oldest release of client",
                        OsdMappingCommands::minCompatClient));
    }

    private static Row row(String prefix, String arguments, String help, Row.Action action) {
        return Row.of(prefix, arguments, "osd", "rw", 0, help, action);
    }

    private static OsdMap map(Call call) {
        return call.state().osdMaps().newest();
    }

    private static int existing(Call call) {
        int osd = call.arguments().osd("id");
        if (!map(call).exists(osd)) {
            throw Refused.missing("osd." + osd + " does not exist");
        }
        return osd;
    }

    private static Reply reweight(Call call) {
        int osd = existing(call);
        double weight = call.arguments().fraction("weight");
        int fixed = (int) (weight * OsdMap.WEIGHT_IN);
        call.draft().touch(osd);
        call.draft().osdMapStep().newWeight(osd, fixed);
        return Reply.said(
                "reweighted osd."
                        + osd
                        + " to "
                        + JsonText.significant(weight, 6)
                        + " ("
                        + Integer.toHexString(fixed)
                        + ")");
    }

    private static Reply reweightSeveral(Call call) {
        String text = call.arguments().text("weights");
        Map<Integer, Integer> weights = parsed(text);
        for (int osd : weights.keySet()) {
            if (!map(call).exists(osd)) {
                throw Refused.missing("osd." + osd + " does not exist; nothing was changed");
            }
        }
        weights.forEach((osd, weight) -> {
            call.draft().touch(osd);
            call.draft().osdMapStep().newWeight(osd, weight);
        });
        return Reply.said(
                weights.entrySet().stream()
                        .map(entry ->
                                "reweighted osd."
                                        + entry.getKey()
                                        + " to "
                                        + OsdMapText.weight(entry.getValue())
                                        + " ("
                                        + Integer.toHexString(entry.getValue())
                                        + ")")
                        .collect(Collectors.joining("; ")));
    }

    /** The weights come as strings, as Ceph's own module writes them. */
    private static Map<Integer, Integer> parsed(String text) {
        Map<Integer, Integer> weights = new TreeMap<>();
        try {
            JsonNode node = new JsonMapper().readTree(text);
            for (Map.Entry<String, JsonNode> entry : node.properties()) {
                String value = entry.getValue().isString() ? entry.getValue().stringValue() : "";
                if (!entry.getKey().matches("[0-9]{1,9}") || !value.matches("[0-9]{1,6}")) {
                    throw unparsable(text);
                }
                int weight = Integer.parseInt(value);
                if (weight > OsdMap.WEIGHT_IN) {
                    throw unparsable(text);
                }
                weights.put(Integer.parseInt(entry.getKey()), weight);
            }
        } catch (JacksonException malformed) {
            throw unparsable(text);
        }
        if (weights.isEmpty()) {
            throw unparsable(text);
        }
        return weights;
    }

    private static Refused unparsable(String text) {
        return Refused.invalid(
                "unable to parse 'weights' value '"
                        + PoolShowCommands.shortened(text)
                        + "': {\"0\": \"65536\", ...} is expected, with weights of 0 to 65536");
    }

    private static Reply affinity(Call call) {
        int osd = existing(call);
        double affinity = call.arguments().fraction("weight");
        int fixed = (int) (affinity * OsdMap.AFFINITY_DEFAULT);
        call.draft().touch(osd);
        call.draft().osdMapStep().newAffinity(osd, fixed);
        // Ceph prints a number in octal here that says nothing; the shape is kept.
        return Reply.said(
                "set osd."
                        + osd
                        + " primary-affinity to "
                        + JsonText.significant(affinity, 6)
                        + " ("
                        + Integer.toOctalString(fixed)
                        + ")");
    }

    // ---- placement groups

    private static PgId pg(Call call) {
        PgId pg;
        try {
            pg = PgId.parse(call.arguments().text("pgid"));
        } catch (Malformed notOne) {
            throw Refused.invalid("invalid pgid: " + notOne.getMessage());
        }
        PgPool pool = map(call).pool(pg.pool()).orElse(null);
        if (pool == null || Integer.compareUnsigned(pg.seed(), pool.pgNum()) >= 0) {
            throw Refused.missing("pg " + pg + " does not exist");
        }
        return pg;
    }

    private static List<Integer> osds(Call call) {
        List<Integer> osds = new ArrayList<>();
        for (String id : call.arguments().texts("id")) {
            osds.add(Integer.parseInt(id));
        }
        return osds;
    }

    private static void requireExisting(Call call, Iterable<Integer> osds) {
        for (int osd : osds) {
            if (osd != CrushMap.ITEM_NONE && !map(call).exists(osd)) {
                throw Refused.missing("osd." + osd + " does not exist");
            }
        }
    }

    private static String list(Iterable<?> all) {
        StringBuilder text = new StringBuilder();
        all.forEach(each -> text.append(text.isEmpty() ? "" : ",").append(each));
        return "[" + text + "]";
    }

    private static Reply pgTemp(Call call) {
        PgId pg = pg(call);
        List<Integer> osds = osds(call);
        requireExisting(call, osds);
        PgPool pool = map(call).pool(pg.pool()).orElseThrow();
        if (osds.size() > pool.size() * 2) {
            throw Refused.invalid(
                    "num of osds ("
                            + osds.size()
                            + ") > twice the pool size ("
                            + pool.size()
                            + ")");
        }
        call.draft().osdMapStep().newPgTemp(pg, osds);
        return Reply.said(
                osds.isEmpty()
                        ? "done cleaning up pg_temp of " + pg
                        : "set " + pg + " pg_temp mapping to " + list(osds));
    }

    private static Reply primaryTemp(Call call) {
        PgId pg = pg(call);
        int osd = call.arguments().osd("id");
        requireExisting(call, List.of(osd));
        call.draft().osdMapStep().newPrimaryTemp(pg, osd);
        return Reply.said("set " + pg + " primary_temp mapping to " + osd);
    }

    private static void requireUpmap(Call call) {
        int release = map(call).minCompatClient();
        if (release < LUMINOUS) {
            throw new Refused(
                    Errno.EPERM,
                    "min_compat_client "
                            + OsdMapText.release(release)
                            + " < luminous, which is required for pg-upmap. Try 'ceph osd"
                            + " set-require-min-compat-client luminous' before using the new"
                            + " interface");
        }
    }

    private static Reply upmap(Call call) {
        requireUpmap(call);
        PgId pg = pg(call);
        PgPool pool = map(call).pool(pg.pool()).orElseThrow();
        LinkedHashSet<Integer> osds = new LinkedHashSet<>();
        StringBuilder said = new StringBuilder();
        for (int osd : osds(call)) {
            if (!osds.add(osd)) {
                said.append("osd.").append(osd).append(" already exists, ");
            }
        }
        int given = call.arguments().texts("id").size();
        if (given > pool.size()) {
            throw Refused.invalid("num of osds (" + given + ") > pool size (" + pool.size() + ")");
        }
        if (osds.size() < pool.minSize()) {
            throw Refused.invalid(
                    "num of osds (" + osds.size() + ") < pool min size (" + pool.minSize() + ")");
        }
        requireExisting(call, osds);
        call.draft().osdMapStep().newUpmap(pg, List.copyOf(osds));
        return Reply.said(said + "set " + pg + " pg_upmap mapping to " + list(osds));
    }

    private static Reply removeUpmap(Call call) {
        requireUpmap(call);
        PgId pg = pg(call);
        if (map(call).upmap().containsKey(pg)) {
            call.draft().osdMapStep().oldUpmap(pg);
        }
        return Reply.said("clear " + pg + " pg_upmap mapping");
    }

    private static Reply upmapItems(Call call) {
        requireUpmap(call);
        PgId pg = pg(call);
        List<Integer> osds = osds(call);
        if (osds.size() % 2 != 0) {
            throw Refused.invalid("you must specify pairs of osd ids to be remapped");
        }
        PgPool pool = map(call).pool(pg.pool()).orElseThrow();
        if (osds.size() / 2 > pool.size()) {
            throw Refused.invalid(
                    "num of osd pairs (" + osds.size() / 2 + ") > pool size (" + pool.size() + ")");
        }
        StringBuilder said = new StringBuilder();
        List<UpmapItem> items = new ArrayList<>();
        for (int i = 0; i < osds.size(); i += 2) {
            UpmapItem item = new UpmapItem(osds.get(i), osds.get(i + 1));
            String pair = "osd." + item.from() + " -> osd." + item.to();
            if (item.from() == item.to()) {
                said.append("from osd.").append(item.from());
                said.append(" == to osd.").append(item.to()).append(", ");
                continue;
            }
            requireExisting(call, List.of(item.from(), item.to()));
            if (items.contains(item)) {
                said.append(pair).append(" already exists, ");
            } else {
                items.add(item);
            }
        }
        if (items.isEmpty()) {
            throw Refused.invalid(said + "no valid upmap items(pairs) is specified");
        }
        call.draft().osdMapStep().newUpmapItems(pg, items);
        List<String> shown = items.stream().map(i -> i.from() + "->" + i.to()).toList();
        return Reply.said(said + "set " + pg + " pg_upmap_items mapping to " + list(shown));
    }

    private static Reply removeUpmapItems(Call call) {
        requireUpmap(call);
        PgId pg = pg(call);
        if (map(call).upmapItems().containsKey(pg)) {
            call.draft().osdMapStep().oldUpmapItems(pg);
        }
        return Reply.said("clear " + pg + " pg_upmap_items mapping");
    }

    private static Reply minCompatClient(Call call) {
        String name = call.arguments().text("version");
        int release = -1;
        for (int number = 1; number <= RELEASE_NEWEST; number++) {
            if (OsdMapText.release(number).equals(name)) {
                release = number;
            }
        }
        if (release < 0) {
            throw Refused.invalid(
                    "version " + PoolShowCommands.shortened(name) + " is not recognized");
        }
        OsdMap map = map(call);
        boolean needsLuminous =
                !map.upmap().isEmpty()
                        || !map.upmapItems().isEmpty()
                        || !map.crush().chooseArgs().isEmpty();
        if (needsLuminous && release < LUMINOUS) {
            throw new Refused(
                    Errno.EPERM,
                    "osdmap current utilizes features that require luminous; cannot set"
                            + " require_min_compat_client below that to "
                            + name);
        }
        call.draft().osdMapStep().minCompatClient(release);
        return Reply.said("set require_min_compat_client to " + name);
    }
}
