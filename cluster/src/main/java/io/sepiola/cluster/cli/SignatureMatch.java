package io.sepiola.cluster.cli;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Matches words against one signature: arguments by place, or by name as {@code --name=value},
 * {@code --name value} and, for flags, {@code --name}. Lives for one attempt.
 */
final class SignatureMatch {
    private final Signature signature;
    private final boolean partial;
    private final Deque<String> words;
    private final boolean injectsArguments;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final Map<Argument, Integer> seen = new LinkedHashMap<>();
    private int matched;
    private @Nullable String leftOver;

    private SignatureMatch(Signature signature, List<String> words, boolean partial) {
        this.signature = signature;
        this.partial = partial;
        this.words = new ArrayDeque<>(words);
        this.injectsArguments = !words.isEmpty() && words.getFirst().equals("injectargs");
    }

    /**
     * The members of the command's JSON.
     *
     * @throws Mismatch when the words are not this command
     */
    static Map<String, Object> of(Signature signature, List<String> words) throws Mismatch {
        return new SignatureMatch(signature, words, false).match();
    }

    /** The same, of as many words as match; the rest is ignored. */
    static Map<String, Object> ofBeginning(Signature signature, List<String> words)
            throws Mismatch {
        return new SignatureMatch(signature, words, true).match();
    }

    /**
     * How many required arguments match, from the first on: tells which command was meant.
     *
     * @param abbreviated whether the last word may be the beginning of a word
     */
    static int count(Signature signature, List<String> words, boolean abbreviated) {
        Deque<String> rest = new ArrayDeque<>(words);
        int count = 0;
        for (Argument argument : signature.arguments()) {
            int wanted = argument.many() ? Integer.MAX_VALUE : argument.count();
            for (int taken = 0; taken < wanted; taken++) {
                if (rest.isEmpty()) {
                    return count;
                }
                String word = rest.removeFirst();
                if (!matches(argument, word, abbreviated && rest.isEmpty())) {
                    if (argument.required()) {
                        return count;
                    }
                    rest.addFirst(word);
                    break;
                }
            }
            count += argument.required() ? 1 : 0;
        }
        return count;
    }

    private static boolean matches(Argument argument, String word, boolean abbreviated) {
        try {
            read(argument, word, false, abbreviated);
            return true;
        } catch (Mismatch _) {
            return false;
        }
    }

    private static List<Object> read(
            Argument argument, String word, boolean named, boolean abbreviated) throws Mismatch {
        List<Object> values = new ArrayList<>();
        boolean commas = named || !(argument.type() instanceof ArgumentType.Text);
        if (argument.many() && commas) {
            for (String part : word.split(",", -1)) {
                values.add(argument.type().read(part, abbreviated));
            }
        } else {
            values.add(argument.type().read(word, abbreviated));
        }
        return values;
    }

    private Map<String, Object> match() throws Mismatch {
        for (Argument argument : signature.arguments()) {
            if (!take(argument)) {
                return values;
            }
        }
        if (matched < signature.requiredCount()) {
            throw new Mismatch(Mismatch.Kind.TOO_FEW, "not enough arguments given");
        }
        if (!words.isEmpty() && !partial) {
            String reason = leftOver == null ? "" : " (" + leftOver + ")";
            throw new Mismatch(Mismatch.Kind.WRONG, "unused arguments: " + quoted(words) + reason);
        }
        return values;
    }

    private static String quoted(Iterable<String> words) {
        List<String> quoted = new ArrayList<>();
        words.forEach(word -> quoted.add("'" + word + "'"));
        return "[" + String.join(", ", quoted) + "]";
    }

    /** Fills one place; false when a partial match ends here. */
    private boolean take(Argument argument) throws Mismatch {
        while (argument.many() || seen.getOrDefault(argument, 0) < argument.count()) {
            if (words.isEmpty()) {
                return takeNothing(argument);
            }
            String word = words.removeFirst();
            if (takeNamed(word)) {
                continue;
            }
            if (word.startsWith("--") && !isValue(argument, word)) {
                throw new Mismatch(Mismatch.Kind.WRONG, "Unexpected argument '" + word + "'");
            }
            try {
                store(argument, read(argument, word, false, false));
                matched++;
                leftOver = null;
            } catch (Mismatch mismatch) {
                if (argument.required()) {
                    if (partial) {
                        return false;
                    }
                    throw mismatch;
                }
                leftOver = mismatch.getMessage();
                words.addFirst(word); // may be what the next place wants
                return true;
            }
        }
        return true;
    }

    private boolean takeNothing(Argument argument) throws Mismatch {
        int count = seen.getOrDefault(argument, 0);
        boolean satisfied =
                !argument.required()
                        || values.containsKey(argument.name()) && !argument.isLiteral()
                        || argument.many() && count >= 1;
        if (satisfied) {
            return true;
        }
        if (partial) {
            return false;
        }
        if (argument.many()) {
            throw new Mismatch(
                    Mismatch.Kind.WRONG,
                    "saw " + count + " of " + argument + ", expected at least 1");
        }
        if (count == 0 && argument.count() == 1) {
            throw new Mismatch(Mismatch.Kind.MISSING, "missing required parameter " + argument);
        }
        throw new Mismatch(
                Mismatch.Kind.WRONG,
                "saw " + count + " of " + argument + ", expected " + argument.count());
    }

    /** {@code --name=value}, {@code --name value} or {@code --flag}, wherever it stands. */
    private boolean takeNamed(String word) throws Mismatch {
        if (!word.startsWith("--") || word.length() < 3) {
            return false;
        }
        int equals = word.indexOf('=', 3);
        String name =
                (equals < 0 ? word.substring(2) : word.substring(2, equals)).replace('-', '_');
        for (Argument argument : signature.arguments()) {
            if (argument.isLiteral() || !argument.name().equals(name)) {
                continue;
            }
            String value;
            if (equals >= 0) {
                value = word.substring(equals + 1);
            } else if (argument.isFlag()) {
                value = "true";
            } else if (!words.isEmpty()) {
                value = words.removeFirst();
            } else {
                return false;
            }
            store(argument, read(argument, value, true, false));
            matched++;
            return true;
        }
        return false;
    }

    /** Confirmations may be declared as words instead of flags, and then begin with hyphens. */
    private boolean isValue(Argument argument, String word) {
        return injectsArguments
                || argument.type() instanceof ArgumentType.Choices
                || word.equals("--force")
                || word.startsWith("--yes-i-really-");
    }

    private void store(Argument argument, List<Object> read) {
        seen.merge(argument, 1, Integer::sum);
        Object value = read.getLast();
        if (argument.many()) {
            List<Object> all = new ArrayList<>();
            if (values.get(argument.name()) instanceof List<?> before) {
                all.addAll(before);
            }
            all.addAll(read);
            values.put(argument.name(), all);
        } else if (argument.isLiteral()) {
            values.merge(argument.name(), value, (before, word) -> before + " " + word);
        } else {
            values.put(argument.name(), value);
        }
    }
}
