package io.sepiola.cluster.cli;

import io.sepiola.base.Malformed;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A command as a daemon describes it.
 *
 * @param access of which service, and what of r, w and x it needs there
 * @param flags see the constants
 */
record Signature(List<Argument> arguments, String help, String access, int flags) {
    static final int OBSOLETE = 2;
    static final int DEPRECATED = 4;
    static final int MANAGER = 8;
    static final int POLL = 16;
    static final int HIDDEN = 32;

    /** Reads one value of the answer to {@code get_command_descriptions}. */
    static Signature of(Object description) {
        if (!(description instanceof Map<?, ?> map) || !(map.get("sig") instanceof List<?> sig)) {
            throw new Malformed("a command's description has no 'sig'");
        }
        Object help = map.get("help");
        Object flags = map.get("flags");
        return new Signature(
                sig.stream().map(Argument::of).toList(),
                help == null ? "" : help.toString(),
                map.get("module") + " " + map.get("perm"),
                flags instanceof Number number ? number.intValue() : 0);
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    long requiredCount() {
        return arguments.stream().filter(Argument::required).count();
    }

    /** The signature in one line. */
    String concise() {
        return arguments.stream().map(Argument::concise).collect(Collectors.joining(" "));
    }
}
