package io.sepiola.protocol.caps;

import io.sepiola.base.Malformed;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The text of caps while it is read, from left to right; a reader that does not find what it wants
 * goes back to where it began. The choices are Ceph's: the first that fits is taken for good.
 */
public final class CapsText {
    /** How long a text may be. */
    public static final int SIZE_MAX = 16 << 10;

    /** How many grants a text may have. */
    public static final int GRANTS_MAX = 256;

    private static final int CLAUSES_MAX = 64; // conditions or groups of one grant

    private static final String ALPHANUMERIC =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private static final String NAME = ALPHANUMERIC + "_./-";
    private static final String FILE_SYSTEM = ALPHANUMERIC + "_.-";
    private static final String ADDRESS = "0123456789abcdefABCDEF/.:[]";

    private final String kind;
    private final String text;
    private final String space;
    private int at;

    /**
     * Begins at the start.
     *
     * @param kind for messages: mon, mgr, osd or mds
     * @param space what counts as a space
     */
    CapsText(String kind, String text, String space) {
        if (text.length() > SIZE_MAX) {
            throw new Malformed(
                    kind + " caps of " + text.length() + " characters; at most " + SIZE_MAX);
        }
        this.kind = kind;
        this.text = text;
        this.space = space;
    }

    /**
     * Reads caps only to see whether they are well formed.
     *
     * @param kind mon, mgr, osd or mds
     * @throws Malformed in Ceph's words, when they are not
     */
    public static void check(String kind, String text) {
        switch (kind) {
            case "mon" -> MonCaps.parse(text);
            case "mgr" -> MgrCaps.parse(text);
            case "osd" -> OsdCaps.parse(text);
            case "mds" -> MdsCaps.parse(text);
            default -> throw new Malformed("unknown cap type '" + kind + "'");
        }
    }

    /**
     * Reads grants with commas or semicolons between them, up to the end of the text.
     *
     * @param blanks whether there may be blanks around the separators
     * @throws Malformed in Ceph's words, when something else comes before the end
     */
    <G> List<G> grants(Supplier<@Nullable G> grant, boolean blanks) {
        List<G> grants = new ArrayList<>();
        int end = at;
        boolean more = true;
        while (more) {
            G read = grant.get();
            more = read != null;
            if (read != null) {
                if (grants.size() == GRANTS_MAX) {
                    throw new Malformed(kind + " caps of more than " + GRANTS_MAX + " grants");
                }
                grants.add(read);
                end = at;
                more = separator(blanks);
            }
        }
        at = end;
        return grants;
    }

    private boolean separator(boolean blanks) {
        skip(blanks ? " " : "");
        boolean found = oneOf(";,");
        skip(blanks ? " " : "");
        return found;
    }

    boolean atEnd() {
        return at == text.length();
    }

    /** What Ceph says of a text that is not read to its end. */
    Malformed stopped(boolean namesEnd) {
        return new Malformed(
                kind
                        + " capability parse failed, stopped at "
                        + (namesEnd && atEnd() ? "end" : "'" + text.substring(at) + "'")
                        + " of '"
                        + text
                        + "'");
    }

    /** Takes all or nothing. */
    boolean all(BooleanSupplier... parts) {
        int start = at;
        for (BooleanSupplier part : parts) {
            if (!part.getAsBoolean()) {
                at = start;
                return false;
            }
        }
        return true;
    }

    /** What {@code read} finds; when that is nothing, nothing is taken. */
    <T> @Nullable T tried(Supplier<@Nullable T> read) {
        int start = at;
        T found = read.get();
        if (found == null) {
            at = start;
        }
        return found;
    }

    boolean literal(String word) {
        if (!text.startsWith(word, at)) {
            return false;
        }
        at += word.length();
        return true;
    }

    private boolean oneOf(String characters) {
        if (atEnd() || characters.indexOf(text.charAt(at)) < 0) {
            return false;
        }
        at++;
        return true;
    }

    /** Takes what there is of these. */
    boolean skip(String characters) {
        int start = at;
        while (!atEnd() && characters.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at > start;
    }

    /** One space or more. */
    boolean spaces() {
        return skip(space);
    }

    /** Spaces, the word, and spaces: {@code " network "}. */
    boolean spaced(String word) {
        return all(this::spaces, () -> literal(word), this::spaces);
    }

    /** The word, and an equals sign or spaces. */
    boolean named(String word) {
        return all(() -> literal(word), () -> literal("=") || spaces());
    }

    private @Nullable String run(String characters) {
        int start = at;
        return skip(characters) ? text.substring(start, at) : null;
    }

    private @Nullable String quoted(boolean mayBeEmpty) {
        char quote = atEnd() ? ' ' : text.charAt(at);
        if (quote != '"' && quote != '\'') {
            return null;
        }
        int end = text.indexOf(quote, at + 1);
        if (end < 0 || end == at + 1 && !mayBeEmpty) {
            return null;
        }
        String inside = text.substring(at + 1, end);
        at = end + 1;
        return inside;
    }

    /** Letters, digits and {@code _ . / -}, or anything in quotes; null when there is neither. */
    @Nullable String string(boolean mayBeEmpty) {
        String inside = quoted(mayBeEmpty);
        return inside != null ? inside : run(NAME);
    }

    /** The name of a file system: letters, digits and {@code _ . -}. */
    @Nullable String fileSystem() {
        return run(FILE_SYSTEM);
    }

    /** The network of an optional {@code network CIDR} that comes next. */
    Network network() {
        Network found =
                tried(() -> {
                    String cidr = spaced("network") ? run(ADDRESS) : null;
                    return cidr == null ? null : Network.parse(cidr);
                });
        return found == null ? Network.ANY : found;
    }

    /** A number below 2^32; null when there is none. */
    @Nullable Long number() {
        int start = at;
        long value = 0;
        while (!atEnd() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            value = value * 10 + (text.charAt(at++) - '0');
            if (value > 0xFFFFFFFFL) {
                at = start;
                return null;
            }
        }
        return at == start ? null : value;
    }

    /** {@code *} or {@code all}. */
    boolean wildcard() {
        return literal("*") || literal("all");
    }

    /** One of these or more, in this order; none twice. As bits: the first letter's is 1. */
    int letters(String inOrder) {
        int bits = 0;
        for (int i = 0; i < inOrder.length(); i++) {
            if (oneOf(inOrder.substring(i, i + 1))) {
                bits |= 1 << i;
            }
        }
        return bits;
    }

    /**
     * Refuses a grant with more parts than anybody needs.
     *
     * @throws Malformed when there are too many
     */
    void bound(int parts) {
        if (parts > CLAUSES_MAX) {
            throw new Malformed(
                    kind + " caps with more than " + CLAUSES_MAX + " conditions in a grant");
        }
    }
}
