package io.sepiola.protocol.caps;

import io.sepiola.protocol.caps.Clause.Subject;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The grammar of monitors' and managers' caps.
 *
 * <pre>
 * caps       := grant ((";" | ",") grant)*
 * grant      := ( "allow" access [fsname]
 *             | ["allow"] "profile" string [conditions, managers only]
 *             | "allow" "service" string access
 *             | "allow" "module" string ["with" conditions] access       managers only
 *             | "allow" "command" string ["with" conditions] ) ["network" CIDR]
 * access     := "*" | "all" | ["r"] ["w"] ["x"]
 * conditions := string ("=" string | "prefix" string | "regex" string) ...
 * fsname     := "fsname" NAME                                            monitors only
 * </pre>
 *
 * "profile", "service", "module" and "command" may be followed by an equals sign in place of
 * spaces. A file system's name limits only what is asked of that file system's own maps.
 */
final class ClauseGrammar {
    private final CapsText in;
    private final boolean manager;

    private ClauseGrammar(CapsText in, boolean manager) {
        this.in = in;
        this.manager = manager;
    }

    /**
     * Reads all.
     *
     * @throws io.sepiola.base.Malformed in Ceph's words, when it does not follow the grammar
     */
    static List<Clause> parse(String text, boolean manager) {
        CapsText in = new CapsText(manager ? "mgr" : "mon", text, " \n\t");
        List<Clause> clauses = in.grants(new ClauseGrammar(in, manager)::grant, true);
        if (clauses.isEmpty() || !in.atEnd()) {
            throw in.stopped(true);
        }
        return clauses;
    }

    private @Nullable Clause grant() {
        return in.tried(() -> {
            in.spaces();
            Clause clause = in.tried(this::everything);
            clause = clause != null ? clause : in.tried(this::profile);
            clause = clause != null ? clause : in.tried(this::service);
            clause = clause != null || !manager ? clause : in.tried(this::module);
            clause = clause != null ? clause : in.tried(this::command);
            in.spaces();
            return clause;
        });
    }

    private boolean allow() {
        return in.literal("allow") && in.spaces();
    }

    private @Nullable Clause everything() {
        int access = allow() ? access() : 0;
        if (access == 0) {
            return null;
        }
        Network network = in.network();
        if (!manager) {
            in.all(in::spaces, () -> in.named("fsname"), () -> in.fileSystem() != null);
        }
        return Clause.everything(access).in(network);
    }

    private @Nullable Clause profile() {
        in.all(this::allow);
        String name = in.named("profile") ? in.string(false) : null;
        if (name == null) {
            return null;
        }
        Clause clause = Clause.of(Subject.PROFILE, name, 0);
        return clause.with(manager ? conditionsAfter("") : new TreeMap<>()).in(in.network());
    }

    private @Nullable Clause service() {
        String name = allow() && in.named("service") ? in.string(false) : null;
        int access = name != null && in.spaces() ? access() : 0;
        return name == null || access == 0 ? null : Clause.service(name, access).in(in.network());
    }

    private @Nullable Clause module() {
        String name = allow() && in.named("module") ? in.string(false) : null;
        SortedMap<String, Condition> conditions = conditionsAfter("with");
        int access = name != null && in.spaces() ? access() : 0;
        return name == null || access == 0
                ? null
                : Clause.of(Subject.MODULE, name, access).with(conditions).in(in.network());
    }

    private @Nullable Clause command() {
        String prefix = allow() && in.named("command") ? in.string(false) : null;
        return prefix == null
                ? null
                : Clause.command(prefix).with(conditionsAfter("with")).in(in.network());
    }

    private int access() {
        return in.wildcard() ? Clause.ANY : in.letters("rwx");
    }

    /** What follows the word; empty, and nothing is taken, when there is no condition. */
    private SortedMap<String, Condition> conditionsAfter(String word) {
        SortedMap<String, Condition> conditions = new TreeMap<>();
        boolean more =
                in.all(
                        () -> word.isEmpty() || in.all(in::spaces, () -> in.literal(word)),
                        () -> condition(conditions));
        while (more) {
            in.bound(conditions.size());
            more = condition(conditions);
        }
        return conditions;
    }

    private boolean condition(SortedMap<String, Condition> conditions) {
        return in.all(
                in::spaces,
                () -> {
                    String key = in.string(false);
                    Condition condition = key == null ? null : condition();
                    if (key != null && condition != null) {
                        conditions.putIfAbsent(key, condition);
                    }
                    return condition != null;
                });
    }

    private @Nullable Condition condition() {
        String equal = in.tried(() -> equalsSign() ? in.string(false) : null);
        if (equal != null) {
            return Condition.equal(equal);
        }
        String prefix = in.tried(() -> in.spaced("prefix") ? in.string(false) : null);
        if (prefix != null) {
            return Condition.prefix(prefix);
        }
        String regex = in.spaced("regex") ? in.string(false) : null;
        return regex == null ? null : Condition.regex(regex);
    }

    /** Only managers want spaces around it. */
    private boolean equalsSign() {
        if (manager) {
            in.spaces();
        }
        boolean found = in.literal("=");
        if (manager) {
            in.spaces();
        }
        return found;
    }
}
