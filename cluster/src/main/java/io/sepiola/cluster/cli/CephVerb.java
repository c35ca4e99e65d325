package io.sepiola.cluster.cli;

import io.sepiola.base.Await;
import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.client.CephConf;
import io.sepiola.client.Errno;
import io.sepiola.client.Keyring;
import io.sepiola.client.Rados;
import io.sepiola.client.Rados.CommandReply;
import io.sepiola.client.RadosException;
import io.sepiola.client.RadosOptions;
import io.sepiola.protocol.message.LogEntry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * {@code sepiola ceph}: asks the cluster which commands there are, finds the one that the words
 * mean, and sends it to whom it concerns. Data go to standard output, texts to standard error; the
 * exit code is the error number.
 */
public final class CephVerb {
    private static final int USAGE_ERROR = 2;

    private final CephArguments arguments;
    private final Map<String, String> environment;
    private final PrintStream out;
    private final PrintStream err;
    private final InputStream in;

    private CephVerb(
            CephArguments arguments,
            Map<String, String> environment,
            PrintStream out,
            PrintStream err,
            InputStream in) {
        this.arguments = arguments;
        this.environment = environment;
        this.out = out;
        this.err = err;
        this.in = in;
    }

    /** Runs one command line; the exit code. */
    public static int run(String[] args, PrintStream out, PrintStream err, InputStream in) {
        Map<String, String> environment = System.getenv();
        try {
            CephArguments arguments = CephArguments.parse(Arrays.asList(args), environment);
            int code = new CephVerb(arguments, environment, out, err, in).run();
            out.flush();
            return code;
        } catch (Malformed bad) {
            err.println("ceph: " + bad.getMessage());
            return USAGE_ERROR;
        }
    }

    private int run() {
        if (arguments.version()) {
            out.println("ceph version 16.2.15 (Sepiola 0.1.0) pacific (stable)");
            return 0;
        }
        List<String> words = new ArrayList<>(arguments.words());
        if (arguments.help()) {
            CephHelp.usage(out);
        }
        if (!words.isEmpty() && words.getFirst().equals("daemon")) {
            err.println("there are no admin sockets here; use 'tell NAME COMMAND'");
            return Errno.EINVAL;
        }
        Rados rados;
        try {
            rados = connect();
        } catch (RadosException failed) {
            err.println(failed.getMessage());
            return failed.errno() == Errno.EACCES ? Errno.EACCES : 1;
        } catch (Malformed bad) {
            err.println(bad.getMessage());
            return 1;
        }
        try (rados) {
            return run(rados, words);
        } catch (RadosException failed) {
            err.println("Error " + Errno.name(failed.errno()) + ": " + failed.getMessage());
            return failed.errno();
        } catch (Malformed bad) {
            err.println("error handling command target: " + bad.getMessage());
            return 1;
        } catch (IOException failed) {
            err.println(failed.getMessage());
            return 1;
        }
    }

    private Rados connect() {
        CephConf conf = arguments.common().configuration(environment);
        int seconds =
                arguments.connectTimeoutSeconds().orElse((int) RadosOptions.TIMEOUT.toSeconds());
        RadosOptions options =
                RadosOptions.of(conf).withTimeout(Duration.ofSeconds(Math.max(1, seconds)));
        return Rados.connect(options, Keyring.find(conf));
    }

    private int run(Rados rados, List<String> words) throws IOException {
        if (arguments.help()) {
            return help(rados, words);
        }
        if (!words.isEmpty() && words.getFirst().equals("ping")) {
            return ping(rados, words);
        }
        if (arguments.watchLevel().isPresent()) {
            return watch(rados, arguments.watchLevel().get());
        }
        if (arguments.status()) {
            words.addFirst("status");
        }
        Bytes input = input();
        if (words.isEmpty()) {
            return interactive(rados, input);
        }
        CommandTarget target = CommandTarget.of(words);
        boolean told = words.getFirst().equals("tell");
        List<String> command =
                told ? words.subList(Math.min(2, words.size()), words.size()) : words;
        if (told && command.isEmpty()) {
            err.println(
                    "\"ceph tell\" requires additional arguments. Try \"ceph tell <name> <command>"
                            + " [options...]\" instead.");
            return Errno.EINVAL;
        }
        List<CommandTarget> targets = resolve(rados, target);
        int code = 0;
        for (CommandTarget one : targets) {
            String prefix = targets.size() > 1 ? one.shown() + ": " : "";
            int result = one(rados, one, command, input, prefix);
            code = result == 0 ? code : result;
        }
        return code;
    }

    private int one(
            Rados rados, CommandTarget target, List<String> command, Bytes input, String prefix)
            throws IOException {
        Optional<CommandTable> table = table(rados, target);
        if (table.isEmpty()) {
            return Errno.EINVAL;
        }
        if (command.equals(List.of("help"))) {
            CephHelp.commands(table.get(), "", columns(), out);
            return 0;
        }
        return switch (table.get().match(command)) {
            case CommandTable.Outcome.Refused refused -> {
                refused.lines().forEach(err::println);
                err.println("Error EINVAL: invalid command");
                yield Errno.EINVAL;
            }
            case CommandTable.Outcome.Found found -> send(rados, target, found, input, prefix);
        };
    }

    private Optional<CommandTable> table(Rados rados, CommandTarget target) {
        CommandReply reply =
                Await.on(
                        target.send(
                                rados,
                                new LinkedHashMap<>(Map.of("prefix", "get_command_descriptions")),
                                Bytes.EMPTY));
        if (reply.result() < 0) {
            err.println(
                    "Error "
                            + Errno.name(reply.result())
                            + ": problem getting command descriptions from "
                            + target.shown());
            return Optional.empty();
        }
        return Optional.of(CommandTable.parse(reply.output().toUtf8()));
    }

    private int send(
            Rados rados,
            CommandTarget target,
            CommandTable.Outcome.Found found,
            Bytes input,
            String prefix)
            throws IOException {
        Map<String, Object> members = new LinkedHashMap<>(found.members());
        arguments.format().ifPresent(format -> members.put("format", format));
        if (arguments.verbose()) {
            err.println("Submitting command: " + JsonText.write(members));
        }
        boolean repeats = found.signature().has(Signature.POLL);
        if (repeats) {
            members.put("width", columns());
            members.put("print_header", true);
        }
        int code = print(Await.on(target.send(rados, members, input)), prefix);
        while (repeats && code == 0 && arguments.periodSeconds() > 0) {
            members.put("print_header", false);
            if (interrupted(Duration.ofMillis((long) (arguments.periodSeconds() * 1000)))) {
                return Errno.EINTR;
            }
            code = print(Await.on(target.send(rados, members, input)), prefix);
        }
        return code;
    }

    private static boolean interrupted(Duration pause) {
        try {
            Thread.sleep(pause);
            return false;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private int print(CommandReply reply, String prefix) throws IOException {
        byte[] data = reply.output().toArray();
        Optional<String> file = arguments.outputFile();
        if (file.isPresent() && !file.get().equals("-")) {
            try (OutputStream target = Files.newOutputStream(Path.of(file.get()))) {
                target.write(data);
            } catch (IOException failed) {
                throw new IOException(
                        "Can't open output file " + file.get() + ": " + failed, failed);
            }
        } else {
            if (arguments.format().filter(format -> format.startsWith("json")).isPresent()
                    && file.isEmpty()) {
                out.println();
            }
            if (prefix.isEmpty()) {
                out.write(data);
            } else if (data.length > 0) {
                out.println(prefix + new String(data, StandardCharsets.UTF_8).stripTrailing());
            }
        }
        out.flush();
        if (reply.result() < 0) {
            err.println("Error " + Errno.name(reply.result()) + ": " + reply.text());
            return -reply.result();
        }
        if (!reply.text().isEmpty()) {
            err.println(prefix + reply.text());
        }
        return 0;
    }

    private Bytes input() throws IOException {
        Optional<String> file = arguments.inputFile();
        if (file.isEmpty()) {
            return Bytes.EMPTY;
        }
        try {
            return Bytes.of(
                    file.get().equals("-")
                            ? in.readAllBytes()
                            : Files.readAllBytes(Path.of(file.get())));
        } catch (IOException failed) {
            throw new IOException("Can't open input file " + file.get() + ": " + failed, failed);
        }
    }

    private List<CommandTarget> resolve(Rados rados, CommandTarget target) {
        if (!(target instanceof CommandTarget.All all)) {
            return List.of(target);
        }
        if (all.type().equals("osd")) {
            return Await.on(rados.monitorCommand("{\"prefix\": \"osd ls\"}", Bytes.EMPTY))
                    .output()
                    .toUtf8()
                    .lines()
                    .filter(line -> !line.isBlank())
                    .<CommandTarget>map(
                            line -> new CommandTarget.Osd(Integer.parseInt(line.strip())))
                    .toList();
        }
        return monitorNames(rados).stream().<CommandTarget>map(CommandTarget.Monitor::new).toList();
    }

    private static List<String> monitorNames(Rados rados) {
        CommandReply reply =
                Await.on(
                        rados.monitorCommand(
                                "{\"prefix\": \"mon dump\", \"format\": \"json\"}", Bytes.EMPTY));
        List<String> names = new ArrayList<>();
        if (JsonText.read(reply.output().toUtf8()) instanceof Map<?, ?> dump
                && dump.get("mons") instanceof List<?> monitors) {
            for (Object monitor : monitors) {
                if (monitor instanceof Map<?, ?> map && map.get("name") instanceof String name) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    private int ping(Rados rados, List<String> words) {
        if (words.size() < 2 || !words.get(1).startsWith("mon.")) {
            err.println("\"ping\" requires a monitor name as argument: \"ping mon.<id>\"");
            return 1;
        }
        String id = words.get(1).substring("mon.".length());
        List<String> names = id.equals("*") ? monitorNames(rados) : List.of(id);
        for (String name : names) {
            String answer = Await.on(rados.pingMonitor(name));
            out.println(names.size() > 1 ? "mon." + name + "\n" + answer : answer);
        }
        return 0;
    }

    private int help(Rados rados, List<String> words) {
        boolean told = words.size() >= 2 && words.getFirst().equals("tell");
        CommandTarget target = told ? CommandTarget.of(words) : new CommandTarget.Cluster();
        String title = told ? "Tell " + target.shown() + " commands:" : "Monitor commands:";
        out.println("\n " + title + " \n " + "=".repeat(title.length()));
        Optional<CommandTable> table = table(rados, resolve(rados, target).getFirst());
        if (table.isEmpty()) {
            return Errno.EINVAL;
        }
        List<String> rest = told ? words.subList(2, words.size()) : words;
        CephHelp.commands(table.get(), String.join(" ", rest), columns(), out);
        return 0;
    }

    private int columns() {
        String columns = environment.getOrDefault("COLUMNS", "");
        return columns.matches("[1-9][0-9]{1,3}") ? Integer.parseInt(columns) : 80;
    }

    private int watch(Rados rados, String level) throws IOException {
        CommandReply status =
                Await.on(rados.monitorCommand("{\"prefix\": \"status\"}", Bytes.EMPTY));
        if (status.result() < 0) {
            err.println("status query failed: " + status.text());
            return -status.result();
        }
        out.write(status.output().toArray());
        out.println();
        out.flush();
        rados.watchLog(level, this::print);
        try {
            new CountDownLatch(1).await(); // until the process is ended
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private void print(LogEntry entry) {
        String channel = arguments.watchChannel();
        if (channel.equals("*") || channel.equals(entry.channel())) {
            out.println(LogLine.of(entry));
            out.flush();
        }
    }

    private int interactive(Rados rados, Bytes input) throws IOException {
        Optional<CommandTable> table = table(rados, new CommandTarget.Cluster());
        if (table.isEmpty()) {
            return Errno.EINVAL;
        }
        var lines =
                new java.io.BufferedReader(
                        new java.io.InputStreamReader(in, StandardCharsets.UTF_8));
        boolean person = System.console() != null && System.console().isTerminal();
        while (true) {
            if (person) {
                out.print("ceph> ");
                out.flush();
            }
            String line = lines.readLine();
            if (line == null || List.of("q", "quit", "Q", "exit").contains(line.strip())) {
                return 0;
            }
            List<String> words = ShellWords.split(line);
            if (!words.isEmpty()) {
                one(rados, CommandTarget.of(words), words, input, "");
            }
        }
    }
}
