package io.sepiola.protocol.option;

import io.sepiola.base.Malformed;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One option. The facts are those that a monitor of Ceph 16.2.15 gives ({@code ceph config help});
 * the sentence is ours, and empty for options that nothing here reads.
 *
 * @param type int, uint, float, bool, str, addr, addrvec, uuid, size, secs or millisecs
 * @param level basic, advanced or dev
 * @param standard the default, as text; empty when it is none
 * @param daemonStandard the default of daemons where that differs; else empty
 * @param min the least value; empty when any is
 * @param max the greatest; empty when any is
 * @param choices the values allowed; empty when any is
 * @param services that read it, such as osd
 * @param flags such as startup, runtime, no_mon_update, cluster_create, create
 * @param tags by what one may look for it
 * @param related options
 * @param sentence what it does
 */
public record Option(
        String name,
        String type,
        String level,
        String standard,
        String daemonStandard,
        String min,
        String max,
        List<String> choices,
        List<String> services,
        List<String> flags,
        List<String> tags,
        List<String> related,
        String sentence) {
    private static final Pattern NUMBER = Pattern.compile("(-?[0-9]{1,20})([KMGTPE]?)(i?)(B?)");
    private static final Pattern LEVELS = Pattern.compile("([0-9]{1,3})(?:/([0-9]{1,3}))?");
    private static final String PREFIXES = "KMGTPE";
    private static final BigInteger UINT_MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
    private static final BigInteger INT_MAX = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger INT_MIN = BigInteger.valueOf(Long.MIN_VALUE);

    /** Whether a running daemon takes a new value over. */
    public boolean isRuntime() {
        if (flags.contains("startup") || flags.contains("cluster_create")) {
            return false;
        }
        return flags.contains("runtime")
                || !List.of("str", "addr", "addrvec", "uuid").contains(type);
    }

    /** Whether the monitors may keep it: a daemon needs it before it finds them, or not. */
    public boolean mayBeKept() {
        return !flags.contains("no_mon_update");
    }

    /** The default as it counts for daemons. */
    public String inDaemons() {
        return daemonStandard.isEmpty() ? standard : daemonStandard;
    }

    /**
     * The value as it is kept: sizes in bytes, truths as words.
     *
     * @throws Malformed when it does not fit
     */
    public String canonical(String value) {
        return switch (type) {
            case "int" -> whole(value, 1_000, INT_MIN, INT_MAX);
            case "uint" -> whole(value, 1_000, BigInteger.ZERO, UINT_MAX);
            case "size" -> whole(value, 1_024, BigInteger.ZERO, UINT_MAX);
            case "millisecs" -> whole(value, 0, BigInteger.ZERO, UINT_MAX);
            case "secs" -> seconds(value);
            case "float" -> fraction(value);
            case "bool" -> truth(value);
            case "uuid" -> uuid(value);
            default -> word(value);
        };
    }

    private static Malformed invalid(String value) {
        return new Malformed("The option value '" + value + "' seems to be invalid");
    }

    private String whole(String value, int unit, BigInteger least, BigInteger most) {
        Matcher found = NUMBER.matcher(value.strip());
        boolean bytes = unit == 1_024;
        if (!found.matches()
                || unit == 0 && !found.group(2).isEmpty()
                || !bytes && !(found.group(3) + found.group(4)).isEmpty()
                || !found.group(3).isEmpty() && found.group(2).isEmpty()) {
            throw invalid(value);
        }
        BigInteger number = new BigInteger(found.group(1));
        if (!found.group(2).isEmpty()) {
            int power = PREFIXES.indexOf(found.group(2)) + 1;
            number = number.multiply(BigInteger.valueOf(unit).pow(power));
        }
        if (number.compareTo(least) < 0 || number.compareTo(most) > 0) {
            throw invalid(value);
        }
        within(new BigDecimal(number), value);
        return number.toString();
    }

    private void within(BigDecimal number, String value) {
        if (!min.isEmpty() && number.compareTo(new BigDecimal(min)) < 0) {
            throw new Malformed("Value '" + value + "' is below minimum " + min);
        }
        if (!max.isEmpty() && number.compareTo(new BigDecimal(max)) > 0) {
            throw new Malformed("Value '" + value + "' exceeds maximum " + max);
        }
    }

    private String seconds(String value) {
        if (!value.strip().matches("[0-9]{1,18}")) {
            throw invalid(value);
        }
        return value.strip();
    }

    private String fraction(String value) {
        if (!value.strip().matches("-?[0-9]{1,18}(\\.[0-9]{0,18})?([eE]-?[0-9]{1,3})?")) {
            throw invalid(value);
        }
        within(new BigDecimal(value.strip().replaceFirst("\\.$", "")), value);
        return String.format(Locale.ROOT, "%f", Double.parseDouble(value));
    }

    private static String truth(String value) {
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> "true";
            case "false" -> "false";
            default -> {
                if (!value.strip().matches("-?[0-9]{1,9}")) {
                    throw invalid(value);
                }
                yield value.strip().matches("-?0+") ? "false" : "true";
            }
        };
    }

    private static String uuid(String value) {
        try {
            return UUID.fromString(value.strip()).toString();
        } catch (IllegalArgumentException notOne) {
            throw new Malformed("'" + value + "' is no uuid", notOne);
        }
    }

    /** How much is logged, and how much is kept in memory for a crash: {@code 5} is 5/5. */
    private static String levels(String value) {
        Matcher found = LEVELS.matcher(value.strip());
        if (!found.matches()) {
            throw new Malformed("value must take the form N or N/M, where N and M are integers");
        }
        String memory = found.group(2) == null ? found.group(1) : found.group(2);
        return found.group(1) + "/" + memory;
    }

    private String word(String value) {
        if (name.startsWith("debug_") && flags.contains("runtime")) {
            return levels(value);
        }
        if (ModeWords.isFor(name)) {
            ModeWords.parse(name, value);
        }
        if (!choices.isEmpty() && !choices.contains(value)) {
            throw new Malformed(
                    "'"
                            + value
                            + "' is not one of the permitted values: "
                            + String.join(", ", choices));
        }
        return value;
    }
}
