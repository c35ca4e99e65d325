package io.sepiola.protocol.caps;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One grant of a monitor's or a manager's caps.
 *
 * @param name of the subject; empty for everything
 * @param conditions on the arguments of a command, by their names
 * @param access a mask
 * @param network from where it counts
 */
record Clause(
        Subject subject,
        String name,
        SortedMap<String, Condition> conditions,
        int access,
        Network network) {
    static final int R = 1;
    static final int W = 2;
    static final int X = 4;
    static final int RWX = R | W | X;

    /** More than {@link #RWX}: what {@code *} gives. */
    static final int ANY = 8 | RWX;

    /** What a clause speaks of. */
    enum Subject {
        EVERYTHING,
        SERVICE,
        MODULE,
        COMMAND,
        PROFILE
    }

    static Clause everything(int access) {
        return of(Subject.EVERYTHING, "", access);
    }

    static Clause service(String name, int access) {
        return of(Subject.SERVICE, name, access);
    }

    static Clause command(String prefix) {
        return of(Subject.COMMAND, prefix, ANY);
    }

    static Clause of(Subject subject, String name, int access) {
        return new Clause(subject, name, new TreeMap<>(), access, Network.ANY);
    }

    Clause with(String argument, Condition condition) {
        SortedMap<String, Condition> more = new TreeMap<>(conditions);
        more.put(argument, condition);
        return with(more);
    }

    Clause with(SortedMap<String, Condition> all) {
        return new Clause(subject, name, all, access, network);
    }

    Clause in(Network where) {
        return new Clause(subject, name, conditions, access, where);
    }

    /** Whether everything is allowed, even what no single access allows. */
    boolean allowsAll() {
        return subject == Subject.EVERYTHING && access == ANY;
    }

    /** Whether all arguments that there are conditions on were given, and fit. */
    boolean fits(Map<String, String> arguments) {
        for (Map.Entry<String, Condition> condition : conditions.entrySet()) {
            String value = arguments.get(condition.getKey());
            if (value == null || !condition.getValue().holds(value)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Letters as a mask.
     *
     * @param letters of r, w and x
     */
    static int mask(String letters) {
        int mask = 0;
        for (int i = 0; i < letters.length(); i++) {
            mask |=
                    switch (letters.charAt(i)) {
                        case 'r' -> R;
                        case 'w' -> W;
                        case 'x' -> X;
                        default -> throw new IllegalArgumentException("access " + letters);
                    };
        }
        return mask;
    }
}
