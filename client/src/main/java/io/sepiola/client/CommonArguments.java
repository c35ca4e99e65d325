package io.sepiola.client;

import io.sepiola.base.Malformed;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.option.ModeWords;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The options that every program of Ceph's takes, out of a command line and {@code CEPH_ARGS}:
 * where the configuration and the keys are, and who asks.
 *
 * @param cluster the cluster's name
 * @param name who asks
 * @param confOrNull the file given, or null for the usual places
 * @param settings given beside the file: {@code mon_host}, {@code keyring}, {@code key} ...
 * @param rest what is not of this kind, in order
 */
public record CommonArguments(
        String cluster,
        AuthName name,
        @Nullable String confOrNull,
        Map<String, String> settings,
        List<String> rest) {

    private static final Map<String, String> SETTINGS =
            Map.ofEntries(
                    Map.entry("-k", "keyring"),
                    Map.entry("--keyring", "keyring"),
                    Map.entry("--key", "key"),
                    Map.entry("--keyfile", "keyfile"),
                    Map.entry("-K", "keyfile"),
                    Map.entry("-m", "mon_host"),
                    Map.entry("--mon-host", "mon_host"),
                    Map.entry("--mon_host", "mon_host"));

    /** Copies. */
    public CommonArguments {
        settings = Map.copyOf(settings);
        rest = List.copyOf(rest);
    }

    /**
     * Takes the common options out of {@code args}. {@code CEPH_ARGS} comes first, so that the
     * command line wins.
     *
     * @throws Malformed for an option without its value, or a malformed name
     */
    public static CommonArguments parse(
            EntityType type, String idDefault, List<String> args, Map<String, String> environment) {
        List<String> all = new ArrayList<>();
        String ambient = environment.getOrDefault("CEPH_ARGS", "").strip();
        if (!ambient.isEmpty()) {
            all.addAll(Arrays.asList(ambient.split("\\s+")));
        }
        all.addAll(args);
        Reading reading = new Reading(type, idDefault);
        String conf = environment.get("CEPH_CONF");
        reading.confOrNull = conf == null || conf.isEmpty() ? null : conf;
        String keyring = environment.get("CEPH_KEYRING");
        if (keyring != null && !keyring.isEmpty()) {
            reading.settings.put("keyring", keyring);
        }
        reading.read(all);
        return new CommonArguments(
                reading.cluster, reading.name, reading.confOrNull, reading.settings, reading.rest);
    }

    /**
     * The configuration these arguments name.
     *
     * @param environment for {@code HOME}
     * @throws RadosException when there is none, naming where it was looked for
     */
    public CephConf configuration(Map<String, String> environment) {
        CephConf conf = file(environment);
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            conf = conf.with(setting.getKey(), setting.getValue());
        }
        return conf;
    }

    private CephConf file(Map<String, String> environment) {
        if (confOrNull != null) {
            return CephConf.load(Path.of(confOrNull), cluster, name);
        }
        List<Path> places = new ArrayList<>();
        places.add(Path.of("/etc/ceph", cluster + ".conf"));
        String home = environment.get("HOME");
        if (home != null && !home.isEmpty()) {
            places.add(Path.of(home, ".ceph", cluster + ".conf"));
        }
        places.add(Path.of(cluster + ".conf"));
        for (Path place : places) {
            if (Files.isReadable(place)) {
                return CephConf.load(place, cluster, name);
            }
        }
        if (settings.containsKey("mon_host")) {
            return CephConf.empty(name);
        }
        throw new RadosException(
                Errno.ENOENT,
                "no configuration found at "
                        + places
                        + "; name one with -c FILE or in CEPH_CONF, or name the monitors with -m");
    }

    /** Walks over the words; lives for one {@link #parse}. */
    private static final class Reading {
        private String cluster = "ceph";
        private AuthName name;
        private @Nullable String confOrNull;
        private final Map<String, String> settings = new LinkedHashMap<>();
        private final List<String> rest = new ArrayList<>();

        private Reading(EntityType type, String idDefault) {
            this.name = new AuthName(type, idDefault);
        }

        private void read(List<String> words) {
            for (int i = 0; i < words.size(); i++) {
                String word = words.get(i);
                if (word.equals("--")) {
                    rest.addAll(words.subList(i, words.size()));
                    return;
                }
                int equals = word.startsWith("--") ? word.indexOf('=') : -1;
                String option = equals < 0 ? word : word.substring(0, equals);
                if (!isCommon(option)) {
                    rest.add(word);
                } else if (equals >= 0) {
                    apply(option, word.substring(equals + 1));
                } else if (i + 1 < words.size()) {
                    apply(option, words.get(++i));
                } else {
                    throw new Malformed("the option " + option + " needs a value");
                }
            }
        }

        private static boolean isCommon(String option) {
            return switch (option) {
                case "-c", "--conf", "-n", "--name", "--id", "--user", "--cluster" -> true;
                default -> SETTINGS.containsKey(option) || isMode(option);
            };
        }

        /** Of connections: {@code --ms-client-mode}, also with underscores. */
        private static boolean isMode(String option) {
            return option.startsWith("--") && ModeWords.isFor(settingOf(option));
        }

        private static String settingOf(String option) {
            return option.substring(2).replace('-', '_');
        }

        private void apply(String option, String value) {
            switch (option) {
                case "-c", "--conf" -> confOrNull = value;
                case "-n", "--name" -> name = AuthName.parse(value);
                case "--id", "--user" -> name = new AuthName(name.type(), value);
                case "--cluster" -> cluster = value;
                default -> {
                    String key = SETTINGS.get(option);
                    settings.put(key == null ? settingOf(option) : key, value);
                }
            }
        }
    }
}
