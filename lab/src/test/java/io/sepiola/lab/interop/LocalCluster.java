package io.sepiola.lab.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A cluster started by {@code ./sepiola cluster start}, with its own directory and ports. */
final class LocalCluster implements AutoCloseable {
    private static final AtomicInteger NEXT_PORT = new AtomicInteger(26000);

    private final Path home;
    private final String name;
    private final int ports;
    private String printed = "";

    private LocalCluster(Path home, String name) {
        this.home = home;
        this.name = name;
        this.ports = NEXT_PORT.getAndAdd(10);
    }

    /** Makes and starts one below {@code home}; {@code options} are of {@code cluster start}. */
    static LocalCluster start(Path home, String name, String... options) {
        LocalCluster cluster = new LocalCluster(home, name);
        List<String> arguments =
                new ArrayList<>(List.of("start", name, "--ports", "" + cluster.ports));
        arguments.addAll(Arrays.asList(options));
        cluster.printed = cluster.verb(arguments.toArray()).ok();
        return cluster;
    }

    /** Runs {@code sepiola cluster ...} in this cluster's surroundings. */
    Program.Result verb(Object... arguments) {
        Object[] words = new Object[arguments.length + 1];
        words[0] = "cluster";
        System.arraycopy(arguments, 0, words, 1, arguments.length);
        return sepiola(words).within(Duration.ofMinutes(5)).run();
    }

    /** {@code sepiola ...} in this cluster's surroundings. */
    Program sepiola(Object... arguments) {
        return Program.sepiola(arguments)
                .env("HOME", home.toString())
                .env("XDG_STATE_HOME", home.resolve("state").toString())
                .env("XDG_DATA_HOME", home.resolve("data").toString());
    }

    /** A genuine Ceph program with this cluster's configuration. */
    Program ceph(String program, Object... arguments) {
        List<Object> words = new ArrayList<>(List.of("-c", conf()));
        words.addAll(Arrays.asList(arguments));
        return Program.of(program, words.toArray());
    }

    /** What {@code start} printed behind {@code label}. */
    String value(String label) {
        return printed.lines()
                .filter(line -> line.startsWith(label + ":"))
                .map(line -> line.substring(label.length() + 1).trim())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no '" + label + "' in\n" + printed));
    }

    String printed() {
        return printed;
    }

    Path conf() {
        return Path.of(value("Ceph configuration"));
    }

    Path directory() {
        return Path.of(value("Working directory"));
    }

    String endpoint() {
        return value("Endpoint");
    }

    int s3Port() {
        return ports + 1;
    }

    ProcessHandle process() throws IOException {
        String pid = Files.readString(directory().resolve("pid")).trim();
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    /** The end of what the cluster's process wrote into its log. */
    String logTail() {
        try {
            List<String> lines = Files.readAllLines(directory().resolve("sepiola.log"));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        } catch (IOException unreadable) {
            return "no log: " + unreadable.getMessage();
        }
    }

    /** Starts it again with what it has. */
    void start() {
        printed = verb("start", name).ok();
    }

    @Override
    public void close() {
        verb("purge", name, "--yes-i-am-sure").ok();
    }
}
