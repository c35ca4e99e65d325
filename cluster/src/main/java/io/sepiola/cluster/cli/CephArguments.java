package io.sepiola.cluster.cli;

import io.sepiola.base.Malformed;
import io.sepiola.client.CommonArguments;
import io.sepiola.protocol.EntityType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The command line of {@code sepiola ceph}.
 *
 * @param words the command itself
 * @param watchLevel of the cluster's log to follow
 * @param watchChannel of it, or {@code *}
 */
record CephArguments(
        CommonArguments common,
        List<String> words,
        boolean help,
        boolean version,
        boolean status,
        boolean verbose,
        Optional<String> format,
        Optional<String> inputFile,
        Optional<String> outputFile,
        Optional<Integer> connectTimeoutSeconds,
        Optional<String> watchLevel,
        String watchChannel,
        double periodSeconds) {
    private static final List<String> FORMATS =
            List.of("json", "json-pretty", "xml", "xml-pretty", "plain", "yaml");

    /**
     * Reads the command line and {@code CEPH_ARGS}.
     *
     * @throws Malformed for an option without its value, or with an impossible one
     */
    static CephArguments parse(List<String> args, Map<String, String> environment) {
        Reading reading = new Reading();
        reading.read(args);
        CommonArguments common =
                CommonArguments.parse(EntityType.CLIENT, "admin", reading.rest, environment);
        List<String> words = new ArrayList<>(common.rest());
        words.remove("--");
        return new CephArguments(
                common,
                words,
                reading.help,
                reading.version,
                reading.status,
                reading.verbose,
                reading.format,
                reading.inputFile,
                reading.outputFile,
                reading.connectTimeoutSeconds,
                reading.watchLevel,
                reading.watchChannel,
                reading.periodSeconds);
    }

    /** Walks over the words; lives for one {@link #parse}. */
    private static final class Reading {
        private final List<String> rest = new ArrayList<>();
        private boolean help;
        private boolean version;
        private boolean status;
        private boolean verbose;
        private Optional<String> format = Optional.empty();
        private Optional<String> inputFile = Optional.empty();
        private Optional<String> outputFile = Optional.empty();
        private Optional<Integer> connectTimeoutSeconds = Optional.empty();
        private Optional<String> watchLevel = Optional.empty();
        private String watchChannel = "cluster";
        private double periodSeconds = 1;

        private void read(List<String> args) {
            for (int i = 0; i < args.size(); i++) {
                String word = args.get(i);
                if (word.equals("--")) {
                    rest.addAll(args.subList(i, args.size()));
                    return;
                }
                if (flag(word)) {
                    continue;
                }
                int equals = word.startsWith("--") ? word.indexOf('=') : -1;
                String option = equals < 0 ? word : word.substring(0, equals);
                if (!takesValue(option)) {
                    rest.add(word);
                } else if (equals >= 0) {
                    value(option, word.substring(equals + 1));
                } else if (i + 1 < args.size()) {
                    value(option, args.get(++i));
                } else {
                    throw new Malformed("the option " + option + " needs a value");
                }
            }
        }

        private boolean flag(String word) {
            switch (word) {
                case "-h", "--help" -> help = true;
                case "-v", "--version" -> version = true;
                case "-s", "--status" -> status = true;
                case "--verbose" -> verbose = true;
                case "--concise" -> verbose = false;
                case "--block" -> {} // only scrubs have something to wait for
                case "-w", "--watch", "--watch-info" -> watchLevel = Optional.of("info");
                case "--watch-debug" -> watchLevel = Optional.of("debug");
                case "--watch-sec" -> watchLevel = Optional.of("sec");
                case "--watch-warn" -> watchLevel = Optional.of("warn");
                case "--watch-error" -> watchLevel = Optional.of("error");
                default -> {
                    return false;
                }
            }
            return true;
        }

        private static boolean takesValue(String option) {
            return switch (option) {
                case "-f",
                        "--format",
                        "-i",
                        "--in-file",
                        "-o",
                        "--out-file",
                        "--connect-timeout",
                        "-W",
                        "--watch-channel",
                        "-p",
                        "--period",
                        "--setuser",
                        "--setgroup" ->
                        true;
                default -> false;
            };
        }

        private void value(String option, String value) {
            switch (option) {
                case "-f", "--format" -> {
                    if (!FORMATS.contains(value)) {
                        throw new Malformed(
                                "argument -f/--format: invalid choice: '"
                                        + value
                                        + "' (choose from "
                                        + String.join(", ", FORMATS)
                                        + ")");
                    }
                    format = Optional.of(value);
                }
                case "-i", "--in-file" -> inputFile = Optional.of(value);
                case "-o", "--out-file" -> outputFile = Optional.of(value);
                case "--connect-timeout" ->
                        connectTimeoutSeconds = Optional.of((int) number(option, value));
                case "-W", "--watch-channel" -> {
                    watchChannel = value;
                    watchLevel = Optional.of(watchLevel.orElse("info"));
                }
                case "-p", "--period" -> periodSeconds = number(option, value);
                default -> {} // who owns the output file is left to the shell
            }
        }

        private static double number(String option, String value) {
            try {
                return Double.parseDouble(value);
            } catch (NumberFormatException notNumber) {
                throw new Malformed(
                        "argument " + option + ": '" + value + "' is not a number", notNumber);
            }
        }
    }
}
