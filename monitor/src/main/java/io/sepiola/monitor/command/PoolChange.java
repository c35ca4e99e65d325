package io.sepiola.monitor.command;

import io.sepiola.crush.CrushRule;
import io.sepiola.monitor.state.Draft;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.PgPoolBuilder;

import java.util.OptionalLong;
import java.util.function.Consumer;

/** Decides how pools come, change and go: the same for commands and for librados' own messages. */
public final class PoolChange {
    /** The largest size of a pool. */
    static final int SIZE_MAX = 10;

    private static final int NAME_SIZE_MAX = 255;

    private final Draft draft;
    private final Facts facts;

    /** Proposes to {@code draft}. */
    public PoolChange(Draft draft, Facts facts) {
        this.draft = draft;
        this.facts = facts;
    }

    /**
     * What a new pool shall be like; 0 and empty stand for the default.
     *
     * @param more changes what is left at its default
     */
    record Wish(
            String name,
            long pgNum,
            long pgpNum,
            long size,
            String rule,
            Consumer<PgPoolBuilder> more) {}

    private OsdMap map() {
        return draft.state().osdMaps().newest();
    }

    private String setting(String option) {
        return facts.setting(draft.state(), option);
    }

    private long number(String option) {
        return Long.parseLong(setting(option));
    }

    /**
     * Makes a pool with defaults only.
     *
     * @param rule a CRUSH rule's id, or -1
     * @throws Refused when it cannot be
     */
    public void create(String name, int rule) {
        if (map().poolId(name).isPresent()) {
            throw new Refused(
                    Errno.EEXIST, "pool '" + PoolShowCommands.shortened(name) + "' already exists");
        }
        String ruleName = rule < 0 ? "" : map().crush().ruleNames().getOrDefault(rule, "");
        create(new Wish(name, 0, 0, 0, ruleName, pool -> {}));
    }

    /** Makes a pool; its id. */
    long create(Wish wish) {
        OsdMap map = map();
        checkName(wish.name);
        long pgNum = wish.pgNum > 0 ? wish.pgNum : number("osd_pool_default_pg_num");
        long pgpDefault = number("osd_pool_default_pgp_num");
        long pgpNum =
                wish.pgpNum > 0
                        ? wish.pgpNum
                        : wish.pgNum > 0 || pgpDefault <= 0 ? pgNum : pgpDefault;
        long pgMax = number("mon_max_pool_pg_num");
        if (pgNum > pgMax) {
            throw new Refused(
                    Errno.ERANGE,
                    "'pg_num' must be greater than 0 and less than or equal to "
                            + pgMax
                            + " (you may adjust 'mon max pool pg num' for higher values)");
        }
        if (pgpNum > pgNum) {
            throw new Refused(
                    Errno.ERANGE,
                    "'pgp_num' must be greater than 0 and lower or equal than 'pg_num', which in"
                            + " this case is "
                            + pgNum);
        }
        long size = wish.size > 0 ? wish.size : number("osd_pool_default_size");
        if (size > SIZE_MAX) {
            throw Refused.invalid("pool size must be between 1 and " + SIZE_MAX);
        }
        checkCount(map, -1, pgNum, size);
        Utime now = Utime.of(facts.now());
        PgPoolBuilder builder =
                PgPool.builder()
                        .type(PgPool.REPLICATED)
                        .size((int) size)
                        .minSize(minSize((int) size))
                        .crushRule(rule(map, wish.rule))
                        .pgs((int) pgNum)
                        .pgpNum((int) pgpNum)
                        .pgpNumTarget((int) pgpNum)
                        .flags(PgPool.FLAG_HASHPSPOOL | PgPool.FLAG_CREATING)
                        .created(now)
                        .autoscaleMode(autoscaleMode(setting("osd_pool_default_pg_autoscale_mode")))
                        .lastChange(map.epoch() + 1);
        wish.more.accept(builder);
        long id = map.poolMax() + 1L;
        draft.osdMapStep().newPool(id, builder.build()).newPoolName(id, wish.name).poolMax(id);
        return id;
    }

    static int autoscaleMode(String word) {
        return switch (word) {
            case "off" -> 0;
            case "warn" -> 1;
            case "on" -> 2;
            default ->
                    throw Refused.invalid(
                            "specified invalid mode " + PoolShowCommands.shortened(word));
        };
    }

    /** How many placement groups a pool may have. */
    long pgNumMax() {
        return number("mon_max_pool_pg_num");
    }

    /** How many copies must be up for writes, unless an option says so. */
    int minSize(int size) {
        int wanted = Math.toIntExact(number("osd_pool_default_min_size"));
        return wanted > 0 ? Math.min(wanted, size) : size - size / 2;
    }

    private static void checkName(String name) {
        if (name.isEmpty() || name.length() > NAME_SIZE_MAX) {
            throw Refused.invalid(
                    "a pool's name has 1 to "
                            + NAME_SIZE_MAX
                            + " characters, not "
                            + name.length());
        }
    }

    private int rule(OsdMap map, String name) {
        int wanted = Math.toIntExact(number("osd_pool_default_crush_rule"));
        if (!name.isEmpty()) {
            return replicated(
                    map,
                    map.crush()
                            .ruleId(name)
                            .orElseThrow(() ->
                                    Refused.missing(
                                            "specified rule "
                                                    + PoolShowCommands.shortened(name)
                                                    + " doesn't exist")));
        }
        if (wanted >= 0) {
            return replicated(map, wanted);
        }
        for (int id = 0; id < map.crush().ruleSlots(); id++) {
            if (map.crush()
                    .rule(id)
                    .filter(rule -> rule.type() == CrushRule.REPLICATED)
                    .isPresent()) {
                return id;
            }
        }
        throw Refused.missing("no suitable CRUSH rule exists, check 'osd_pool_default_crush_rule'");
    }

    static int replicated(OsdMap map, int id) {
        CrushRule rule =
                map.crush()
                        .rule(id)
                        .orElseThrow(() -> Refused.missing("crush rule " + id + " does not exist"));
        if (rule.type() != CrushRule.REPLICATED) {
            throw Refused.invalid("crush rule " + id + " type does not match pool");
        }
        return id;
    }

    /** Holds the number of placement groups of all pools against what the OSDs can bear. */
    void checkCount(OsdMap map, long except, long pgNum, long size) {
        long perOsd = number("mon_max_pg_per_osd");
        long osds = Math.max(3, map.inCount()); // a young cluster will have three
        long projected = pgNum * size;
        for (var entry : map.pools().entrySet()) {
            if (entry.getKey() != except) {
                projected += (long) entry.getValue().pgNumTarget() * entry.getValue().size();
            }
        }
        if (projected > perOsd * osds) {
            throw new Refused(
                    Errno.ERANGE,
                    (except >= 0 ? "pool id " + except : "")
                            + " pg_num "
                            + pgNum
                            + " size "
                            + size
                            + " would mean "
                            + projected
                            + " total pgs, which exceeds max "
                            + perOsd * osds
                            + " (mon_max_pg_per_osd "
                            + perOsd
                            + " * num_in_osds "
                            + osds
                            + ")");
        }
    }

    /**
     * Deletes a pool.
     *
     * @throws Refused when that is forbidden
     */
    public void delete(long id) {
        OsdMap map = map();
        PgPool pool = map.pool(id).orElseThrow(() -> Refused.missing("unrecognized pool id " + id));
        if (!setting("mon_allow_pool_delete").equals("true")) {
            throw new Refused(
                    Errno.EPERM,
                    "pool deletion is disabled; you must first set the mon_allow_pool_delete config"
                            + " option to true before you can destroy a pool");
        }
        if (pool.hasFlag(PgPool.FLAG_NODELETE)) {
            throw new Refused(
                    Errno.EPERM,
                    "pool deletion is disabled; you must unset nodelete flag for the pool first");
        }
        OsdMapIncremental.Builder step = draft.osdMapStep().oldPool(id);
        map.pgTemp().keySet().stream()
                .filter(pg -> pg.pool() == id)
                .forEach(pg -> step.newPgTemp(pg, java.util.List.of()));
        map.primaryTemp().keySet().stream()
                .filter(pg -> pg.pool() == id)
                .forEach(pg -> step.newPrimaryTemp(pg, -1));
        map.upmap().keySet().stream().filter(pg -> pg.pool() == id).forEach(step::oldUpmap);
        map.upmapItems().keySet().stream()
                .filter(pg -> pg.pool() == id)
                .forEach(step::oldUpmapItems);
    }

    /** The pool of that name in what is agreed and proposed. */
    public OptionalLong find(String name) {
        return map().poolId(name);
    }

    /** Changes a pool. */
    void change(long id, Consumer<PgPoolBuilder> change) {
        PgPool next =
                map().pool(id).orElseThrow().with(change); // may look at the draft, and so seal it
        draft.osdMapStep().newPool(id, next);
    }
}
