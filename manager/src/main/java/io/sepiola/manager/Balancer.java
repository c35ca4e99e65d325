package io.sepiola.manager;

import io.sepiola.base.Bytes;
import io.sepiola.base.Clock;
import io.sepiola.manager.Command.Answer;
import io.sepiola.manager.Command.Refused;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.UpmapItem;
import io.sepiola.protocol.osd.ObjectStatSum;
import io.sepiola.protocol.osd.PgStat;
import io.sepiola.protocol.osd.PgState;
import io.sepiola.protocol.upmap.UpmapBalancer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Evens out how many placement groups OSDs serve, by exceptions from CRUSH (upmaps): a few groups
 * once a minute, while the cluster is well and few objects are misplaced; or plans that an
 * administrator asks for, looks at and executes. Owned by the manager's shard.
 */
final class Balancer implements Module {
    private static final Logger LOG = LoggerFactory.getLogger(Balancer.class);
    private static final int PLANS_MAX = 100;
    private static final int ENOEXEC = 8;
    private static final int EALREADY = 114;
    private static final String ACTIVE = "mgr/balancer/active";
    private static final String MODE = "mgr/balancer/mode";
    private static final String POOLS = "mgr/balancer/pool_ids";
    private static final DateTimeFormatter STARTED =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    /** What to change of a map. */
    private record Plan(OsdMap map, Set<Long> pools, OsdMapIncremental change) {}

    private final ModuleOptions options;
    private final Clock clock;
    private final Map<String, Plan> plans = new LinkedHashMap<>();
    private Instant looked = Instant.EPOCH;
    private String started = "";
    private String duration = "";
    private String result = "";
    private boolean nothingToDo;

    Balancer(ModuleOptions options, Clock clock) {
        this.options = options;
        this.clock = clock;
    }

    @Override
    public List<String> prefixes() {
        return List.of("balancer");
    }

    private boolean isActive() {
        return options.flag(ACTIVE, true);
    }

    private String mode() {
        return options.text(MODE, "upmap");
    }

    @Override
    public List<String> tick(PgMap map, Instant now) {
        int pause = options.number("mgr/balancer/sleep_interval", 60, 1, 86_400);
        if (!isActive() || now.isBefore(looked.plus(Duration.ofSeconds(pause)))) {
            return List.of();
        }
        looked = now;
        if (!isTime(now)) {
            return List.of();
        }
        Set<Long> pools = new LinkedHashSet<>(chosen());
        pools.retainAll(map.osdMap().pools().keySet());
        OsdMapIncremental.Builder change = OsdMapIncremental.after(map.osdMap());
        try {
            optimize(map, pools, change, now);
            return commands(change.build());
        } catch (Refused nothing) {
            LOG.debug("the balancer rests: {}", nothing.getMessage());
            return List.of();
        }
    }

    /** By the time of day and the day of the week that it may work in; UTC. */
    private boolean isTime(Instant now) {
        var time = now.atOffset(ZoneOffset.UTC);
        int clock = time.getHour() * 100 + time.getMinute();
        int begin = options.number("mgr/balancer/begin_time", 0, 0, 2400);
        int end = options.number("mgr/balancer/end_time", 2400, 0, 2400);
        boolean hours =
                begin <= end ? begin <= clock && clock < end : clock >= begin || clock < end;
        int day = time.getDayOfWeek().getValue() % 7;
        int first = options.number("mgr/balancer/begin_weekday", 0, 0, 7);
        int last = options.number("mgr/balancer/end_weekday", 7, 0, 7);
        boolean days = first <= last ? first <= day && day < last : day >= first || day < last;
        return hours && days;
    }

    /** Adds to {@code change} what should be done; refuses when that is nothing. */
    private void optimize(
            PgMap map, Set<Long> pools, OsdMapIncremental.Builder change, Instant now) {
        started = STARTED.format(now);
        long begun = clock.nanos();
        try {
            find(map, pools, change);
            result = "Optimization plan created successfully";
        } catch (Refused refused) {
            result = String.valueOf(refused.getMessage());
            throw refused;
        } finally {
            long micros = (clock.nanos() - begun) / 1000;
            duration =
                    String.format(
                            Locale.ROOT,
                            "0:00:%02d.%06d",
                            micros / 1_000_000 % 60,
                            micros % 1_000_000);
        }
    }

    private void find(PgMap map, Set<Long> pools, OsdMapIncremental.Builder change) {
        checkCalm(map);
        if (mode().equals("none")) {
            throw new Refused(
                    ENOEXEC, "Please do \"ceph balancer mode\" to choose a valid mode first");
        }
        if (!mode().equals("upmap")) {
            throw Command.invalid("Unrecognized mode " + mode());
        }
        int left = options.number("mgr/balancer/upmap_max_optimizations", 10, 1, 100_000);
        int deviation = options.number("mgr/balancer/upmap_max_deviation", 5, 1, 100_000);
        int did = 0;
        for (Map.Entry<Long, PgPool> entry : map.osdMap().pools().entrySet()) {
            PgPool pool = entry.getValue();
            boolean wanted = pools.isEmpty() || pools.contains(entry.getKey());
            if (wanted && pool.pgNum() <= pool.pgNumTarget()) {
                int most = Math.min(left - did, calmCount(map, entry.getKey()));
                if (most > 0) {
                    did +=
                            UpmapBalancer.balance(
                                    map.osdMap(), List.of(entry.getKey()), deviation, most, change);
                }
            }
        }
        if (did == 0) {
            nothingToDo = true;
            throw new Refused(
                    EALREADY,
                    "Unable to find further optimization, or pool(s) pg_num is decreasing, or"
                            + " distribution is already perfect");
        }
        nothingToDo = false;
    }

    /** Groups that are active and clean, and not being scrubbed. */
    private static int calmCount(PgMap map, long pool) {
        long calm = PgState.ACTIVE.bit() | PgState.CLEAN.bit();
        int count = 0;
        for (Map.Entry<PgId, PgStat> entry : map.groups().entrySet()) {
            if (entry.getKey().pool() == pool && entry.getValue().state() == calm) {
                count++;
            }
        }
        return count;
    }

    private void checkCalm(PgMap map) {
        double all = Math.max(1, map.groups().size());
        long unknown = map.groups().values().stream().filter(s -> s.state() == 0).count();
        long inactive =
                map.groups().values().stream().filter(s -> !PgState.ACTIVE.isIn(s.state())).count();
        ObjectStatSum sum = Digest.sum(Digest.pools(map).values()).stats().sum();
        double copies = Math.max(1, sum.copies());
        calm("PGs (%f) are unknown", unknown / all);
        calm("objects (%f) are degraded", sum.degraded() / copies);
        calm("PGs (%f) are inactive", inactive / all);
        double misplaced = sum.misplaced() / copies;
        double most =
                options.fraction("target_max_misplaced_ratio", PgNumSteps.MISPLACED_RATIO_MAX);
        if (misplaced >= most) {
            throw new Refused(
                    Refused.EAGAIN,
                    String.format(
                            Locale.ROOT,
                            "Too many objects (%f > %f) are misplaced; try again later",
                            misplaced,
                            most));
        }
    }

    private static void calm(String what, double part) {
        if (part > 0) {
            throw new Refused(
                    Refused.EAGAIN,
                    String.format(Locale.ROOT, "Some " + what + "; try again later", part));
        }
    }

    private static List<String> commands(OsdMapIncremental change) {
        List<String> commands = new ArrayList<>();
        change.oldUpmapItems()
                .forEach(pg ->
                        commands.add(
                                new JsonOut(false)
                                        .object()
                                        .put("prefix", "osd rm-pg-upmap-items")
                                        .put("pgid", pg.toString())
                                        .end()
                                        .toString()));
        change.newUpmapItems()
                .forEach((pg, items) -> {
                    JsonOut out = new JsonOut(false).object();
                    out.put("prefix", "osd pg-upmap-items").put("pgid", pg.toString()).array("id");
                    for (UpmapItem item : items) {
                        out.add((long) item.from()).add((long) item.to());
                    }
                    commands.add(out.end().end().toString());
                });
        return commands;
    }

    @Override
    public void stopped() {
        plans.clear();
        looked = Instant.EPOCH;
    }

    @Override
    public Answer run(Command command, Bytes input, PgMap map, Instant now) {
        return switch (command.prefix()) {
            case "balancer status" -> status();
            case "balancer mode" -> mode(command.required("mode"));
            case "balancer on" -> set(ACTIVE, "true");
            case "balancer off" -> set(ACTIVE, "false");
            case "balancer pool ls" -> pools(map.osdMap());
            case "balancer pool add" -> poolsChange(command, map.osdMap(), true);
            case "balancer pool rm" -> poolsChange(command, map.osdMap(), false);
            case "balancer eval" -> eval(command, map);
            case "balancer optimize" -> optimize(command, map, now);
            case "balancer ls" -> list(plans.keySet());
            case "balancer show" -> {
                plan(command);
                yield Answer.shown("upmap plan");
            }
            case "balancer dump" -> Answer.shown(String.join("\n", commands(plan(command).change)));
            case "balancer execute" -> execute(command);
            case "balancer rm" -> {
                plans.remove(command.required("plan"));
                yield Answer.shown("");
            }
            case "balancer reset" -> {
                plans.clear();
                yield Answer.shown("");
            }
            default -> throw Command.invalid("Command not found '" + command.prefix() + "'");
        };
    }

    private static Answer set(String option, String value) {
        return Answer.after(List.of(ModuleStore.setOption(option, value)), Answer.shown(""));
    }

    private static Answer mode(String wanted) {
        if (wanted.equals("crush-compat")) {
            throw new Refused(
                    95, "the mode crush-compat is not built; 'ceph balancer mode upmap' is");
        }
        return set(MODE, wanted);
    }

    private Answer status() {
        JsonOut out = new JsonOut(true).object().put("active", isActive());
        out.put("last_optimize_duration", duration).put("last_optimize_started", started);
        out.put("mode", mode()).put("no_optimization_needed", nothingToDo);
        out.put("optimize_result", result).array("plans");
        plans.keySet().forEach(out::add);
        return Answer.shown(out.end().end().toString());
    }

    private static Answer list(Iterable<String> names) {
        JsonOut out = new JsonOut(true).array();
        names.forEach(out::add);
        return Answer.shown(out.end().toString());
    }

    private List<Long> chosen() {
        List<Long> ids = new ArrayList<>();
        for (String word : options.text(POOLS, "").split(",", -1)) {
            if (word.matches("[0-9]{1,18}")) {
                ids.add(Long.parseLong(word));
            }
        }
        return ids;
    }

    private Answer pools(OsdMap map) {
        List<String> names = new ArrayList<>();
        chosen().forEach(id -> map.poolName(id).ifPresent(names::add));
        return chosen().isEmpty() ? Answer.shown("") : list(names.stream().sorted().toList());
    }

    private static Set<Long> named(List<String> names, OsdMap map) {
        List<String> unknown = names.stream().filter(n -> map.poolId(n).isEmpty()).toList();
        if (!unknown.isEmpty()) {
            String list =
                    unknown.stream().map(n -> "'" + n + "'").collect(Collectors.joining(", "));
            throw Command.invalid("pool(s) [" + list + "] not found");
        }
        Set<Long> ids = new LinkedHashSet<>();
        names.forEach(name -> ids.add(map.poolId(name).orElseThrow()));
        return ids;
    }

    private Answer poolsChange(Command command, OsdMap map, boolean add) {
        Set<Long> next = new LinkedHashSet<>(chosen());
        Set<Long> named = named(command.strings("pools"), map);
        if (add) {
            next.addAll(named);
        } else {
            next.removeAll(named);
        }
        if (next.isEmpty()) {
            return Answer.after(List.of(ModuleStore.removeOption(POOLS)), Answer.shown(""));
        }
        return set(POOLS, next.stream().map(Object::toString).collect(Collectors.joining(",")));
    }

    private Plan plan(Command command) {
        String name = command.required("plan");
        Plan plan = plans.get(name);
        if (plan == null) {
            throw new Refused(Refused.ENOENT, "plan " + name + " not found");
        }
        return plan;
    }

    private Answer eval(Command command, PgMap groups) {
        List<String> option = command.strings("option");
        OsdMap map = groups.osdMap();
        Set<Long> pools = Set.of();
        String what = "current cluster";
        if (!option.isEmpty()) {
            String name = option.getFirst();
            Plan plan = plans.get(name);
            if (plan == null && map.poolId(name).isEmpty()) {
                throw Command.invalid("option \"" + name + "\" not a plan or a pool");
            }
            what = (plan == null ? "pool" : "plan") + " \"" + name + "\"";
            pools = plan == null ? named(option, map) : plan.pools;
            map = plan == null ? map : plan.map.apply(plan.change);
        }
        return Answer.shown(
                String.format(
                        Locale.ROOT,
                        "%s score %f (lower is better)\n",
                        what,
                        Balance.score(groups, map, pools)));
    }

    private Answer optimize(Command command, PgMap map, Instant now) {
        if (isActive()) {
            throw Command.invalid("Balancer enabled, disable to optimize manually");
        }
        Set<Long> pools = named(command.strings("pools"), map.osdMap());
        String name = command.required("plan");
        if (plans.size() >= PLANS_MAX && !plans.containsKey(name)) {
            throw Command.invalid(
                    "there are " + PLANS_MAX + " plans; 'ceph balancer reset' discards them");
        }
        OsdMapIncremental.Builder change = OsdMapIncremental.after(map.osdMap());
        optimize(map, pools, change, now);
        plans.put(name, new Plan(map.osdMap(), pools, change.build()));
        return Answer.shown("");
    }

    private Answer execute(Command command) {
        if (isActive()) {
            throw Command.invalid("Balancer enabled, disable to execute a plan");
        }
        Plan plan = plan(command);
        plans.remove(command.required("plan"));
        return Answer.after(commands(plan.change), Answer.shown(""));
    }
}
