package io.sepiola.crush;

import io.sepiola.crush.CrushException.Kind;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a map's text, each with its line. Owned by one parser. */
final class CrushWords {
    private static final int TEXT_SIZE_MAX = 16 << 20;
    private static final Pattern WORD = Pattern.compile("[{}\\[\\]]|[^\\s{}\\[\\]]+");
    private static final Pattern REAL =
            Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");

    private record Word(String text, int line) {}

    private final List<Word> all = new ArrayList<>();
    private int at;

    CrushWords(String text) {
        if (text.length() > TEXT_SIZE_MAX) {
            throw new CrushException(Kind.INVALID, "crush map text of over 16 MiB");
        }
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            int comment = line.indexOf('#');
            Matcher matcher = WORD.matcher(comment < 0 ? line : line.substring(0, comment));
            while (matcher.find()) {
                all.add(new Word(matcher.group(), number));
            }
        }
    }

    boolean hasMore() {
        return at < all.size();
    }

    String next(String expected) {
        if (!hasMore()) {
            throw error("the text ends where " + expected + " was expected");
        }
        return all.get(at++).text;
    }

    boolean peekIs(String word) {
        return hasMore() && all.get(at).text.equals(word);
    }

    boolean skip(String word) {
        if (peekIs(word)) {
            at++;
            return true;
        }
        return false;
    }

    void expect(String word) {
        String found = next(word);
        if (!found.equals(word)) {
            throw error("expected " + word + ", found '" + found + "'");
        }
    }

    int number(int min, int max) {
        String word = next("a number");
        try {
            int value = Integer.parseInt(word);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException notOne) {
            throw error("expected a number, found '" + word + "'");
        }
        throw error(word + " is not between " + min + " and " + max);
    }

    /** The id of a weight set: like Ceph, which prints -1 as an unsigned number and so reads it. */
    long setId() {
        String word = next("a number");
        if (!word.matches("\\d{1,20}")) {
            throw error("expected a number, found '" + word + "'");
        }
        BigInteger value = new BigInteger(word);
        return value.bitLength() > 63 ? -1 : value.intValue();
    }

    /**
     * 16.16, as an unsigned number.
     *
     * @param max in whole units
     */
    int weight(int max) {
        String word = next("a weight");
        if (!REAL.matcher(word).matches()) {
            throw error("expected a weight, found '" + word + "'");
        }
        float value = Float.parseFloat(word);
        if (value < 0 || value * 0x10000 > max * 65536.0) {
            throw error("weight " + word + " is not between 0 and " + max);
        }
        return (int) (long) (value * 0x10000);
    }

    /** Where the next word stands; see {@link #seek}. */
    int position() {
        return at;
    }

    /** Goes on from a position. */
    void seek(int position) {
        at = position;
    }

    /** Names the line of the word read last. */
    CrushException error(String message) {
        int line = all.isEmpty() ? 1 : all.get(Math.max(0, Math.min(at, all.size()) - 1)).line;
        return new CrushException(Kind.INVALID, "line " + line + ": " + message);
    }
}
