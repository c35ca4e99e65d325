package io.sepiola.protocol.caps;

import io.sepiola.base.Malformed;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.caps.Clause.Subject;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What an entity may do at the monitors (MonCap); the grammar is {@link ClauseGrammar}'s. */
public final class MonCaps {
    /** Nothing is allowed. */
    public static final MonCaps NONE = new MonCaps(List.of());

    /** Everything is. */
    public static final MonCaps ALL = new MonCaps(List.of(Clause.everything(Clause.ANY)));

    private static final String SECRETS = "config-key";

    private final List<Clause> clauses;

    private MonCaps(List<Clause> clauses) {
        this.clauses = List.copyOf(clauses);
    }

    /**
     * Reads the text.
     *
     * @throws Malformed in Ceph's words, when it does not follow the grammar
     */
    public static MonCaps parse(String text) {
        return new MonCaps(ClauseGrammar.parse(text, false));
    }

    /**
     * What of these counts for somebody: his profiles spelled out, without what is for other
     * networks.
     *
     * @param from whence he is seen to come
     */
    public MonCaps heldBy(AuthName who, EntityAddr from) {
        List<Clause> held = new ArrayList<>();
        for (Clause clause : clauses) {
            if (clause.network().contains(from)) {
                if (clause.subject() == Subject.PROFILE) {
                    held.addAll(MonProfiles.clauses(clause.name(), who));
                } else {
                    held.add(clause);
                }
            }
        }
        return new MonCaps(held);
    }

    /**
     * Whether a command may run. Profiles count only after {@link #heldBy}.
     *
     * @param service its module: osd, mon, auth...
     * @param arguments as texts
     * @param access what it needs, of r, w and x
     */
    public boolean allows(
            String service, String prefix, Map<String, String> arguments, String access) {
        int wanted = Clause.mask(access);
        int granted = 0;
        for (Clause clause : clauses) {
            if (clause.allowsAll()) {
                return true;
            }
            granted |= access(clause, service, prefix, arguments);
            if ((granted & wanted) == wanted) {
                return true;
            }
        }
        return false;
    }

    /** Whether messages of that service with that access may come. */
    public boolean allows(String service, String access) {
        return allows(service, "", Map.of(), access);
    }

    /** Whether everything is allowed, with {@code allow *}. */
    public boolean allowsAll() {
        return clauses.stream().anyMatch(Clause::allowsAll);
    }

    private static int access(
            Clause clause, String service, String prefix, Map<String, String> arguments) {
        return switch (clause.subject()) {
            // Secrets are kept there: what is for everything is not for those, save "allow *".
            case EVERYTHING -> service.equals(SECRETS) ? 0 : clause.access();
            case SERVICE -> clause.name().equals(service) ? clause.access() : 0;
            case COMMAND ->
                    clause.name().equals(prefix) && clause.fits(arguments) ? clause.access() : 0;
            case MODULE, PROFILE -> 0;
        };
    }
}
