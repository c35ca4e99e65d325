package io.sepiola.cluster.cli;

import io.sepiola.base.Malformed;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The commands that a daemon knows, as it describes them itself. Immutable. */
final class CommandTable {
    private static final int CLOSEST_MAX = 10;

    private final List<Signature> signatures;

    /** What became of some words. */
    sealed interface Outcome {
        /** They are this command, with these members of its JSON. */
        record Found(Signature signature, Map<String, Object> members) implements Outcome {}

        /** They are no command; these lines say why. */
        record Refused(List<String> lines) implements Outcome {}
    }

    CommandTable(List<Signature> signatures) {
        this.signatures = List.copyOf(signatures);
    }

    /**
     * Reads the answer to {@code get_command_descriptions}.
     *
     * @throws Malformed when it is none
     */
    static CommandTable parse(String json) {
        if (!(JsonText.read(json) instanceof Map<?, ?> map)) {
            throw new Malformed("the commands' descriptions are not a JSON object");
        }
        List<Signature> signatures = new ArrayList<>();
        for (Object description : map.values()) {
            if (description != null) {
                signatures.add(Signature.of(description));
            }
        }
        return new CommandTable(signatures);
    }

    List<Signature> signatures() {
        return signatures;
    }

    /** Which command the words are. */
    Outcome match(List<String> words) {
        List<Signature> best = best(words);
        List<Signature> shortestFirst = new ArrayList<>(best);
        shortestFirst.sort(Comparator.comparingLong(Signature::requiredCount));
        for (Signature signature : shortestFirst) {
            try {
                Map<String, Object> members =
                        new LinkedHashMap<>(SignatureMatch.of(signature, words));
                if (signature.has(Signature.MANAGER)) {
                    members.put("target", List.of("mon-mgr", ""));
                }
                return new Outcome.Found(signature, members);
            } catch (Mismatch mismatch) {
                switch (mismatch.kind()) {
                    case OTHER_COMMAND, TOO_FEW -> {}
                    case MISSING -> {
                        return best.size() == 1 ? wrong(signature, mismatch) : closest(best);
                    }
                    case WRONG -> {
                        return wrong(signature, mismatch);
                    }
                }
            }
        }
        return closest(best);
    }

    /** Those that most of the words match; a whole last word is better than an abbreviated one. */
    private List<Signature> best(List<String> words) {
        List<Signature> best = new ArrayList<>();
        int bestScore = 0;
        for (Signature signature : signatures) {
            if (signature.has(Signature.OBSOLETE)) {
                continue;
            }
            int abbreviated = SignatureMatch.count(signature, words, true);
            int score = 2 * abbreviated;
            if (score >= bestScore - 1
                    && abbreviated == SignatureMatch.count(signature, words, false)) {
                score++;
            }
            if (score > bestScore) {
                best.clear();
                bestScore = score;
            }
            if (score == bestScore) {
                best.add(signature);
            }
        }
        return best;
    }

    private static Outcome wrong(Signature signature, Mismatch mismatch) {
        return new Outcome.Refused(
                List.of(
                        "Invalid command: " + mismatch.getMessage(),
                        signature.concise() + " :  " + signature.help()));
    }

    private static Outcome closest(List<Signature> best) {
        List<String> lines =
                best.stream()
                        .filter(s -> !s.has(Signature.DEPRECATED) && !s.has(Signature.HIDDEN))
                        .limit(CLOSEST_MAX)
                        .map(Signature::concise)
                        .toList();
        List<String> all = new ArrayList<>();
        all.add("no valid command found; " + lines.size() + " closest matches:");
        all.addAll(lines);
        return new Outcome.Refused(all);
    }
}
