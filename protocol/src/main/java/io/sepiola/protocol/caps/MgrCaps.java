package io.sepiola.protocol.caps;

import io.sepiola.base.Bytes;
import io.sepiola.base.Decoder;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.caps.Clause.Subject;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What an entity may ask of the manager (MgrCap); the grammar is {@link ClauseGrammar}'s. */
public final class MgrCaps {
    /** Nothing is allowed. */
    public static final MgrCaps NONE = new MgrCaps(List.of());

    /** Everything is. */
    public static final MgrCaps ALL = new MgrCaps(List.of(Clause.everything(Clause.ANY)));

    private final List<Clause> clauses;

    private MgrCaps(List<Clause> clauses) {
        this.clauses = List.copyOf(clauses);
    }

    /**
     * Reads the text.
     *
     * @throws Malformed in Ceph's words, when it does not follow the grammar or names a profile
     *     that managers do not know
     */
    public static MgrCaps parse(String text) {
        List<Clause> spelledOut = new ArrayList<>();
        StringBuilder wrong = new StringBuilder();
        for (Clause clause : ClauseGrammar.parse(text, true)) {
            if (clause.subject() == Subject.PROFILE) {
                wrong.append(complaint(clause));
                profile(clause).forEach(each -> spelledOut.add(each.in(clause.network())));
            } else {
                spelledOut.add(clause);
            }
        }
        if (!wrong.isEmpty()) {
            throw new Malformed("mgr capability parse failed during profile evaluation: " + wrong);
        }
        return new MgrCaps(spelledOut);
    }

    private static String complaint(Clause profile) {
        return switch (profile.name()) {
            case "read-only", "read-write", "crash", "osd", "mds" -> "";
            case "rbd", "rbd-read-only" ->
                    profile.conditions().keySet().stream()
                            .filter(key -> !key.equals("pool") && !key.equals("namespace"))
                            .findFirst()
                            .map(key ->
                                    "profile '"
                                            + profile.name()
                                            + "' does not recognize key '"
                                            + key
                                            + "'")
                            .orElse("");
            default -> "unrecognized profile '" + profile.name() + "'";
        };
    }

    private static List<Clause> profile(Clause profile) {
        return switch (profile.name()) {
            case "read-only" -> List.of(Clause.everything(Clause.R));
            case "read-write" -> List.of(Clause.everything(Clause.R | Clause.W));
            case "crash" -> List.of(Clause.command("crash post"));
            case "rbd" -> List.of(images(profile, Clause.R | Clause.W));
            case "rbd-read-only" -> List.of(images(profile, Clause.R));
            default -> List.of(); // daemons report without any
        };
    }

    private static Clause images(Clause profile, int access) {
        return Clause.of(Subject.MODULE, "rbd_support", access).with(profile.conditions());
    }

    /** Whether everything is allowed, with {@code allow *}. */
    public boolean allowsAll() {
        return clauses.stream().anyMatch(Clause::allowsAll);
    }

    /** Reads a ticket's caps: one encoded string; {@link #NONE} for what cannot be read. */
    public static MgrCaps of(Bytes caps, boolean allowAll) {
        if (allowAll) {
            return ALL;
        }
        try {
            return caps.isEmpty() ? NONE : parse(new Decoder(caps).string());
        } catch (Malformed unreadable) {
            return NONE;
        }
    }

    /**
     * What of these counts for somebody who is seen to come from there: without what is for other
     * networks.
     */
    public MgrCaps heldBy(EntityAddr from) {
        return new MgrCaps(
                clauses.stream().filter(clause -> clause.network().contains(from)).toList());
    }

    /**
     * Whether a command may run.
     *
     * @param service its module: osd, pg...; {@code py} for what a module in Python serves in Ceph
     * @param module that module in Python, or empty
     * @param arguments as texts
     * @param access what it needs, of r, w and x
     */
    public boolean allows(
            String service,
            String module,
            String prefix,
            Map<String, String> arguments,
            String access) {
        int wanted = Clause.mask(access);
        int granted = 0;
        for (Clause clause : clauses) {
            if (clause.allowsAll()) {
                return true;
            }
            granted |=
                    switch (clause.subject()) {
                        case EVERYTHING -> clause.access();
                        case SERVICE -> clause.name().equals(service) ? clause.access() : 0;
                        // Conditions on a module's arguments are for what it is asked in between.
                        case MODULE -> clause.name().equals(module) ? clause.access() : 0;
                        case COMMAND ->
                                clause.name().equals(prefix) && clause.fits(arguments)
                                        ? clause.access()
                                        : 0;
                        case PROFILE -> 0;
                    };
            if ((granted & wanted) == wanted) {
                return true;
            }
        }
        return false;
    }
}
