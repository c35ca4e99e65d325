package io.sepiola.monitor.command;

import io.sepiola.monitor.text.PoolText;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.PgPoolBuilder;
import io.sepiola.protocol.map.PoolOption;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Making, changing and deleting pools. */
final class PoolChangeCommands {
    private static final String DELETE =
            "pool:CephPoolname pool2:CephPoolname:opt yes_i_really_really_mean_it:CephBool:opt"
                    + " yes_i_really_really_mean_it_not_faking:CephBool:opt";
    private static final String NAME = "[A-Za-z0-9_.:-]{1,128}";
    private static final int APPLICATIONS_MAX = 4;
    private static final int NOTES_MAX = 64;

    private PoolChangeCommands() {}

    static List<Row> rows() {
        return List.of(
                row(
                        "osd pool create",
                        "pool:CephPoolname pg_num:CephInt:opt[0] pgp_num:CephInt:opt[0]"
                                + " pool_type:CephChoices:opt=replicated|erasure"
                                + " erasure_code_profile:CephString:opt rule:CephString:opt"
                                + " expected_num_objects:CephInt:opt[0] size:CephInt:opt[0]"
                                + " pg_num_min:CephInt:opt[0] pg_num_max:CephInt:opt[0]"
                                + " autoscale_mode:CephChoices:opt=on|off|warn bulk:CephBool:opt"
                                + " target_size_bytes:CephInt:opt[0]"
                                + " target_size_ratio:CephFloat:opt[0.0]",
                        "makes a pool",
                        PoolChangeCommands::create),
                Row.of(
                        "osd pool delete",
                        DELETE,
                        "osd",
                        "rw",
                        4,
                        "deletes a pool",
                        PoolChangeCommands::delete),
                row("osd pool rm", DELETE, "deletes a pool", PoolChangeCommands::delete),
                row(
                        "osd pool rename",
                        "srcpool:CephPoolname destpool:CephPoolname",
                        "renames a pool",
                        PoolChangeCommands::rename),
                row(
                        "osd pool set",
                        "pool:CephPoolname var:CephChoices="
                                + PoolVariables.SET
                                + " val:CephString yes_i_really_mean_it:CephBool:opt",
                        "sets a variable of a pool",
                        PoolChangeCommands::set),
                row(
                        "osd pool set-quota",
                        "pool:CephPoolname field:CephChoices=max_objects|max_bytes val:CephString",
                        "sets a quota of a pool",
                        PoolChangeCommands::quota),
                row(
                        "osd pool application enable",
                        "pool:CephPoolname app:CephString yes_i_really_mean_it:CephBool:opt",
                        "says what a pool is for",
                        PoolChangeCommands::enable),
                row(
                        "osd pool application disable",
                        "pool:CephPoolname app:CephString yes_i_really_mean_it:CephBool:opt",
                        "takes back what a pool is for",
                        PoolChangeCommands::disable),
                row(
                        "osd pool application set",
                        "pool:CephPoolname app:CephString key:CephString value:CephString",
                        "notes something for a pool's application",
                        PoolChangeCommands::note),
                row(
                        "osd pool application rm",
                        "pool:CephPoolname app:CephString key:CephString",
                        "forgets a note of a pool's application",
                        PoolChangeCommands::forget),
                row(
                        "osd pool mksnap",
                        "pool:CephPoolname snap:CephString",
                        "makes a snapshot of a pool",
                        PoolChangeCommands::noSnaps),
                row(
                        "osd pool rmsnap",
                        "pool:CephPoolname snap:CephString",
                        "removes a snapshot of a pool",
                        PoolChangeCommands::noSnaps));
    }

    private static Row row(String prefix, String arguments, String help, Row.Action action) {
        return Row.of(prefix, arguments, "osd", "rw", 0, help, action);
    }

    private static PoolChange change(Call call) {
        return new PoolChange(call.draft(), call.facts());
    }

    private static OsdMap map(Call call) {
        return call.state().osdMaps().newest();
    }

    private static Reply create(Call call) {
        Arguments arguments = call.arguments();
        String name = arguments.text("pool");
        if (map(call).poolId(name).isPresent()) {
            return Reply.said("pool '" + name + "' already exists");
        }
        if (arguments.textIfGiven("pool_type").orElse("").equals("erasure")) {
            throw new Refused(Errno.EOPNOTSUPP, "erasure coded pools are not supported yet");
        }
        // What stands in the place of a profile is the rule, for replicated pools.
        String rule =
                arguments
                        .textIfGiven("rule")
                        .or(() -> arguments.textIfGiven("erasure_code_profile"))
                        .orElse("");
        Consumer<PgPoolBuilder> more =
                pool -> {
                    pool.expectedObjects(arguments.number("expected_num_objects", 0));
                    option(pool, arguments, "pg_num_min");
                    option(pool, arguments, "pg_num_max");
                    option(pool, arguments, "target_size_bytes");
                    if (arguments.has("target_size_ratio")) {
                        pool.option(
                                PoolText.optionKey("target_size_ratio"),
                                new PoolOption.Real(arguments.fraction("target_size_ratio")));
                    }
                    arguments
                            .textIfGiven("autoscale_mode")
                            .ifPresent(mode -> pool.autoscaleMode(PoolChange.autoscaleMode(mode)));
                    if (arguments.flag("bulk")) {
                        pool.setFlag(PoolText.flag("bulk"));
                    }
                };
        change(call)
                .create(
                        new PoolChange.Wish(
                                name,
                                arguments.number("pg_num", 0),
                                arguments.number("pgp_num", 0),
                                arguments.number("size", 0),
                                rule,
                                more));
        return Reply.said("pool '" + name + "' created");
    }

    private static void option(PgPoolBuilder pool, Arguments arguments, String name) {
        long value = arguments.number(name, 0);
        if (value > 0) {
            pool.option(PoolText.optionKey(name), new PoolOption.Whole(value));
        }
    }

    private static Reply delete(Call call) {
        String name = call.arguments().text("pool");
        var id = map(call).poolId(name);
        if (id.isEmpty()) {
            return Reply.said("pool '" + PoolShowCommands.shortened(name) + "' does not exist");
        }
        boolean sure =
                call.arguments().flag("yes_i_really_really_mean_it")
                        || call.arguments().flag("yes_i_really_really_mean_it_not_faking");
        if (!sure || !name.equals(call.arguments().textIfGiven("pool2").orElse(""))) {
            throw new Refused(
                    Errno.EPERM,
                    "WARNING: this will *PERMANENTLY DESTROY* all data stored in pool "
                            + name
                            + ".  If you are *ABSOLUTELY CERTAIN* that is what you want, pass the"
                            + " pool name *twice*, followed by --yes-i-really-really-mean-it.");
        }
        change(call).delete(id.getAsLong());
        return Reply.said("pool '" + name + "' removed");
    }

    private static Reply rename(Call call) {
        OsdMap map = map(call);
        String source = call.arguments().text("srcpool");
        String target = call.arguments().text("destpool");
        var existing = map.poolId(target);
        if (map.poolId(source).isEmpty() && existing.isPresent()) {
            return Reply.said(
                    "pool '"
                            + PoolShowCommands.shortened(source)
                            + "' does not exist; pool '"
                            + target
                            + "' does -- assuming successful rename");
        }
        long id = PoolShowCommands.pool(map, source);
        if (existing.isPresent()) {
            throw new Refused(Errno.EEXIST, "pool '" + target + "' already exists");
        }
        if (target.isEmpty() || target.length() > 255) {
            throw Refused.invalid("a pool's name has 1 to 255 characters, not " + target.length());
        }
        call.draft().osdMapStep().newPoolName(id, target);
        return Reply.said("pool '" + source + "' renamed to '" + target + "'");
    }

    private static Reply set(Call call) {
        return new PoolSetting(call, change(call)).set();
    }

    private static Reply quota(Call call) {
        String name = call.arguments().text("pool");
        long id = PoolShowCommands.pool(map(call), name);
        String field = call.arguments().text("field");
        long value =
                PoolVariables.quantity(call.arguments().text("val"), field.equals("max_bytes"));
        change(call)
                .change(
                        id,
                        next -> {
                            if (field.equals("max_bytes")) {
                                next.quotaBytesMax(value);
                            } else {
                                next.quotaObjectsMax(value);
                            }
                        });
        return Reply.said("set-quota " + field + " = " + value + " for pool " + name);
    }

    private static String application(Call call) {
        String app = call.arguments().text("app");
        if (!app.matches(NAME)) {
            throw Refused.invalid(
                    "application name must be 1 to 128 letters, digits, and any of _.:-");
        }
        return app;
    }

    private static Reply enable(Call call) {
        String name = call.arguments().text("pool");
        long id = PoolShowCommands.pool(map(call), name);
        String app = application(call);
        PgPool pool = map(call).pool(id).orElseThrow();
        String done = "enabled application '" + app + "' on pool '" + name + "'";
        if (pool.applications().containsKey(app)) {
            return Reply.said(done);
        }
        if (!pool.applications().isEmpty() && !call.arguments().flag("yes_i_really_mean_it")) {
            throw new Refused(
                    Errno.EPERM,
                    "Are you SURE? Pool '"
                            + name
                            + "' already has an enabled application; pass"
                            + " --yes-i-really-mean-it to proceed anyway");
        }
        if (pool.applications().size() >= APPLICATIONS_MAX) {
            throw Refused.invalid(
                    "too many enabled applications on pool '"
                            + name
                            + "'; max "
                            + APPLICATIONS_MAX);
        }
        change(call).change(id, next -> next.application(app, new TreeMap<>()));
        return Reply.said(done);
    }

    private static Reply disable(Call call) {
        String name = call.arguments().text("pool");
        long id = PoolShowCommands.pool(map(call), name);
        String app = application(call);
        if (!call.arguments().flag("yes_i_really_mean_it")) {
            throw new Refused(
                    Errno.EPERM,
                    "Are you SURE? Disabling an application within a pool might result in loss of"
                            + " application functionality; pass --yes-i-really-mean-it to proceed"
                            + " anyway");
        }
        if (!map(call).pool(id).orElseThrow().applications().containsKey(app)) {
            return Reply.said("application '" + app + "' is not enabled on pool '" + name + "'");
        }
        change(call).change(id, next -> next.removeApplication(app));
        return Reply.said("disable application '" + app + "' on pool '" + name + "'");
    }

    private static NavigableMap<String, String> notes(Call call, long id, String app) {
        NavigableMap<String, String> notes =
                map(call).pool(id).orElseThrow().applications().get(app);
        if (notes == null) {
            throw Refused.missing(
                    "application '"
                            + app
                            + "' is not enabled on pool '"
                            + call.arguments().text("pool")
                            + "'");
        }
        return new TreeMap<>(notes);
    }

    private static Reply note(Call call) {
        String name = call.arguments().text("pool");
        long id = PoolShowCommands.pool(map(call), name);
        String app = application(call);
        String key = call.arguments().text("key");
        String value = call.arguments().text("value");
        NavigableMap<String, String> notes = notes(call, id, app);
        if (!key.matches(NAME) || value.length() > 128 || notes.size() >= NOTES_MAX) {
            throw Refused.invalid(
                    "keys and values have at most 128 characters, and there are at most "
                            + NOTES_MAX);
        }
        notes.put(key, value);
        change(call).change(id, next -> next.application(app, notes));
        return Reply.said(
                "set application '"
                        + app
                        + "' key '"
                        + key
                        + "' to '"
                        + value
                        + "' on pool '"
                        + name
                        + "'");
    }

    private static Reply forget(Call call) {
        String name = call.arguments().text("pool");
        long id = PoolShowCommands.pool(map(call), name);
        String app = application(call);
        String key = call.arguments().text("key");
        NavigableMap<String, String> notes = notes(call, id, app);
        if (notes.remove(key) == null) {
            return Reply.said(
                    "application '"
                            + app
                            + "' on pool '"
                            + name
                            + "' does not have key '"
                            + PoolShowCommands.shortened(key)
                            + "'");
        }
        change(call).change(id, next -> next.application(app, notes));
        return Reply.said(
                "removed application '" + app + "' key '" + key + "' on pool '" + name + "'");
    }

    private static Reply noSnaps(Call call) {
        PoolShowCommands.pool(map(call), call.arguments().text("pool"));
        throw new Refused(Errno.EOPNOTSUPP, "snapshots are not supported yet");
    }
}
