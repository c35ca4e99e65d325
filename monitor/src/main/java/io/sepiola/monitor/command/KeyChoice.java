package io.sepiola.monitor.command;

import io.sepiola.protocol.auth.KeyType;

import java.util.Locale;
import java.util.Optional;

/** The type of a key that somebody asks for, or brings. */
final class KeyChoice {
    /** What stands for the type that new keys have where nobody says. */
    private static final String PREFERRED = "preferred";

    private KeyChoice() {}

    /**
     * The type asked for.
     *
     * @throws Refused when there is no such type, or who has such a key cannot log in
     */
    static KeyType wanted(Call call, Optional<String> label) {
        if (label.isEmpty() || label.get().equals(PREFERRED)) {
            return allowed(call, call.state().auth().ciphers().preferred());
        }
        return allowed(call, named(label.get()));
    }

    /**
     * A type of keys by its name.
     *
     * @throws Refused when there is none
     */
    static KeyType named(String label) {
        return KeyType.labelled(label.toLowerCase(Locale.ROOT))
                .filter(type -> type != KeyType.NONE)
                .orElseThrow(() ->
                        Refused.invalid(
                                "no type of keys: '"
                                        + shortened(label)
                                        + "'; there are aes and aes256k"));
    }

    /**
     * The type itself.
     *
     * @throws Refused when who has such a key cannot log in
     */
    static KeyType allowed(Call call, KeyType type) {
        if (!call.state().auth().ciphers().allowed().contains(type)) {
            throw Refused.invalid(
                    "a key of type "
                            + type.label()
                            + " would not be let in (auth_allowed_ciphers)");
        }
        return type;
    }

    private static String shortened(String text) {
        return text.length() <= 64 ? text : text.substring(0, 64) + "...";
    }
}
