package io.sepiola.protocol.tell;

import io.sepiola.base.Malformed;
import io.sepiola.protocol.option.Option;
import io.sepiola.protocol.option.OptionDump;
import io.sepiola.protocol.option.OptionTable;
import io.sepiola.protocol.option.RunningOptions;
import io.sepiola.protocol.perf.PerfCounters;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The commands about options, counters and the log, which daemons of all kinds answer alike. Each
 * daemon adds these rows to its own table, which describes, checks and prints them. Immutable.
 */
public final class CommonCommands {
    private static final int ENOENT = -2;
    private static final int EINVAL = -22;

    /** Of {@code injectargs}: {@code --osd_max_scrubs=4} or {@code --osd-max-scrubs 4}. */
    private static final Pattern INJECTED =
            Pattern.compile("--([A-Za-z0-9_-]{1,128})(?:=|\\s+)(\\S{1,1024})\\s*");

    /** Who is told. */
    public interface Daemon {
        /** Such as {@code osd.0}. */
        String name();

        /** Where the values of its options come from. */
        RunningOptions running();

        /** Takes over all that is set while it runs, instead of what was. */
        void override(SortedMap<String, String> values);

        /** What it counts. */
        PerfCounters counters();
    }

    /** The arguments of a command, checked as far as its row says. */
    @FunctionalInterface
    public interface Words {
        /** The words given under that name; none when it was left out. */
        List<String> of(String name);

        /** The words as one text; empty when there are none. */
        default String text(String name) {
            return String.join(" ", of(name));
        }
    }

    /**
     * What is answered.
     *
     * @param text said beside
     * @param output printed as JSON: maps, lists, texts, numbers, truths
     */
    public record Told(String text, Map<String, ?> output) {}

    /** What a command does. */
    @FunctionalInterface
    public interface Action {
        /**
         * Answers.
         *
         * @throws Refusal when there is an error to be told
         */
        Told run(Daemon daemon, Words words);
    }

    /**
     * One command.
     *
     * @param arguments each {@code name:type[:opt][:N]}, blanks between
     * @param access r, or rw when it changes something
     */
    public record Row(String prefix, String arguments, String access, String help, Action action) {}

    /** An error as the answer. */
    public static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final int result;

        Refusal(int result, String why) {
            super(why, null, false, false);
            this.result = result;
        }

        /** A negative errno. */
        public int result() {
            return result;
        }

        /** For people. */
        public String why() {
            return String.valueOf(getMessage());
        }
    }

    /** The rows, in the order of their description. */
    public static final List<Row> ROWS =
            List.of(
                    row(
                            "config show",
                            "",
                            "shows every option's value",
                            (daemon, words) -> show(daemon)),
                    row(
                            "config diff",
                            "",
                            "shows what is not at its default, and where it is set",
                            (daemon, words) -> Map.of("diff", daemon.running().differences())),
                    row(
                            "config diff get",
                            "var:CephString",
                            "shows the same of one option",
                            CommonCommands::difference),
                    row(
                            "config get",
                            "var:CephString",
                            "shows one option's value",
                            CommonCommands::get),
                    row(
                            "config help",
                            "var:CephString:opt",
                            "describes an option, or all",
                            (daemon, words) -> help(words)),
                    new Row(
                            "config set",
                            "var:CephString val:CephString:N",
                            "rw",
                            "sets an option for as long as the daemon runs",
                            (daemon, words) ->
                                    shown(
                                            Map.of(
                                                    "success",
                                                    set(
                                                            daemon,
                                                            words.text("var"),
                                                            words.text("val"))))),
                    new Row(
                            "config unset",
                            "var:CephString",
                            "rw",
                            "gives up what config set has set",
                            CommonCommands::unset),
                    new Row(
                            "injectargs",
                            "injected_args:CephString:N",
                            "rw",
                            "sets options for as long as the daemon runs",
                            (daemon, words) ->
                                    new Told(
                                            inject(daemon, words.text("injected_args")), Map.of())),
                    row(
                            "perf dump",
                            "logger:CephString:opt counter:CephString:opt",
                            "shows what the daemon counts",
                            (daemon, words) ->
                                    daemon.counters()
                                            .dump(words.text("logger"), words.text("counter"))),
                    row(
                            "perf schema",
                            "",
                            "describes the counters",
                            (daemon, words) -> daemon.counters().schema()),
                    row(
                            "perf reset",
                            "var:CephString",
                            "shows counters from 0 on, of one logger or all",
                            (daemon, words) -> daemon.counters().reset(words.text("var"))),
                    row(
                            "counter dump",
                            "",
                            "shows what the daemon counts, with labels",
                            (daemon, words) -> daemon.counters().labelledDump()),
                    row(
                            "counter schema",
                            "",
                            "describes the counters, with labels",
                            (daemon, words) -> daemon.counters().labelledSchema()),
                    row(
                            "log flush",
                            "",
                            "waits until the log is written, which it is at once",
                            (daemon, words) -> Map.of()),
                    row(
                            "log reopen",
                            "",
                            "opens the log's file anew; a file that was moved is left anyway",
                            (daemon, words) -> Map.of()),
                    row(
                            "heap",
                            "heapcmd:CephChoices=stats|release",
                            "shows the process's Java heap, or gives back what nobody uses of it",
                            (daemon, words) -> heap(words.text("heapcmd"))));

    private CommonCommands() {}

    /** What is shown, and changes nothing. */
    @FunctionalInterface
    private interface View {
        Map<String, ?> of(Daemon daemon, Words words);
    }

    private static Row row(String prefix, String arguments, String help, View view) {
        return new Row(
                prefix, arguments, "r", help, (daemon, words) -> shown(view.of(daemon, words)));
    }

    private static Told shown(Map<String, ?> output) {
        return new Told("", output);
    }

    /** Blanks and dashes count as underscores. */
    private static String canonical(String name) {
        return name.replace('-', '_').replace(' ', '_');
    }

    private static Map<String, Object> show(Daemon daemon) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", daemon.name());
        all.put("cluster", "ceph");
        all.putAll(daemon.running().all());
        return all;
    }

    private static Map<String, Object> difference(Daemon daemon, Words words) {
        String name = canonical(words.text("var"));
        known(daemon, name);
        SortedMap<String, Map<String, String>> all = daemon.running().differences();
        return Map.of("diff", all.containsKey(name) ? Map.of(name, all.get(name)) : Map.of());
    }

    private static String known(Daemon daemon, String name) {
        return daemon.running()
                .value(name)
                .orElseThrow(() -> new Refusal(ENOENT, RunningOptions.unknown(name)));
    }

    private static Map<String, Object> get(Daemon daemon, Words words) {
        String name = canonical(words.text("var"));
        return Map.of(name, known(daemon, name));
    }

    private static Map<String, Object> help(Words words) {
        if (words.of("var").isEmpty()) {
            return Map.of(
                    "options", OptionTable.STANDARD.all().stream().map(OptionDump::of).toList());
        }
        return Map.of("option", OptionDump.of(option(canonical(words.text("var")))));
    }

    private static Option option(String name) {
        return OptionTable.STANDARD
                .find(name)
                .orElseThrow(() -> new Refusal(ENOENT, RunningOptions.unknown(name)));
    }

    private static Map<String, Object> heap(String what) {
        switch (what) {
            case "stats" -> {}
            case "release" -> System.gc();
            default -> throw new Refusal(EINVAL, "'" + what + "' is not one of stats, release");
        }
        Runtime process = Runtime.getRuntime();
        Map<String, Object> heap = new LinkedHashMap<>();
        heap.put("heap_bytes_used", process.totalMemory() - process.freeMemory());
        heap.put("heap_bytes_committed", process.totalMemory());
        heap.put("heap_bytes_max", process.maxMemory());
        return heap;
    }

    private static String set(Daemon daemon, String given, String value) {
        String name = canonical(given);
        option(name);
        try {
            daemon.override(daemon.running().overridden(name, value).overrides());
        } catch (Malformed why) {
            throw new Refusal(EINVAL, String.valueOf(why.getMessage()));
        }
        return now(daemon, name);
    }

    private static String now(Daemon daemon, String name) {
        return name + " = '" + daemon.running().value(name).orElse("") + "' ";
    }

    private static Told unset(Daemon daemon, Words words) {
        String name = canonical(words.text("var"));
        if (daemon.running().value(name).isEmpty()) {
            throw new Refusal(EINVAL, RunningOptions.unknown(name));
        }
        boolean wasSet = daemon.running().overrides().containsKey(name);
        daemon.override(daemon.running().withoutOverride(name).overrides());
        return new Told(wasSet ? now(daemon, name) : "", Map.of());
    }

    /** Those before one that is no option are set. */
    private static String inject(Daemon daemon, String arguments) {
        Matcher found = INJECTED.matcher(arguments.strip());
        StringBuilder said = new StringBuilder();
        int reached = 0;
        while (found.find() && found.start() == reached) {
            said.append(set(daemon, found.group(1), found.group(2)));
            reached = found.end();
        }
        if (reached == 0 || reached < arguments.strip().length()) {
            throw new Refusal(
                    EINVAL,
                    "'" + arguments + "' is not of the form --OPTION=VALUE [--OPTION=VALUE...]");
        }
        return said.toString();
    }
}
