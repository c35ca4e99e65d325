package io.sepiola.monitor.caps;

import java.util.Map;

/** One "allow" of an entity's caps. */
sealed interface Grant {
    int R = 1;
    int W = 2;
    int X = 4;
    int RWX = R | W | X;

    /** The access this gives to a command, as a mask. */
    int access(String service, String prefix, Map<String, String> arguments);

    /** Access to a service; to all when its name is empty. */
    record Access(String service, int access) implements Grant {
        @Override
        public int access(String asked, String prefix, Map<String, String> arguments) {
            return service.isEmpty() || service.equals(asked) ? access : 0;
        }
    }

    /** One command, whose arguments must fit. */
    record Command(String prefix, Map<String, Condition> conditions) implements Grant {
        @Override
        public int access(String service, String asked, Map<String, String> arguments) {
            if (!prefix.equals(asked)) {
                return 0;
            }
            for (Map.Entry<String, Condition> condition : conditions.entrySet()) {
                String value = arguments.get(condition.getKey());
                if (value == null || !condition.getValue().holds(value)) {
                    return 0;
                }
            }
            return RWX;
        }
    }

    /** What is known under one name. */
    record Profile(io.sepiola.monitor.caps.Profile profile) implements Grant {
        @Override
        public int access(String service, String prefix, Map<String, String> arguments) {
            int granted = 0;
            for (Grant grant : profile.grants()) {
                granted |= grant.access(service, prefix, arguments);
            }
            return granted;
        }
    }

    /** What an argument must be, or begin with. */
    record Condition(String value, boolean prefix) {
        boolean holds(String actual) {
            return prefix ? actual.startsWith(value) : actual.equals(value);
        }
    }
}
