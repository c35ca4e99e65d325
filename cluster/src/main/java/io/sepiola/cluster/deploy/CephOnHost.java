package io.sepiola.cluster.deploy;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The cluster's command line on a host, by the name and the key of one of its entities.
 *
 * @param keyring a file there
 */
record CephOnHost(Host host, String entity, String keyring) {
    private static final int TIMEOUT_SECONDS = 25;

    /** By a daemon's own name. */
    static CephOnHost as(Host host, Daemon daemon) {
        return new CephOnHost(host, daemon.name(), daemon.keyring(host.layout()));
    }

    /** By the name that may make daemons of that type; its key must be on the host. */
    static CephOnHost bootstrap(Host host, String type) {
        return new CephOnHost(host, "client.bootstrap-" + type, host.layout().bootstrap(type));
    }

    /** As a monitor, who may do everything. */
    static CephOnHost monitor(Host host, Daemon monitor) {
        return new CephOnHost(host, "mon.", monitor.keyring(host.layout()));
    }

    private String command(String... words) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                host.layout().launcher(),
                                "ceph",
                                "-c",
                                host.layout().conf(),
                                "--name",
                                entity,
                                "--keyring",
                                keyring,
                                "--connect-timeout",
                                Integer.toString(TIMEOUT_SECONDS)));
        all.addAll(List.of(words));
        return Shell.command(all.toArray(String[]::new));
    }

    /** Says what is asked, and returns the answer. */
    String ask(String... words) {
        return host.does(command(words));
    }

    /** The same with the command's input ({@code -i -}), which is not told. */
    String askWith(String input, String... words) {
        return host.does(command(words), input);
    }

    /** The answer as JSON; null when there is none yet. */
    @Nullable JsonNode jsonOrNull(String... words) {
        Answer answer = host.run(command(words));
        try {
            return answer.ok() ? JsonMapper.shared().readTree(answer.out()) : null;
        } catch (JacksonException cut) {
            return null;
        }
    }

    /**
     * Asks until the answer is as it should be; each question takes a while of its own.
     *
     * @return whether it was in time
     */
    boolean await(Duration patience, Predicate<JsonNode> wanted, String... words) {
        long begin = System.nanoTime();
        do {
            JsonNode answer = jsonOrNull(words);
            if (answer != null && wanted.test(answer)) {
                return true;
            }
        } while (System.nanoTime() - begin < patience.toNanos());
        return false;
    }
}
