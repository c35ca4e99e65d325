package io.sepiola.monitor.command;

import io.sepiola.monitor.health.PgDigest;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.monitor.text.PoolText;
import io.sepiola.monitor.text.Units;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.PoolOption;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The pools as they are. */
final class PoolShowCommands {
    private static final List<String> FLAGS =
            List.of(
                    "hashpspool",
                    "nodelete",
                    "nopgchange",
                    "nosizechange",
                    "write_fadvise_dontneed",
                    "noscrub",
                    "nodeep-scrub",
                    "bulk");

    private PoolShowCommands() {}

    static List<Row> rows() {
        return List.of(
                row("osd lspools", "", 4, "lists pools", PoolShowCommands::list),
                row(
                        "osd pool ls",
                        "detail:CephChoices:opt=detail",
                        0,
                        "lists pools",
                        PoolShowCommands::names),
                row(
                        "osd pool get",
                        "pool:CephPoolname var:CephChoices=" + PoolVariables.GET,
                        0,
                        "shows a variable of a pool, or all",
                        PoolShowCommands::get),
                row(
                        "osd pool get-quota",
                        "pool:CephPoolname",
                        0,
                        "shows a pool's quotas",
                        PoolShowCommands::quota),
                row(
                        "osd pool application get",
                        "pool:CephPoolname:opt app:CephString:opt key:CephString:opt",
                        0,
                        "shows what a pool is for",
                        PoolShowCommands::applications));
    }

    private static Row row(
            String prefix, String arguments, int flags, String help, Row.Action action) {
        return Row.of(prefix, arguments, "osd", "r", flags, help, action);
    }

    /**
     * The pool of that name.
     *
     * @throws Refused when there is none
     */
    static long pool(OsdMap map, String name) {
        return map.poolId(name)
                .orElseThrow(() -> Refused.missing("unrecognized pool '" + shortened(name) + "'"));
    }

    static String shortened(String text) {
        return text.length() <= 255 ? text : text.substring(0, 255) + "...";
    }

    private static Reply list(Call call) {
        OsdMap map = call.state().osdMaps().newest();
        ArrayNode all = JsonText.array();
        map.poolNames()
                .forEach((id, name) -> all.addObject().put("poolnum", id).put("poolname", name));
        StringBuilder plain = new StringBuilder();
        map.poolNames()
                .forEach((id, name) -> plain.append(id).append(' ').append(name).append('\n'));
        return lined(call, plain.toString(), all);
    }

    private static Reply lined(Call call, String plain, JsonNode json) {
        return switch (call.format()) {
            case PLAIN -> Reply.shown(plain);
            case JSON -> Reply.shown(JsonText.compact(json) + "\n");
            case JSON_PRETTY -> Reply.shown(JsonText.pretty(json));
        };
    }

    private static Reply names(Call call) {
        OsdMap map = call.state().osdMaps().newest();
        boolean detail = call.arguments().has("detail");
        return call.format()
                .reply(
                        () -> {
                            Function<Map.Entry<Long, PgPool>, String> line =
                                    entry -> {
                                        String name = map.poolName(entry.getKey()).orElse("");
                                        return detail
                                                ? PoolText.line(
                                                        entry.getKey(), name, entry.getValue())
                                                : name;
                                    };
                            String lines =
                                    map.pools().entrySet().stream()
                                            .map(entry -> line.apply(entry) + "\n")
                                            .collect(Collectors.joining());
                            return detail ? lines + "\n" : lines;
                        },
                        () -> {
                            ArrayNode all = JsonText.array();
                            map.pools()
                                    .forEach((id, pool) -> {
                                        String name = map.poolName(id).orElse("");
                                        if (detail) {
                                            ObjectNode shown = all.addObject();
                                            shown.put("pool_id", id).put("pool_name", name);
                                            PoolText.fill(shown, pool);
                                        } else {
                                            all.add(name);
                                        }
                                    });
                            return all;
                        });
    }

    private static Map<String, JsonNode> variables(OsdMap map, PgPool pool) {
        Map<String, JsonNode> all = new LinkedHashMap<>();
        all.put("size", IntNode.valueOf(pool.size()));
        all.put("min_size", IntNode.valueOf(pool.minSize()));
        all.put("pg_num", IntNode.valueOf(pool.pgNum()));
        all.put("pgp_num", IntNode.valueOf(pool.pgpNum()));
        all.put(
                "crush_rule",
                StringNode.valueOf(
                        map.crush()
                                .ruleNames()
                                .getOrDefault(pool.crushRule(), "" + pool.crushRule())));
        for (String flag : FLAGS.subList(0, FLAGS.size() - 1)) {
            all.put(flag, BooleanNode.valueOf(pool.hasFlag(PoolText.flag(flag))));
        }
        all.put("use_gmt_hitset", BooleanNode.valueOf(pool.gmtHitSet()));
        if (pool.isErasure()) {
            all.put(
                    "allow_ec_overwrites",
                    BooleanNode.valueOf(pool.hasFlag(PgPool.FLAG_EC_OVERWRITES)));
            all.put("erasure_code_profile", StringNode.valueOf(pool.erasureCodeProfile()));
        }
        all.put("fast_read", IntNode.valueOf(pool.fastRead() ? 1 : 0));
        PoolVariables.OPTIONS.forEach(name ->
                pool.option(PoolText.optionKey(name))
                        .ifPresent(option -> all.put(name, json(option))));
        all.put(
                "pg_autoscale_mode",
                StringNode.valueOf(PoolText.autoscaleMode(pool.autoscaleMode())));
        all.put("bulk", BooleanNode.valueOf(pool.hasFlag(PoolText.flag("bulk"))));
        return all;
    }

    private static JsonNode json(PoolOption option) {
        return switch (option) {
            case PoolOption.Text text -> StringNode.valueOf(text.value());
            case PoolOption.Whole whole -> LongNode.valueOf(whole.value());
            case PoolOption.Real real -> DoubleNode.valueOf(real.value());
        };
    }

    private static Refused notApplicable(String pool, String kind) {
        return new Refused(
                Errno.EACCES,
                "pool '" + pool + "' is not a " + kind + " pool: variable not applicable");
    }

    private static Reply get(Call call) {
        OsdMap map = call.state().osdMaps().newest();
        String name = call.arguments().text("pool");
        long id = pool(map, name);
        PgPool pool = map.pool(id).orElseThrow();
        String variable = call.arguments().text("var");
        if (PoolVariables.TIER.contains(variable)) {
            throw notApplicable(name, "tier");
        }
        if (!pool.isErasure()
                && List.of("erasure_code_profile", "allow_ec_overwrites").contains(variable)) {
            throw notApplicable(name, "erasure");
        }
        Map<String, JsonNode> known = variables(map, pool);
        if (!variable.equals("all")) {
            JsonNode value = known.get(variable);
            if (value == null) {
                throw Refused.missing(
                        "option '" + variable + "' is not set on pool '" + name + "'");
            }
            known = Map.of(variable, value);
        }
        Map<String, JsonNode> shown = known;
        return call.format()
                .reply(
                        () ->
                                shown.entrySet().stream()
                                        .map(entry -> entry.getKey() + ": " + plain(entry) + "\n")
                                        .collect(Collectors.joining()),
                        () -> {
                            ObjectNode node =
                                    JsonText.object().put("pool", name).put("pool_id", id);
                            shown.forEach(node::set);
                            return node;
                        });
    }

    private static String plain(Map.Entry<String, JsonNode> entry) {
        JsonNode value = entry.getValue();
        if (entry.getKey().equals("use_gmt_hitset")) {
            return value.booleanValue() ? "1" : "0"; // the one flag that Ceph shows so
        }
        return value.isFloatingPointNumber()
                ? JsonText.significant(value.doubleValue(), 6)
                : value.asString();
    }

    private static Reply quota(Call call) {
        OsdMap map = call.state().osdMaps().newest();
        String name = call.arguments().text("pool");
        long id = pool(map, name);
        PgPool pool = map.pool(id).orElseThrow();
        PgDigest.Usage usage = call.facts().digest().pool(id);
        ObjectNode node = JsonText.object();
        node.put("pool_name", name).put("pool_id", id);
        node.put("quota_max_objects", pool.quotaObjectsMax());
        node.put("current_num_objects", usage.objects());
        node.put("quota_max_bytes", pool.quotaBytesMax()).put("current_num_bytes", usage.bytes());
        String plain =
                "quotas for pool '"
                        + name
                        + "':\n  max objects: "
                        + (pool.quotaObjectsMax() == 0
                                ? "N/A"
                                : Units.count(pool.quotaObjectsMax())
                                        + " objects  (current num objects: "
                                        + usage.objects()
                                        + " objects)")
                        + "\n  max bytes  : "
                        + (pool.quotaBytesMax() == 0
                                ? "N/A"
                                : Units.bytes(pool.quotaBytesMax())
                                        + "  (current num bytes: "
                                        + usage.bytes()
                                        + " bytes)");
        return lined(call, plain, node);
    }

    private static Reply applications(Call call) {
        OsdMap map = call.state().osdMaps().newest();
        if (!call.arguments().has("pool")) {
            ObjectNode all = JsonText.object();
            map.pools()
                    .forEach((id, each) -> fill(all.putObject(map.poolName(id).orElse("")), each));
            return call.format().reply(all);
        }
        String name = call.arguments().text("pool");
        PgPool pool = map.pool(pool(map, name)).orElseThrow();
        if (!call.arguments().has("app")) {
            ObjectNode node = JsonText.object();
            fill(node, pool);
            return call.format().reply(node);
        }
        String app = call.arguments().text("app");
        NavigableMap<String, String> notes = pool.applications().get(app);
        if (notes == null) {
            throw Refused.missing(
                    "pool '" + name + "' has no application '" + shortened(app) + "'");
        }
        if (!call.arguments().has("key")) {
            ObjectNode node = JsonText.object();
            notes.forEach(node::put);
            return call.format().reply(node);
        }
        String key = call.arguments().text("key");
        String value = notes.get(key);
        if (value == null) {
            throw Refused.missing(
                    "application '"
                            + app
                            + "' on pool '"
                            + name
                            + "' does not have key '"
                            + shortened(key)
                            + "'");
        }
        return Reply.shown(value + "\n"); // bare in every format
    }

    private static void fill(ObjectNode node, PgPool pool) {
        pool.applications().forEach((app, notes) -> notes.forEach(node.putObject(app)::put));
    }
}
