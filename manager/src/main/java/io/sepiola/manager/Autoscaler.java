package io.sepiola.manager;

import io.sepiola.base.Bytes;
import io.sepiola.manager.Command.Answer;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.osd.HealthCheck;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Gives pools with pg_autoscale_mode on the number of placement groups that they should have, and
 * warns of those with warn; once a minute, and only of what is off by a factor of three. Owned by
 * the manager's shard.
 */
final class Autoscaler implements Module {
    private static final Logger LOG = LoggerFactory.getLogger(Autoscaler.class);
    private static final String DISABLED = "mgr/pg_autoscaler/noautoscale";
    private static final List<String> TITLES =
            List.of(
                    "POOL",
                    "SIZE",
                    "TARGET SIZE",
                    "RATE",
                    "RAW CAPACITY",
                    "RATIO",
                    "TARGET RATIO",
                    "EFFECTIVE RATIO",
                    "BIAS",
                    "PG_NUM",
                    "NEW PG_NUM",
                    "AUTOSCALE",
                    "BULK");

    private final ModuleOptions options;
    private final Progress progress;
    private final SortedMap<String, HealthCheck> found = new TreeMap<>();
    private Instant looked = Instant.EPOCH;

    Autoscaler(ModuleOptions options, Progress progress) {
        this.options = options;
        this.progress = progress;
    }

    @Override
    public List<String> prefixes() {
        return List.of(
                "osd pool autoscale-status",
                "osd pool get noautoscale",
                "osd pool set noautoscale",
                "osd pool unset noautoscale");
    }

    private boolean isDisabled() {
        return options.flag(DISABLED, false);
    }

    private AutoscalePlan plan(PgMap map) {
        return AutoscalePlan.of(map, options.number("mon_target_pg_per_osd", 100, 1, 100_000));
    }

    @Override
    public List<String> tick(PgMap map, Instant now) {
        int pause = options.number("mgr/pg_autoscaler/sleep_interval", 60, 1, 86_400);
        if (isDisabled()) {
            found.clear();
            return List.of();
        }
        if (now.isBefore(looked.plus(Duration.ofSeconds(pause)))) {
            return List.of();
        }
        looked = now;
        AutoscalePlan plan = plan(map);
        judge(plan);
        List<String> commands = new ArrayList<>();
        for (AutoscalePlan.Row row : plan.rows()) {
            if (row.wouldAdjust()) {
                LOG.info(
                        "pool {} is to have {} placement groups instead of {}",
                        row.name(),
                        row.result(),
                        row.pool().pgNumTarget());
                progress.pgNumChanges(row.id(), row.pool().pgNum(), row.result(), now);
                commands.add(set(row.name(), "pg_num", Integer.toString(row.result())));
            }
        }
        return commands;
    }

    private static String set(String pool, String variable, String value) {
        return new JsonOut(false)
                .object()
                .put("prefix", "osd pool set")
                .put("pool", pool)
                .put("var", variable)
                .put("val", value)
                .end()
                .toString();
    }

    private void judge(AutoscalePlan plan) {
        List<String> few = new ArrayList<>();
        List<String> many = new ArrayList<>();
        List<String> both = new ArrayList<>();
        for (AutoscalePlan.Row row : plan.rows()) {
            if (AutoscalePlan.targetRatio(row.pool()) > 0
                    && AutoscalePlan.targetBytes(row.pool()) > 0) {
                both.add("Pool " + row.name() + " has target_size_bytes and target_size_ratio set");
            }
            if (row.pool().autoscaleMode() == AutoscalePlan.MODE_WARN && row.isOff()) {
                String line =
                        "Pool "
                                + row.name()
                                + " has "
                                + row.pool().pgNumTarget()
                                + " placement groups, should have "
                                + row.result();
                (row.result() > row.pool().pgNumTarget() ? few : many).add(line);
            }
        }
        found.clear();
        warn("POOL_TOO_FEW_PGS", "pools have too few placement groups", few);
        warn("POOL_TOO_MANY_PGS", "pools have too many placement groups", many);
        warn(
                "POOL_HAS_TARGET_SIZE_BYTES_AND_RATIO",
                "pools have both target_size_bytes and target_size_ratio set",
                both);
        warn(
                "POOL_TARGET_SIZE_BYTES_OVERCOMMITTED",
                "subtrees have overcommitted pool target_size_bytes",
                overcommitted(plan));
    }

    private void warn(String code, String what, List<String> detail) {
        if (!detail.isEmpty()) {
            int count = detail.size();
            String summary = count + " " + what;
            found.put(code, new HealthCheck(HealthCheck.WARNING, summary, detail, count));
        }
    }

    /** Trees of which pools with a target size want more than there is. */
    private static List<String> overcommitted(AutoscalePlan plan) {
        Map<Integer, Double> wanted = new LinkedHashMap<>();
        Map<Integer, Double> promised = new LinkedHashMap<>();
        Map<Integer, List<String>> names = new LinkedHashMap<>();
        for (AutoscalePlan.Row row : plan.rows()) {
            wanted.merge(row.root(), row.rawWanted(), Double::sum);
            if (row.targetBytes() > 0) {
                promised.merge(row.root(), row.targetBytes() * row.rate(), Double::sum);
                names.computeIfAbsent(row.root(), r -> new ArrayList<>()).add(row.name());
            }
        }
        List<String> lines = new ArrayList<>();
        promised.forEach((id, bytes) -> {
            AutoscalePlan.Root root = plan.roots().get(id);
            double all = wanted.getOrDefault(id, 0.0);
            if (root != null && root.capacity > 0 && all > root.capacity) {
                lines.add(
                        String.format(
                                Locale.ROOT,
                                "Pools %s overcommit available storage by %.03fx due to"
                                        + " target_size_bytes %s on pools %s",
                                listed(root.poolNames),
                                all / root.capacity,
                                ModuleText.bytes((long) (double) bytes, 5),
                                listed(names.getOrDefault(id, List.of()))));
            }
        });
        return lines;
    }

    /** {@code ['a', 'b']}. */
    private static String listed(List<String> names) {
        return "[" + String.join(", ", names.stream().map(name -> "'" + name + "'").toList()) + "]";
    }

    @Override
    public void judge(Map<String, HealthCheck> checks, Instant now) {
        checks.putAll(found);
    }

    @Override
    public void stopped() {
        found.clear();
        looked = Instant.EPOCH;
    }

    @Override
    public Answer run(Command command, Bytes input, PgMap map, Instant now) {
        return switch (command.prefix()) {
            case "osd pool autoscale-status" -> status(command, plan(map).rows());
            case "osd pool get noautoscale" ->
                    said(isDisabled() ? "noautoscale is on" : "noautoscale is off");
            case "osd pool set noautoscale" ->
                    isDisabled()
                            ? said("noautoscale is already set!")
                            : all(map.osdMap(), true, "all pools now have autoscale off");
            case "osd pool unset noautoscale" ->
                    isDisabled()
                            ? all(map.osdMap(), false, "all pools now have autoscale on")
                            : said("noautoscale is already unset!");
            default -> throw Command.invalid("'" + command.prefix() + "' is not served");
        };
    }

    private static Answer said(String text) {
        return new Answer(0, text, Bytes.EMPTY);
    }

    /** All pools, and those to come. */
    private static Answer all(OsdMap map, boolean disabled, String what) {
        String mode = disabled ? "off" : "on";
        List<String> orders = new ArrayList<>();
        orders.add(ModuleStore.setOption(DISABLED, Boolean.toString(disabled)));
        orders.add(
                new JsonOut(false)
                        .object()
                        .put("prefix", "config set")
                        .put("who", "global")
                        .put("name", "osd_pool_default_pg_autoscale_mode")
                        .put("value", mode)
                        .end()
                        .toString());
        map.poolNames().values().forEach(name -> orders.add(set(name, "pg_autoscale_mode", mode)));
        return Answer.after(
                orders, said("noautoscale is " + (disabled ? "set, " : "unset, ") + what));
    }

    private static String mode(AutoscalePlan.Row row) {
        return switch (row.pool().autoscaleMode()) {
            case AutoscalePlan.MODE_ON -> "on";
            case AutoscalePlan.MODE_WARN -> "warn";
            default -> "off";
        };
    }

    private static Answer status(Command command, List<AutoscalePlan.Row> rows) {
        if (command.json()) {
            JsonOut out = new JsonOut(true).array();
            rows.forEach(row -> write(out, row));
            return Answer.shown(out.end().toString());
        }
        List<ModuleText.Side> sides = new ArrayList<>();
        for (String title : TITLES) {
            boolean left = List.of("POOL", "AUTOSCALE", "BULK").contains(title);
            sides.add(left ? ModuleText.Side.LEFT : ModuleText.Side.RIGHT);
        }
        List<List<String>> cells = rows.stream().map(Autoscaler::cells).toList();
        return Answer.shown(ModuleText.table(TITLES, sides, cells));
    }

    private static List<String> cells(AutoscalePlan.Row row) {
        return List.of(
                row.name(),
                ModuleText.bytes(row.stored(), 6),
                row.targetBytes() > 0 ? ModuleText.bytes(row.targetBytes(), 6) : "",
                ModuleText.number(row.rate()),
                ModuleText.bytes(row.capacity(), 6),
                ratio(row.ratio()),
                row.targetRatio() > 0 ? ratio(row.targetRatio()) : "",
                row.effectiveRatio() > 0 ? ratio(row.effectiveRatio()) : "",
                ModuleText.number(row.bias()),
                Integer.toString(row.pool().pgNumTarget()),
                row.wouldAdjust() ? Integer.toString(row.result()) : "",
                mode(row),
                row.bulk() ? "True" : "False");
    }

    private static String ratio(double ratio) {
        return String.format(Locale.ROOT, "%.4f", ratio);
    }

    private static void write(JsonOut out, AutoscalePlan.Row row) {
        out.object();
        out.raw("actual_capacity_ratio", ModuleText.number(row.rawUsed() / row.capacity()));
        out.raw("actual_raw_used", ModuleText.number(row.rawUsed()));
        out.raw("bias", ModuleText.number(row.bias())).put("bulk", row.bulk());
        out.raw("capacity_ratio", ModuleText.number(row.ratio()));
        out.put("crush_root_id", row.root());
        out.raw("effective_target_ratio", ModuleText.number(row.effectiveRatio()));
        out.put("logical_used", row.stored()).put("pg_autoscale_mode", mode(row));
        out.put("pg_num_final", row.result()).put("pg_num_ideal", (long) row.ideal());
        out.put("pg_num_target", row.pool().pgNumTarget());
        out.put("pool_id", row.id()).put("pool_name", row.name());
        out.raw("raw_used", ModuleText.number(row.rawWanted()));
        out.raw("raw_used_rate", ModuleText.number(row.rate()));
        out.put("subtree_capacity", row.capacity()).put("target_bytes", row.targetBytes());
        out.raw("target_ratio", ModuleText.number(row.targetRatio()));
        out.put("would_adjust", row.wouldAdjust()).end();
    }
}
