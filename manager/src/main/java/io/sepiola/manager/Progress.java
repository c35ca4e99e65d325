package io.sepiola.manager;

import io.sepiola.base.Bytes;
import io.sepiola.manager.Command.Answer;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.osd.ProgressEvent;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * What long things go on, and how far they are: the moving of data after an OSD was marked out or
 * in, the recovery of all groups meanwhile, changes of pg_num. The last that are over are kept with
 * the monitors. Owned by the manager's shard.
 */
final class Progress implements Module {
    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
    private static final int ITEMS_MAX = 1000;
    private static final int DONE_MAX = 50; // max_completed_events
    private static final String ENABLED = "mgr/progress/enabled";
    private static final String KEY = "progress/completed";

    private final ModuleOptions options;
    private final ModuleStore store;
    private final RandomGenerator random;
    private final Map<String, ProgressItem> items = new LinkedHashMap<>();
    private final Deque<ProgressDone> done = new ArrayDeque<>();
    private final List<String> kept = new ArrayList<>(); // commands that keep what is done
    private @Nullable OsdMap last;
    private Instant looked = Instant.EPOCH;
    private boolean loaded;

    Progress(ModuleOptions options, ModuleStore store, RandomGenerator random) {
        this.options = options;
        this.store = store;
        this.random = random;
    }

    @Override
    public List<String> prefixes() {
        return List.of("progress");
    }

    private boolean isEnabled() {
        return options.flag(ENABLED, true);
    }

    @Override
    public List<String> tick(PgMap map, Instant now) {
        if (!store.isKnown()) {
            return List.of();
        }
        if (!loaded) {
            loaded = true;
            done.addAll(ProgressDone.read(store.text(KEY)));
        }
        Duration pause =
                Duration.ofSeconds(options.number("mgr/progress/sleep_interval", 5, 1, 3600));
        if (!isEnabled() || now.isBefore(looked.plus(pause))) {
            return List.of();
        }
        looked = now;
        osdsMarked(map, now);
        look(map, now);
        List<String> commands = List.copyOf(kept);
        kept.clear();
        return commands;
    }

    /** OSDs that were marked out or in since the last look. */
    private void osdsMarked(PgMap groups, Instant now) {
        OsdMap map = groups.osdMap();
        OsdMap before = last;
        last = map;
        if (before == null || before.epoch() == map.epoch()) {
            return;
        }
        for (int osd = 0; osd < map.osdMax(); osd++) {
            if (!map.exists(osd) || !before.exists(osd)) {
                continue;
            }
            if (before.isIn(osd) && map.isOut(osd)) {
                marked(groups, before, osd, "out", now);
            } else if (before.isOut(osd) && map.weight(osd) >= OsdMap.WEIGHT_IN) {
                endOf(new ProgressItem.Ref("osd", Integer.toString(osd)), now);
                marked(groups, before, osd, "in", now);
            }
        }
    }

    private void marked(PgMap groups, OsdMap before, int osd, String how, Instant now) {
        OsdMap map = groups.osdMap();
        Set<PgId> moving = new TreeSet<>();
        before.pools()
                .forEach((id, pool) -> {
                    for (int seed = 0; seed < pool.pgNum(); seed++) {
                        PgId pg = new PgId(id, seed);
                        Set<Integer> from = members(before, pg);
                        Set<Integer> to = members(map, pg);
                        if (!from.equals(to) && (from.contains(osd) || to.contains(osd))) {
                            moving.add(pg);
                        }
                    }
                });
        LOG.info("{} groups move as osd.{} is marked {}", moving.size(), osd, how);
        if (!moving.isEmpty()) {
            begin(
                    "Rebalancing after osd." + osd + " marked " + how,
                    new ProgressItem.Ref("osd", Integer.toString(osd)),
                    false,
                    now,
                    new ProgressGauges.Moving(moving, map.epoch()));
        }
    }

    private static Set<Integer> members(OsdMap map, PgId pg) {
        if (map.pool(pg.pool()).isEmpty()) {
            return Set.of();
        }
        return new HashSet<>(Arrays.stream(map.map(pg).acting()).boxed().toList());
    }

    private void begin(
            String message,
            ProgressItem.Ref ref,
            boolean addToStatus,
            Instant now,
            ProgressItem.Gauge gauge) {
        if (items.size() < ITEMS_MAX) {
            // As a UUID of random bits is.
            long high = random.nextLong() & ~0xf000L | 0x4000L;
            long low = random.nextLong() & ~(3L << 62) | 1L << 63;
            String id = new java.util.UUID(high, low).toString();
            items.put(id, new ProgressItem(id, message, ref, addToStatus, now, gauge));
        }
    }

    /** A pool is to have another number of groups; an item of it that is under way is replaced. */
    void pgNumChanges(long pool, int from, int to, Instant now) {
        ProgressItem.Ref ref = new ProgressItem.Ref("pool", Long.toString(pool));
        items.values().removeIf(item -> item.ref().equals(ref));
        begin(
                "PG autoscaler "
                        + (from < to ? "increasing" : "decreasing")
                        + " pool "
                        + pool
                        + " PGs from "
                        + from
                        + " to "
                        + to,
                ref,
                false,
                now,
                ProgressGauges.pgNum(pool, from, to));
    }

    /** The cluster's recovery as a whole is shown as long as something else is. */
    private void look(PgMap map, Instant now) {
        if (items.isEmpty()) {
            return;
        }
        ProgressItem.Ref global = new ProgressItem.Ref("global", "");
        boolean shown = items.values().stream().anyMatch(item -> item.ref().equals(global));
        for (ProgressItem item : List.copyOf(items.values())) {
            if (item.isDone(map)) {
                end(item, now);
            }
        }
        int whole = ProgressGauges.wholeCount(map);
        if (!shown && whole < map.groups().size()) {
            int epoch = map.osdMap().epoch();
            ProgressItem.Gauge gauge = ProgressGauges.all(epoch, whole);
            begin("Global Recovery Event", global, true, now, gauge);
        }
    }

    private void endOf(ProgressItem.Ref ref, Instant now) {
        for (ProgressItem item : List.copyOf(items.values())) {
            if (item.ref().equals(ref)) {
                end(item, now);
            }
        }
    }

    private void end(ProgressItem item, Instant now) {
        LOG.info("over: {}", item.message());
        items.remove(item.id());
        done.addLast(ProgressDone.of(item, now));
        while (done.size() > DONE_MAX) {
            done.removeFirst();
        }
        keep();
    }

    private void keep() {
        kept.clear(); // the last one says all
        kept.add(store.set(KEY, ProgressDone.write(done)));
    }

    /** For the monitors, by id. */
    Map<String, ProgressEvent> events(Instant now) {
        Map<String, ProgressEvent> events = new LinkedHashMap<>();
        items.forEach((id, item) -> events.put(id, item.event(now)));
        return events;
    }

    @Override
    public Answer run(Command command, Bytes input, PgMap map, Instant now) {
        return switch (command.prefix()) {
            case "progress" -> list(now);
            case "progress json" -> json(now);
            case "progress clear" -> clear("");
            case "progress on" ->
                    isEnabled()
                            ? new Answer(0, "progress already enabled!", Bytes.EMPTY)
                            : Answer.after(
                                    List.of(ModuleStore.setOption(ENABLED, "true")),
                                    new Answer(0, "progress enabled", Bytes.EMPTY));
            case "progress off" ->
                    isEnabled()
                            ? clear("progress disabled")
                            : new Answer(0, "progress already disabled!", Bytes.EMPTY);
            default -> throw Command.invalid("'" + command.prefix() + "' is not served");
        };
    }

    private Answer list(Instant now) {
        if (items.isEmpty() && done.isEmpty()) {
            return new Answer(0, "Nothing in progress", Bytes.EMPTY);
        }
        StringBuilder out = new StringBuilder();
        List<ProgressItem> newestFirst = new ArrayList<>(items.values());
        Collections.reverse(newestFirst);
        newestFirst.forEach(item -> out.append(item.twoLines(now, 4)).append('\n'));
        if (!done.isEmpty()) {
            out.append('\n');
        }
        done.forEach(one -> out.append("[Complete]: ").append(one.twoLines(now)).append(" \n"));
        return Answer.shown(out.toString());
    }

    private Answer json(Instant now) {
        JsonOut out = new JsonOut(true).object().array("completed");
        done.forEach(one -> one.write(out));
        out.end().array("events");
        items.values().forEach(item -> item.write(out, now));
        return Answer.shown(out.end().end().toString());
    }

    private Answer clear(String said) {
        items.clear();
        done.clear();
        keep();
        List<String> orders = new ArrayList<>(kept);
        kept.clear();
        if (!said.isEmpty()) {
            orders.add(ModuleStore.setOption(ENABLED, "false"));
        }
        return Answer.after(orders, new Answer(0, said, Bytes.EMPTY));
    }

    @Override
    public void stopped() {
        items.clear();
        done.clear();
        loaded = false;
        last = null;
    }
}
