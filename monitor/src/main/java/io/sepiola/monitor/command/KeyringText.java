package io.sepiola.monitor.command;

import io.sepiola.base.Malformed;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.EntityAuth;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads keyrings as {@code auth import} and {@code auth add} take them. */
final class KeyringText {
    private static final int LINES_MAX = 10_000;

    private final Map<AuthName, EntityAuth> entities = new LinkedHashMap<>();
    private String section = "";
    private String key = "";
    private SortedMap<String, String> caps = new TreeMap<>();

    private KeyringText() {}

    /**
     * The entities in their order.
     *
     * @throws Malformed naming the line that does not fit
     */
    static Map<AuthName, EntityAuth> parse(String text) {
        KeyringText reader = new KeyringText();
        String[] lines = text.split("\n", LINES_MAX);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            if (!line.isEmpty() && !line.startsWith("#") && !line.startsWith(";")) {
                reader.line(line, i + 1);
            }
        }
        reader.endSection();
        return reader.entities;
    }

    private void line(String line, int number) {
        if (line.startsWith("[") && line.endsWith("]")) {
            endSection();
            section = line.substring(1, line.length() - 1).strip();
            return;
        }
        int equals = line.indexOf('=');
        if (equals < 0 || section.isEmpty()) {
            throw new Malformed(
                    "line " + number + " of the keyring is neither [NAME] nor KEY = VALUE");
        }
        String name = line.substring(0, equals).strip();
        String value = unquoted(line.substring(equals + 1).strip());
        if (name.equals("key")) {
            key = value;
        } else if (name.startsWith("caps ")) {
            caps.put(name.substring(5).strip(), value);
        } else if (!name.equals("auid")) {
            throw new Malformed("line " + number + " of the keyring: unknown '" + name + "'");
        }
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private void endSection() {
        if (!section.isEmpty()) {
            if (key.isEmpty()) {
                throw new Malformed("[" + section + "] of the keyring has no key");
            }
            entities.put(AuthName.parse(section), new EntityAuth(CryptoKey.parse(key), caps));
        }
        key = "";
        caps = new TreeMap<>();
    }
}
