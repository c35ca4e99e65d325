package io.sepiola.manager;

import io.sepiola.base.Malformed;
import io.sepiola.messenger.Identity;
import io.sepiola.protocol.auth.AuthCaps;

import java.util.List;

/**
 * What a peer may ask of the manager: {@code allow *}, {@code allow r}, {@code allow rw} and the
 * profiles. A clause for one service or command counts for those alone.
 */
final class ManagerCaps {
    private ManagerCaps() {}

    static boolean allows(Identity identity, CommandTable.Row row) {
        if (identity.allowAll()) {
            return true;
        }
        String text;
        try {
            text = new AuthCaps(false, identity.caps()).text();
        } catch (Malformed none) {
            return false;
        }
        for (String clause : text.split("[,;]", -1)) {
            if (grants(List.of(clause.strip().split("\\s+", -1)), row)) {
                return true;
            }
        }
        return false;
    }

    private static boolean grants(List<String> words, CommandTable.Row row) {
        int at = !words.isEmpty() && words.getFirst().equals("allow") ? 1 : 0;
        if (words.size() <= at) {
            return false;
        }
        String word = words.get(at);
        if (word.equals("*") && words.size() == at + 1) {
            return true;
        }
        if (word.equals("profile") && words.size() == at + 2) {
            return switch (words.get(at + 1)) {
                case "read-write" -> true;
                case "read-only", "mon", "crash" -> row.access().equals("r");
                default -> false;
            };
        }
        if (word.equals("service") && words.size() == at + 3) {
            return words.get(at + 1).equals(row.module()) && covers(words.get(at + 2), row);
        }
        if (word.equals("command")) {
            String named = String.join(" ", words.subList(at + 1, words.size()));
            return named.replace("\"", "").equals(row.prefix());
        }
        return at == 1 && words.size() == 2 && covers(word, row);
    }

    private static boolean covers(String granted, CommandTable.Row row) {
        return granted.equals("*")
                || granted.matches("[rwx]+")
                        && row.access().chars().allMatch(c -> granted.indexOf(c) >= 0);
    }
}
