package io.sepiola.crush;

import io.sepiola.crush.CrushException.Kind;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a map's text, each with its line. Owned by one parser. */
final class CrushWords {
    private static final int TEXT_SIZE_MAX = 16 << 20;
    private static final Pattern WORD = Pattern.compile("[{}\\[\\]]|[^\\s{}\\[\\]]+");
    private static final float WEIGHT_MAX = 32767;

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

    long unsigned() {
        String word = next("a number");
        try {
            return word.startsWith("-") ? Long.parseLong(word) : Long.parseUnsignedLong(word);
        } catch (NumberFormatException notOne) {
            throw error("expected a number, found '" + word + "'");
        }
    }

    /** 16.16. */
    int weight() {
        String word = next("a weight");
        try {
            float value = Float.parseFloat(word);
            if (value >= 0 && value <= WEIGHT_MAX) {
                return (int) (value * 0x10000);
            }
        } catch (NumberFormatException notOne) {
            throw error("expected a weight, found '" + word + "'");
        }
        throw error("weight " + word + " is not between 0 and " + (int) WEIGHT_MAX);
    }

    /** Names the line of the word read last. */
    CrushException error(String message) {
        int line = all.isEmpty() ? 1 : all.get(Math.max(0, Math.min(at, all.size()) - 1)).line;
        return new CrushException(Kind.INVALID, "line " + line + ": " + message);
    }
}
