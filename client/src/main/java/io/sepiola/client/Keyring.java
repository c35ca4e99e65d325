package io.sepiola.client;

import io.sepiola.base.Malformed;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.auth.CryptoKey;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Keys and capabilities of entities, in the format of Ceph's keyring files: a section per entity
 * with {@code key = BASE64} and lines {@code caps SERVICE = "..."}. Immutable.
 */
public final class Keyring {
    private final SortedMap<AuthName, Entry> entries;

    /**
     * One entity.
     *
     * @param key base64 of Ceph's CryptoKey
     * @param caps by service, as written
     */
    public record Entry(String key, SortedMap<String, String> caps) {
        /** Copies the map. */
        public Entry {
            caps = Collections.unmodifiableSortedMap(new TreeMap<>(caps));
        }

        /**
         * The key itself.
         *
         * @throws Malformed when the text is no key of a kind that Ceph makes
         */
        public CryptoKey cryptoKey() {
            return CryptoKey.parse(key);
        }

        /** Never the key. */
        @Override
        public String toString() {
            return "Entry[caps=" + caps + "]";
        }
    }

    private Keyring(SortedMap<AuthName, Entry> entries) {
        this.entries = Collections.unmodifiableSortedMap(entries);
    }

    /** A keyring of these entries. */
    public static Keyring of(Map<AuthName, Entry> entries) {
        return new Keyring(new TreeMap<>(entries));
    }

    /** A keyring of one entity without capabilities. */
    public static Keyring of(AuthName name, String key) {
        return of(Map.of(name, new Entry(key, new TreeMap<>())));
    }

    /**
     * Reads the text of a keyring file.
     *
     * @throws Malformed when it is none
     */
    public static Keyring parse(String text) {
        Map<String, Map<String, String>> sections = CephConf.IniText.parse(text);
        SortedMap<AuthName, Entry> entries = new TreeMap<>();
        sections.forEach((title, settings) -> {
            if (title.equals("global") && settings.isEmpty()) {
                return; // what comes before the first section
            }
            String key = settings.get("key");
            if (key == null) {
                throw new Malformed("the keyring's section [" + title + "] has no key");
            }
            CryptoKey.parse(key);
            SortedMap<String, String> caps = new TreeMap<>();
            settings.forEach((setting, value) -> {
                if (setting.startsWith("caps_")) {
                    caps.put(setting.substring("caps_".length()), value);
                }
            });
            entries.put(AuthName.parse(title), new Entry(key, caps));
        });
        return new Keyring(entries);
    }

    /**
     * Reads a keyring file.
     *
     * @throws RadosException when it cannot be read
     * @throws Malformed when it is none
     */
    public static Keyring load(Path file) {
        try {
            return parse(Files.readString(file, StandardCharsets.UTF_8));
        } catch (Malformed malformed) {
            throw new Malformed(file + ": " + malformed.getMessage(), malformed);
        } catch (IOException unreadable) {
            throw new RadosException(
                    Errno.ENOENT, "cannot read the keyring " + file + ": " + unreadable);
        }
    }

    /**
     * Finds the key of the configuration's entity: its {@code key}, its {@code keyfile}, or the
     * first of its {@code keyring} files that exists.
     *
     * @throws RadosException when there is none, naming where it was looked for
     */
    public static Keyring find(CephConf conf) {
        Optional<String> key = conf.get("key");
        if (key.isPresent()) {
            CryptoKey.parse(key.get());
            return of(conf.name(), key.get());
        }
        Optional<String> keyfile = conf.get("keyfile");
        if (keyfile.isPresent()) {
            try {
                String text = Files.readString(Path.of(keyfile.get())).strip();
                CryptoKey.parse(text);
                return of(conf.name(), text);
            } catch (IOException unreadable) {
                throw new RadosException(
                        Errno.ENOENT,
                        "cannot read the keyfile " + keyfile.get() + ": " + unreadable);
            }
        }
        String paths =
                conf.get(
                        "keyring",
                        "/etc/ceph/$cluster.$name.keyring,/etc/ceph/$cluster.keyring,"
                                + "/etc/ceph/keyring,/etc/ceph/keyring.bin");
        for (String path : paths.split("[,; ]+")) {
            if (!path.isEmpty() && Files.exists(Path.of(path))) {
                Keyring keyring = load(Path.of(path));
                if (keyring.get(conf.name()).isEmpty()) {
                    throw new RadosException(
                            Errno.ENOENT,
                            path
                                    + " holds no key of "
                                    + conf.name()
                                    + "; it has "
                                    + keyring.entries.keySet());
                }
                return keyring;
            }
        }
        throw new RadosException(
                Errno.ENOENT,
                "no keyring of " + conf.name() + " found at " + paths + "; give one with -k FILE");
    }

    /** All entries, by name. */
    public SortedMap<AuthName, Entry> entries() {
        return entries;
    }

    /** One entity's entry. */
    public Optional<Entry> get(AuthName name) {
        return Optional.ofNullable(entries.get(name));
    }

    /**
     * One entity's key.
     *
     * @throws RadosException when it has none here
     */
    public CryptoKey cryptoKey(AuthName name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new RadosException(
                    Errno.ENOENT,
                    "the keyring has no key of " + name + ", only of " + entries.keySet());
        }
        return entry.cryptoKey();
    }

    /** The same with one entry more, or another in its place. */
    public Keyring with(AuthName name, Entry entry) {
        Map<AuthName, Entry> more = new LinkedHashMap<>(entries);
        more.put(name, entry);
        return of(more);
    }

    /** The text of a keyring file, as Ceph writes it. */
    public String toText() {
        StringBuilder out = new StringBuilder();
        entries.forEach((name, entry) -> {
            out.append('[').append(name).append("]\n\tkey = ").append(entry.key).append('\n');
            entry.caps.forEach((service, caps) ->
                    out.append("\tcaps ")
                            .append(service)
                            .append(" = \"")
                            .append(caps.replace("\\", "\\\\").replace("\"", "\\\""))
                            .append("\"\n"));
        });
        return out.toString();
    }

    /** Never the keys. */
    @Override
    public String toString() {
        return "keyring of " + entries.keySet();
    }
}
