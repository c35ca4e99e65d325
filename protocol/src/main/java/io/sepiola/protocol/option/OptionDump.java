package io.sepiola.protocol.option;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;

/** An option as Ceph's {@code config help} describes it in JSON. */
public final class OptionDump {
    private OptionDump() {}

    /** All that is known of it, by Ceph's names. */
    public static Map<String, Object> of(Option option) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", option.name());
        all.put("type", option.type());
        all.put("level", option.level());
        all.put("desc", option.sentence());
        all.put("long_desc", "");
        all.put("default", value(option, option.standard()));
        all.put("daemon_default", value(option, option.daemonStandard()));
        all.put("tags", option.tags());
        all.put("services", option.services());
        all.put("see_also", option.related());
        if (option.type().equals("str")) {
            all.put("enum_values", option.choices());
        }
        all.put("min", value(option, option.min()));
        all.put("max", value(option, option.max()));
        all.put("can_update_at_runtime", option.isRuntime());
        all.put("flags", option.flags());
        return all;
    }

    private static Object value(Option option, String text) {
        if (text.isEmpty()) {
            return "";
        }
        return switch (option.type()) {
            case "int", "uint" -> new BigInteger(text);
            case "float" -> new BigDecimal(text);
            case "bool" -> Boolean.parseBoolean(text);
            default -> text;
        };
    }
}
