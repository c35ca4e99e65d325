package io.sepiola.cluster.deploy;

import io.sepiola.cluster.deploy.Software.Item;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The program on one host: brought there, by checksum only what differs, and taken away. */
final class Installation {
    private static final int NO_JDK = 69;

    private final Host host;
    private final HostLayout layout;

    Installation(Host host) {
        this.host = host;
        this.layout = host.layout();
    }

    /** Makes the host have all of it. */
    void bring(Software software) {
        List<Item> files = software.files();
        List<Item> others = lacking(files.subList(0, 1)); // the launcher looks for the JDK
        others.forEach(this::copy);
        checkJdk();
        List<Item> lacking = lacking(files);
        lacking.forEach(this::copy);
        String trained = Shell.quote(layout.program() + "/cluster/target/trained");
        String jar = Shell.quote(layout.program() + "/" + Software.JAR);
        // What start-up caches there are have come along.
        host.must("[ %1$s -nt %2$s ] || touch %1$s".formatted(trained, jar), "");
        host.must(
                "mkdir -p -- %s && ln -sfn -- %s %s"
                        .formatted(
                                Shell.quote(layout.command().replaceFirst("/[^/]*$", "")),
                                Shell.quote(layout.launcher()),
                                Shell.quote(layout.command())),
                "");
        if (host.hasSystemd()) {
            bringUnits(software.units());
        }
        String version = host.does(Shell.command(layout.launcher(), "--version")).strip();
        host.log()
                .info(
                        others.isEmpty() && lacking.isEmpty()
                                ? version + " is installed already"
                                : version + " is installed in " + layout.program());
    }

    private void checkJdk() {
        Answer answer = host.run(Shell.command(layout.launcher(), "--jdk"));
        if (answer.code() == NO_JDK) {
            throw new DeployFailure(
                    "there is no JDK 25 on "
                            + host.name()
                            + "; install one there (Debian and Ubuntu: temurin-25-jdk or"
                            + " openjdk-25-jdk-headless, Fedora: java-25-openjdk-headless) and run"
                            + " install again");
        }
        if (!answer.ok()) {
            throw new DeployFailure(host.name() + ": " + answer.reason());
        }
        host.log().debug("the JDK is " + answer.out().strip());
    }

    private List<Item> lacking(List<Item> items) {
        String folder = Shell.quote(layout.program());
        String names =
                items.stream()
                        .map(item -> Shell.quote(item.name()))
                        .collect(Collectors.joining(" "));
        Map<String, String> there = new HashMap<>();
        host.run("cd " + folder + " 2>/dev/null && sha256sum -- " + names + " 2>/dev/null")
                .out()
                .lines()
                .filter(line -> line.length() > 66)
                .forEach(line -> there.put(line.substring(66), line.substring(0, 64)));
        List<Item> lacking = new ArrayList<>();
        for (Item item : items) {
            if (!item.sha256().equals(there.get(item.name()))) {
                lacking.add(item);
            }
        }
        return lacking;
    }

    private void copy(Item item) {
        String path = layout.program() + "/" + item.name();
        host.makeFolder(path.replaceFirst("/[^/]*$", ""), "755");
        try (InputStream content = new BufferedInputStream(Files.newInputStream(item.file()))) {
            host.put(path, content, item.mode());
            host.must(
                    "touch -d @" + item.modified().getEpochSecond() + " " + Shell.quote(path), "");
            host.log().debug("copied " + item.name() + " (" + Files.size(item.file()) + " bytes)");
        } catch (IOException unreadable) {
            throw new DeployFailure(
                    "cannot read " + item.file() + " (" + unreadable + ")", unreadable);
        }
    }

    private void bringUnits(List<Item> units) {
        boolean changed = false;
        for (Item unit : units) {
            String name = unit.name().replaceFirst(".*/", "");
            String text =
                    ClusterFiles.read(unit.file())
                            .orElseThrow(() -> new DeployFailure(unit.file() + " is gone"));
            changed |= host.put(layout.units() + "/" + name, text, "644");
        }
        if (changed) {
            host.does("systemctl daemon-reload");
        }
    }

    boolean isThere() {
        return host.exists(layout.launcher());
    }

    /** Ends the daemons and takes the program away; data and configuration stay. */
    void remove() {
        Daemons daemons = new Daemons(host);
        for (Daemon daemon : daemons.made().reversed()) { // the monitors last
            if (daemons.stop(daemon)) {
                host.log().info("stopped " + daemon.name());
            }
        }
        if (host.hasSystemd()) {
            host.run(
                    "systemctl disable sepiola.target; rm -f -- "
                            + layout.units()
                            + "/sepiola-*@.service "
                            + layout.units()
                            + "/sepiola.target && systemctl daemon-reload");
        }
        if (!isThere()) {
            host.log().info("Sepiola is not installed here");
            return;
        }
        host.does(
                Shell.command("rm", "-rf", "--one-file-system", "--", layout.program())
                        + " && "
                        + Shell.command("rm", "-f", "--", layout.command()));
        host.log().info("Sepiola is no longer installed here");
    }
}
