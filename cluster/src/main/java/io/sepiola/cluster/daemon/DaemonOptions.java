package io.sepiola.cluster.daemon;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The options that every daemon takes, by the names that Ceph's daemons have for them. */
public final class DaemonOptions {
    @Option(
            names = {"-i", "--id"},
            paramLabel = "ID",
            description = "The daemon's id.")
    @Nullable String id;

    @Option(
            names = {"-n", "--name"},
            paramLabel = "TYPE.ID",
            description = "The daemon's full name, instead of its id.")
    @Nullable String name;

    @Option(
            names = {"-c", "--conf"},
            paramLabel = "FILE",
            description = "The configuration file (default: as Ceph; CEPH_CONF names one, too).")
    @Nullable String conf;

    @Option(names = "--cluster", paramLabel = "NAME", description = "The cluster's name: ceph.")
    @Nullable String cluster;

    @Option(
            names = {"-k", "--keyring"},
            paramLabel = "FILE",
            description = "Where the keys are.")
    @Nullable String keyring;

    @Option(
            names = {"-m", "--mon-host"},
            paramLabel = "ADDRESSES",
            description = "Where the monitors are.")
    @Nullable String monHost;

    @Option(names = "--fsid", paramLabel = "UUID", description = "The cluster's id.")
    @Nullable String fsid;

    @Option(
            names = "--public-addr",
            paramLabel = "IP",
            description = "Where to take clients (default: as the monitor is reached from here).")
    @Nullable String publicAddr;

    @Option(
            names = "--cluster-addr",
            paramLabel = "IP",
            description = "Where to take other OSDs (default: the public address).")
    @Nullable String clusterAddr;

    @Option(names = "--pid-file", paramLabel = "FILE", description = "Where to write the pid.")
    @Nullable String pidFile;

    @Option(names = "--log-file", paramLabel = "FILE", description = "Where to log.")
    @Nullable String logFile;

    @Option(
            names = "--ms-cluster-mode",
            paramLabel = "MODES",
            description = "Modes of connections among daemons: crc, secure, the first preferred.")
    @Nullable String msClusterMode;

    @Option(
            names = "--ms-service-mode",
            paramLabel = "MODES",
            description = "Modes that clients may choose from.")
    @Nullable String msServiceMode;

    @Option(
            names = "--ms-client-mode",
            paramLabel = "MODES",
            description = "Modes to ask other daemons for, as their client.")
    @Nullable String msClientMode;

    @Option(
            names = "--ms-mon-cluster-mode",
            paramLabel = "MODES",
            description = "Modes of connections among monitors.")
    @Nullable String msMonClusterMode;

    @Option(
            names = "--ms-mon-service-mode",
            paramLabel = "MODES",
            description = "Modes that monitors let others choose from.")
    @Nullable String msMonServiceMode;

    @Option(
            names = "--ms-mon-client-mode",
            paramLabel = "MODES",
            description = "Modes to ask monitors for.")
    @Nullable String msMonClientMode;

    @Option(
            names = {"-f", "--foreground"},
            description = "Stay in the foreground; there is no other way.")
    boolean foreground;

    @Option(names = "-d", description = "Stay in the foreground and log to standard error.")
    boolean logToStderr;

    /** As words of {@link io.sepiola.client.CommonArguments}. */
    List<String> commonWords() {
        List<String> words = new ArrayList<>();
        add(words, "--name", name);
        add(words, "--id", id);
        add(words, "--conf", conf);
        add(words, "--cluster", cluster);
        add(words, "--keyring", keyring);
        add(words, "--mon-host", monHost);
        return words;
    }

    private static void add(List<String> words, String option, @Nullable String valueOrNull) {
        if (valueOrNull != null) {
            words.add(option);
            words.add(valueOrNull);
        }
    }

    /** What goes before the configuration file's, by Ceph's names. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        add(settings, "fsid", fsid);
        add(settings, "public_addr", publicAddr);
        add(settings, "cluster_addr", clusterAddr);
        add(settings, "pid_file", pidFile);
        add(settings, "log_file", logFile);
        add(settings, "ms_cluster_mode", msClusterMode);
        add(settings, "ms_service_mode", msServiceMode);
        add(settings, "ms_client_mode", msClientMode);
        add(settings, "ms_mon_cluster_mode", msMonClusterMode);
        add(settings, "ms_mon_service_mode", msMonServiceMode);
        add(settings, "ms_mon_client_mode", msMonClientMode);
        return settings;
    }

    private static void add(
            Map<String, String> settings, String setting, @Nullable String valueOrNull) {
        if (valueOrNull != null) {
            settings.put(setting, valueOrNull);
        }
    }

    /** Ceph takes an option's words with underscores as well as with hyphens. */
    public static String[] hyphened(String[] arguments) {
        String[] words = arguments.clone();
        for (int i = 0; i < words.length; i++) {
            if (words[i].startsWith("--")) {
                int equals = words[i].indexOf('=');
                int end = equals < 0 ? words[i].length() : equals;
                words[i] = words[i].substring(0, end).replace('_', '-') + words[i].substring(end);
            }
        }
        return words;
    }
}
