package io.sepiola.cluster.cli;

import io.sepiola.base.Malformed;
import io.sepiola.client.CommonArguments;
import io.sepiola.protocol.EntityType;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The command line of {@code sepiola rados}.
 *
 * @param words the command and what it is about
 * @param values of options that take one, by their long name
 * @param flags options that take none
 */
record RadosArguments(
        CommonArguments common, List<String> words, Map<String, String> values, Set<String> flags) {
    private static final Map<String, String> SHORT =
            Map.of(
                    "-p", "pool",
                    "-N", "namespace",
                    "-t", "concurrent-ios",
                    "-b", "block-size",
                    "-O", "object-size",
                    "-f", "format");

    private static final Set<String> WITH_VALUE =
            Set.of(
                    "pool",
                    "namespace",
                    "nspace",
                    "concurrent-ios",
                    "block-size",
                    "object-size",
                    "format",
                    "object-locator",
                    "target-pool",
                    "target-locator",
                    "target-nspace",
                    "input-file",
                    "offset",
                    "obj-offset",
                    "run-name",
                    "prefix",
                    "max-objects",
                    "connect-timeout");

    private static final Set<String> FLAGS =
            Set.of(
                    "all",
                    "default",
                    "help",
                    "create",
                    "no-cleanup",
                    "no-hints",
                    "no-verify",
                    "force-full",
                    "version",
                    "reuse-bench",
                    "show-time",
                    "yes-i-really-really-mean-it");

    /**
     * Reads the command line and {@code CEPH_ARGS}.
     *
     * @throws Malformed for an unknown option, or one without its value
     */
    static RadosArguments parse(List<String> args, Map<String, String> environment) {
        CommonArguments common =
                CommonArguments.parse(EntityType.CLIENT, "admin", args, environment);
        List<String> words = new ArrayList<>();
        Map<String, String> values = new LinkedHashMap<>();
        Set<String> flags = new HashSet<>();
        List<String> rest = common.rest();
        for (int i = 0; i < rest.size(); i++) {
            String word = rest.get(i);
            if (word.equals("--")) {
                words.addAll(rest.subList(i + 1, rest.size()));
                break;
            }
            boolean option = word.length() > 1 && word.startsWith("-") && !isNumber(word);
            if (!option) {
                words.add(word);
                continue;
            }
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            String name = name(equals < 0 ? word : word.substring(0, equals));
            if (FLAGS.contains(name)) {
                flags.add(name);
            } else if (!WITH_VALUE.contains(name)) {
                throw new Malformed("unrecognized option " + word + "; -h or --help for usage");
            } else if (equals >= 0) {
                values.put(name, word.substring(equals + 1));
            } else if (i + 1 < rest.size()) {
                values.put(name, rest.get(++i));
            } else {
                throw new Malformed("the option " + word + " needs a value");
            }
        }
        return new RadosArguments(common, words, values, flags);
    }

    private static boolean isNumber(String word) {
        return word.matches("-[0-9.]+");
    }

    private static String name(String option) {
        if (option.equals("-h")) {
            return "help";
        }
        if (option.equals("-v")) {
            return "version";
        }
        String longName = SHORT.get(option);
        if (longName != null) {
            return longName;
        }
        String name = option.startsWith("--") ? option.substring(2).replace('_', '-') : option;
        return name.equals("nspace") ? "namespace" : name;
    }

    Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    boolean has(String flag) {
        return flags.contains(flag);
    }

    /**
     * A size, which may end in K, M, G or T.
     *
     * @throws Malformed when it is none
     */
    long size(String name, long otherwise) {
        Optional<String> value = value(name);
        return value.isEmpty() ? otherwise : sizeOf(value.get(), "--" + name);
    }

    static long sizeOf(String text, String what) {
        int shift =
                switch (text.isEmpty()
                        ? ' '
                        : Character.toUpperCase(text.charAt(text.length() - 1))) {
                    case 'K' -> 10;
                    case 'M' -> 20;
                    case 'G' -> 30;
                    case 'T' -> 40;
                    default -> 0;
                };
        try {
            long value = Long.parseLong(shift == 0 ? text : text.substring(0, text.length() - 1));
            if (value < 0 || value > Long.MAX_VALUE >> shift) {
                throw new Malformed(what + ": '" + text + "' is out of range");
            }
            return value << shift;
        } catch (NumberFormatException notNumber) {
            throw new Malformed(what + ": '" + text + "' is not a size", notNumber);
        }
    }
}
