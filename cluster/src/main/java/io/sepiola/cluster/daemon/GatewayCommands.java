package io.sepiola.cluster.daemon;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.message.MCommand;
import io.sepiola.protocol.message.MCommandReply;
import io.sepiola.protocol.option.RunningOptions;
import io.sepiola.protocol.perf.PerfCounters;
import io.sepiola.protocol.tell.CommonCommands;

import tools.jackson.core.JacksonException;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * What a gateway is told through its admin socket: what daemons of all kinds know, of the options
 * in its ceph.conf and of what it counts. Any thread may tell it something.
 */
final class GatewayCommands implements CommonCommands.Daemon {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();
    private static final int EINVAL = -22;

    private final String name;
    private final PerfCounters counters;
    private RunningOptions running;

    /**
     * Of one gateway.
     *
     * @param name such as {@code client.rgw.a}
     * @param file from its ceph.conf
     */
    GatewayCommands(String name, SortedMap<String, String> file, PerfCounters counters) {
        this.name = name;
        this.counters = counters;
        this.running = new RunningOptions(List.of(new RunningOptions.Layer("file", file)));
    }

    /** Answers at once. Never throws for what was sent. */
    synchronized CompletableFuture<MCommandReply> tell(MCommand command) {
        return CompletableFuture.completedFuture(answer(command));
    }

    private MCommandReply answer(MCommand command) {
        try {
            JsonNode request = JSON.readTree(String.join("", command.command()));
            String prefix = request.path("prefix").asString("");
            return switch (prefix) {
                case "get_command_descriptions" ->
                        new MCommandReply(
                                command.tid(),
                                0,
                                "",
                                Bytes.utf8(JSON.writeValueAsString(descriptions())));
                case "help" -> shown(command, request, help());
                case "version" ->
                        shown(
                                command,
                                request,
                                ordered(
                                        "version", "16.2.15",
                                        "release", "pacific",
                                        "release_type", "stable"));
                default -> common(command, prefix, request);
            };
        } catch (JacksonException noJson) {
            return new MCommandReply(command.tid(), EINVAL, "invalid json", Bytes.EMPTY);
        } catch (CommonCommands.Refusal why) {
            return new MCommandReply(command.tid(), why.result(), why.why(), Bytes.EMPTY);
        }
    }

    private MCommandReply common(MCommand command, String prefix, JsonNode request) {
        for (CommonCommands.Row row : CommonCommands.ROWS) {
            if (row.prefix().equals(prefix)) {
                CommonCommands.Told told =
                        row.action().run(this, argument -> words(request.path(argument)));
                return shown(command, request, told.output());
            }
        }
        String why = "no command '" + prefix + "'; help lists those that there are";
        return new MCommandReply(command.tid(), EINVAL, why, Bytes.EMPTY);
    }

    private static MCommandReply shown(MCommand command, JsonNode request, Map<String, ?> output) {
        String text =
                request.path("format").asString("").equals("json")
                        ? JSON.writeValueAsString(output)
                        : JSON.writer().with(printer()).writeValueAsString(output) + "\n";
        return new MCommandReply(command.tid(), 0, "", Bytes.utf8(text));
    }

    private static PrettyPrinter printer() {
        DefaultIndenter indenter = new DefaultIndenter("    ", "\n");
        return new DefaultPrettyPrinter(
                        Separators.createDefaultInstance()
                                .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                                .withObjectEmptySeparator("")
                                .withArrayEmptySeparator(""))
                .withObjectIndenter(indenter)
                .withArrayIndenter(indenter);
    }

    private static List<String> words(JsonNode value) {
        List<String> words = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(word -> words.add(word.asString("")));
        } else if (value.isValueNode() && !value.isNull()) {
            words.add(value.asString(""));
        }
        return words;
    }

    private static Map<String, Object> ordered(String... pairs) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            all.put(pairs[i], pairs[i + 1]);
        }
        return all;
    }

    /** Those of its own, then those of all daemons; arguments as in {@link CommonCommands.Row}. */
    private static List<String[]> rows() {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"get_command_descriptions", "", "lists commands"});
        rows.add(new String[] {"help", "", "lists commands"});
        rows.add(new String[] {"version", "", "shows the gateway's release"});
        CommonCommands.ROWS.forEach(
                row -> rows.add(new String[] {row.prefix(), row.arguments(), row.help()}));
        return rows;
    }

    private static Map<String, Object> help() {
        Map<String, Object> all = new TreeMap<>();
        rows().forEach(row -> all.put(row[0], row[2]));
        return all;
    }

    private static Map<String, Object> descriptions() {
        Map<String, Object> all = new LinkedHashMap<>();
        for (String[] row : rows()) {
            List<Object> signature = new ArrayList<>(List.of(row[0].split(" ")));
            Arrays.stream(row[1].split(" "))
                    .filter(text -> !text.isEmpty())
                    .map(GatewayCommands::argument)
                    .forEach(signature::add);
            Map<String, Object> description = new LinkedHashMap<>();
            description.put("sig", signature);
            description.put("help", row[2]);
            all.put(String.format(Locale.ROOT, "cmd%03d", all.size()), description);
        }
        return all;
    }

    private static Map<String, Object> argument(String text) {
        int equals = text.indexOf('=');
        String[] parts = (equals < 0 ? text : text.substring(0, equals)).split(":");
        Map<String, Object> argument = ordered("name", parts[0], "type", parts[1]);
        for (String mark : List.of(parts).subList(2, parts.length)) {
            argument.put(mark.equals("opt") ? "req" : "n", mark.equals("opt") ? "false" : mark);
        }
        if (equals >= 0) {
            argument.put("strings", text.substring(equals + 1));
        }
        return argument;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public RunningOptions running() {
        return running;
    }

    @Override
    public void override(SortedMap<String, String> values) {
        running = running.withOverrides(values);
    }

    @Override
    public PerfCounters counters() {
        return counters;
    }
}
