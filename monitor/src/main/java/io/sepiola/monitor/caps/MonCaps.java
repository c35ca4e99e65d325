package io.sepiola.monitor.caps;

import io.sepiola.base.Malformed;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The caps of an entity for the monitors.
 *
 * <pre>
 * caps    := grant (("," | ";") grant)*
 * grant   := "profile" NAME
 *          | "allow" ( access | "profile" NAME | "service" NAME access
 *                    | "command" TEXT ["with" KEY ("=" | "prefix") VALUE ...] )
 * access  := "*" | "all" | any of "r", "w", "x"
 * </pre>
 *
 * Whatever does not fit is refused as a whole. Immutable.
 */
public final class MonCaps {
    /** Nothing is allowed. */
    public static final MonCaps NONE = new MonCaps(List.of());

    /** Everything is. */
    public static final MonCaps ALL = new MonCaps(List.of(new Grant.Access("", Grant.RWX)));

    private static final int TEXT_SIZE_MAX = 16 << 10;
    private static final int GRANTS_MAX = 256;

    private final List<Grant> grants;

    private MonCaps(List<Grant> grants) {
        this.grants = List.copyOf(grants);
    }

    /**
     * Reads the caps.
     *
     * @throws Malformed naming what does not fit
     */
    public static MonCaps parse(String text) {
        if (text.length() > TEXT_SIZE_MAX) {
            throw new Malformed("mon caps of " + text.length() + " characters");
        }
        Words words = Words.of(text);
        List<Grant> grants = new ArrayList<>();
        while (!words.atEnd()) {
            if (grants.size() == GRANTS_MAX) {
                throw new Malformed("mon caps of more than " + GRANTS_MAX + " grants");
            }
            if (!words.isNext("profile")) {
                words.expect("allow");
            }
            grants.add(grant(words));
            if (words.accept("network")) {
                throw new Malformed("mon caps bound to a network are not supported");
            }
            if (!words.atEnd() && !words.accept(",") && !words.accept(";")) {
                throw new Malformed("mon caps: '" + words.next() + "' where a comma belongs");
            }
        }
        return new MonCaps(grants);
    }

    private static Grant grant(Words words) {
        String word = words.next();
        return switch (word) {
            case "profile" -> new Grant.Profile(Profile.of(words.afterOptionalEquals()));
            case "service" -> {
                String service = words.afterOptionalEquals();
                yield new Grant.Access(service, access(words.next()));
            }
            case "command" -> {
                String prefix = words.afterOptionalEquals();
                yield new Grant.Command(
                        prefix, words.accept("with") ? conditions(words) : Map.of());
            }
            default -> new Grant.Access("", access(word));
        };
    }

    private static Map<String, Grant.Condition> conditions(Words words) {
        Map<String, Grant.Condition> conditions = new TreeMap<>();
        while (!words.atEnd() && !words.isNext(",") && !words.isNext(";")) {
            String key = words.next();
            boolean prefix = words.accept("prefix");
            if (!prefix) {
                words.expect("=");
            }
            conditions.put(key, new Grant.Condition(words.next(), prefix));
        }
        return conditions;
    }

    private static int access(String word) {
        if (word.equals("*") || word.equals("all")) {
            return Grant.RWX;
        }
        int access = 0;
        for (int i = 0; i < word.length(); i++) {
            int bit = 1 << "rwx".indexOf(word.charAt(i));
            if ("rwx".indexOf(word.charAt(i)) < 0 || (access & bit) != 0) {
                throw new Malformed("mon caps: '" + word + "' is no access; use *, or r, w and x");
            }
            access |= bit;
        }
        return access;
    }

    /**
     * Whether a command may run.
     *
     * @param service its module: osd, mon, auth...
     * @param access what it needs, of r, w and x
     */
    public boolean allows(
            String service, String prefix, Map<String, String> arguments, String access) {
        int wanted = access(access);
        int granted = 0;
        for (Grant grant : grants) {
            granted |= grant.access(service, prefix, arguments);
        }
        return (granted & wanted) == wanted;
    }

    /** Whether messages of that service with that access may come. */
    public boolean allows(String service, String access) {
        return allows(service, "", Map.of(), access);
    }
}
