package io.sepiola.cluster.local;

import io.sepiola.cluster.Refusal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which clusters this user has, and where: one file per name, holding the directory's path, in
 * {@code $XDG_STATE_HOME/sepiola/clusters} (default {@code ~/.local/state/sepiola/clusters}). Data
 * lie by default in {@code $XDG_DATA_HOME/sepiola/NAME} (default {@code
 * ~/.local/share/sepiola/NAME}).
 */
final class ClusterRegistry {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    private final Path state;
    private final Path data;

    ClusterRegistry(Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", System.getProperty("user.home", "."));
        state =
                base(environment, "XDG_STATE_HOME", Path.of(home, ".local", "state"))
                        .resolve("clusters");
        data = base(environment, "XDG_DATA_HOME", Path.of(home, ".local", "share"));
    }

    private static Path base(Map<String, String> environment, String variable, Path otherwise) {
        String value = environment.get(variable);
        return (value == null || value.isEmpty() ? otherwise : Path.of(value)).resolve("sepiola");
    }

    static void checkName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new Refusal(
                    "'"
                            + name
                            + "' is no cluster name; use letters, digits, '.', '_' and '-', 63 at"
                            + " most");
        }
    }

    Path directoryDefault(String name) {
        return data.resolve(name);
    }

    Optional<ClusterDirectory> find(String name) {
        checkName(name);
        try {
            return Optional.of(
                    new ClusterDirectory(Path.of(Files.readString(state.resolve(name)).trim())));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException failed) {
            throw new Refusal(
                    "cannot read " + state.resolve(name) + " (" + failed.getMessage() + ")");
        }
    }

    ClusterDirectory get(String name) {
        return find(name)
                .orElseThrow(() ->
                        new Refusal(
                                "no cluster '"
                                        + name
                                        + "'; 'sepiola cluster ls' lists them, 'sepiola cluster"
                                        + " start "
                                        + name
                                        + "' makes one"));
    }

    void add(String name, ClusterDirectory directory) {
        checkName(name);
        try {
            Files.createDirectories(state);
            Files.writeString(state.resolve(name), directory.path() + "\n");
        } catch (IOException failed) {
            throw new Refusal(
                    "cannot write to "
                            + state
                            + " ("
                            + ClusterDirectory.cause(failed)
                            + "); set XDG_STATE_HOME to where you may write");
        }
    }

    void remove(String name) {
        try {
            Files.deleteIfExists(state.resolve(name));
        } catch (IOException failed) {
            throw new Refusal(
                    "cannot write to "
                            + state
                            + " ("
                            + ClusterDirectory.cause(failed)
                            + "); set XDG_STATE_HOME to where you may write");
        }
    }

    SortedMap<String, ClusterDirectory> all() {
        SortedMap<String, ClusterDirectory> clusters = new TreeMap<>();
        if (!Files.isDirectory(state)) {
            return clusters;
        }
        try (Stream<Path> files = Files.list(state)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                find(name).ifPresent(directory -> clusters.put(name, directory));
            }
        } catch (IOException failed) {
            throw new Refusal("cannot read " + state + " (" + failed.getMessage() + ")");
        }
        return clusters;
    }
}
