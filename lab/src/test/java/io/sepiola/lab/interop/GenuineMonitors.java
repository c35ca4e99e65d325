package io.sepiola.lab.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Three genuine monitors that agree, and nothing else. */
final class GenuineMonitors implements AutoCloseable {
    private static final List<String> NAMES = List.of("a", "b", "c");

    private final Path directory;
    private final List<Process> running = new ArrayList<>();

    /** Starts them below {@code directory}; takes six ports. */
    GenuineMonitors(Path directory, int port) throws IOException {
        Program.need("ceph-mon", "ceph-authtool", "monmaptool");
        this.directory = Files.createDirectories(directory);
        UUID fsid = UUID.randomUUID();
        List<String> addrs = new ArrayList<>();
        for (int i = 0; i < NAMES.size(); i++) {
            int at = port + 2 * i;
            addrs.add("[v2:127.0.0.1:%d/0,v1:127.0.0.1:%d/0]".formatted(at, at + 1));
        }
        Files.writeString(
                conf(),
                """
                [global]
                fsid = %1$s
                mon host = %2$s
                mon data = %3$s/mon.$id
                keyring = %3$s/keyring
                admin socket = %3$s/$name.asok
                log file = %3$s/$name.log
                pid file = %3$s/$name.pid
                run dir = %3$s
                """
                        .formatted(fsid, String.join(" ", addrs), directory));
        Path keyring = directory.resolve("keyring");
        authtool("--create-keyring", keyring, "--gen-key", "-n", "mon.", "--cap", "mon", "allow *");
        authtool(keyring, "--gen-key", "-n", "client.admin", "--cap", "mon", "allow *");
        Path map = directory.resolve("monmap");
        List<Object> words = new ArrayList<>(List.of("--create", "--fsid", fsid));
        for (int i = 0; i < NAMES.size(); i++) {
            words.addAll(List.of("--addv", NAMES.get(i), addrs.get(i)));
        }
        words.add(map);
        Program.of("monmaptool", words.toArray()).run().ok();
        for (String name : NAMES) {
            monitor(name, "--mkfs", "--monmap", map, "--keyring", keyring).run().ok();
        }
        for (String name : NAMES) {
            running.add(monitor(name, "-f").start(directory.resolve(name + ".out")));
        }
    }

    private Program monitor(String name, Object... words) {
        List<Object> all = new ArrayList<>(List.of("-c", conf(), "-i", name));
        all.addAll(List.of(words));
        return Program.of("ceph-mon", all.toArray());
    }

    private static void authtool(Object... words) {
        Program.of("ceph-authtool", words).run().ok();
    }

    Path conf() {
        return directory.resolve("ceph.conf");
    }

    @Override
    public void close() {
        running.forEach(Process::destroyForcibly);
        running.forEach(process -> process.onExit().join());
    }
}
