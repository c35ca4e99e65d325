package io.sepiola.monitor.command;

import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.state.Ciphers;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.protocol.auth.EntityAuth;
import io.sepiola.protocol.auth.KeyType;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which types of keys are used for what. */
final class CipherCommands {
    private static final String ALLOWED = "auth_allowed_ciphers";
    private static final String PREFERRED = "auth_preferred_cipher";
    private static final String SERVICE = "auth_service_cipher";

    private CipherCommands() {}

    static List<Row> rows() {
        return List.of(
                Row.of(
                        "mon set",
                        "name:CephChoices="
                                + String.join("|", SERVICE, ALLOWED, PREFERRED)
                                + " value:CephString",
                        "mon",
                        "rw",
                        0,
                        "sets which types of keys are used for what: aes, aes256k",
                        CipherCommands::set));
    }

    private static Reply set(Call call) {
        Ciphers now = call.state().auth().ciphers();
        String value = call.arguments().text("value");
        Ciphers next =
                switch (call.arguments().text("name")) {
                    case SERVICE ->
                            new Ciphers(now.allowed(), now.preferred(), KeyChoice.named(value));
                    case PREFERRED ->
                            new Ciphers(
                                    now.allowed(),
                                    KeyChoice.allowed(call, KeyChoice.named(value)),
                                    now.service());
                    default -> new Ciphers(several(value), now.preferred(), now.service());
                };
        if (next.equals(now)) {
            return Reply.said("already set");
        }
        if (!next.allowed().contains(next.preferred())) {
            throw Refused.invalid(
                    "new keys are of type "
                            + next.preferred().label()
                            + "; set "
                            + PREFERRED
                            + " to one that stays allowed first");
        }
        EntityAuth own = call.state().auth().entities().get(call.who());
        if (own != null && !next.allowed().contains(own.key().type())) {
            throw new Refused(
                    Errno.EPERM,
                    "the key of "
                            + call.who()
                            + " is of type "
                            + own.key().type().label()
                            + " and would not be let in any more: rotate it first");
        }
        call.draft().propose(new Change.CiphersSet(next));
        return Reply.said("set " + call.arguments().text("name") + " to " + value);
    }

    private static Set<KeyType> several(String value) {
        Set<KeyType> types = new TreeSet<>();
        for (String word : value.split("[, ]+", 8)) {
            if (!word.isEmpty()) {
                types.add(KeyChoice.named(word));
            }
        }
        if (types.isEmpty()) {
            throw Refused.invalid("nobody could log in; name aes, aes256k or both");
        }
        return types;
    }

    /** As {@code mon dump} shows them after the map. */
    static String plain(Ciphers ciphers) {
        String allowed =
                ciphers.allowed().stream().map(KeyType::label).collect(Collectors.joining(", "));
        return SERVICE
                + " "
                + ciphers.service().label()
                + "\n"
                + ALLOWED
                + " "
                + allowed
                + "\n"
                + PREFERRED
                + " "
                + ciphers.preferred().label()
                + "\n";
    }

    /** Adds them to a {@code mon dump}. */
    static void show(ObjectNode dump, Ciphers ciphers) {
        dump.set(SERVICE, json(ciphers.service()));
        ArrayNode allowed = dump.putArray(ALLOWED);
        ciphers.allowed().forEach(type -> allowed.add(json(type)));
        dump.set(PREFERRED, json(ciphers.preferred()));
    }

    private static ObjectNode json(KeyType type) {
        return JsonText.object().put("name", type.label()).put("value", type.code());
    }
}
