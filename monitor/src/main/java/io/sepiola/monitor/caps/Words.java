package io.sepiola.monitor.caps;

import io.sepiola.base.Malformed;

import java.util.ArrayList;
import java.util.List;

/** The words of a caps text: quoted ones whole; commas, semicolons and equals signs alone. */
final class Words {
    private final List<String> words;
    private int at;

    private Words(List<String> words) {
        this.words = words;
    }

    static Words of(String text) {
        List<String> words = new ArrayList<>();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c)) {
                i++;
            } else if (c == '"' || c == '\'') {
                int end = text.indexOf(c, i + 1);
                if (end < 0) {
                    throw new Malformed("caps with an open quote");
                }
                words.add(text.substring(i + 1, end));
                i = end + 1;
            } else if (",;=".indexOf(c) >= 0) {
                words.add(String.valueOf(c));
                i++;
            } else {
                int end = i;
                while (end < text.length()
                        && !Character.isWhitespace(text.charAt(end))
                        && ",;='\"".indexOf(text.charAt(end)) < 0) {
                    end++;
                }
                words.add(text.substring(i, end));
                i = end;
            }
        }
        return new Words(words);
    }

    boolean atEnd() {
        return at == words.size();
    }

    boolean isNext(String word) {
        return !atEnd() && words.get(at).equals(word);
    }

    boolean accept(String word) {
        if (isNext(word)) {
            at++;
            return true;
        }
        return false;
    }

    void expect(String word) {
        if (!accept(word)) {
            throw new Malformed(
                    "mon caps: '"
                            + word
                            + "' expected"
                            + (atEnd() ? " at the end" : ", found '" + words.get(at) + "'"));
        }
    }

    String next() {
        if (atEnd()) {
            throw new Malformed("mon caps end too early");
        }
        return words.get(at++);
    }

    String afterOptionalEquals() {
        accept("=");
        return next();
    }
}
