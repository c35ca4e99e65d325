package io.sepiola.monitor.command;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.EntityAuth;
import io.sepiola.protocol.auth.KeyType;
import io.sepiola.protocol.caps.CapsText;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Keys and caps. */
final class AuthCommands {
    private static final String ENTITY = "entity:CephString";
    private static final String KEY_TYPE = " key_type:CephString:opt";
    private static final String ENTITY_CAPS = "entity:CephString caps:CephString:opt:N" + KEY_TYPE;
    private static final int KEYRING_SIZE_MAX = 1 << 20;

    private AuthCommands() {}

    static List<Row> rows() {
        return List.of(
                row("auth ls", "", "rx", "lists entities, keys and caps", AuthCommands::list),
                row("auth list", "", "rx", "lists entities, keys and caps", AuthCommands::list),
                row("auth get", ENTITY, "rx", "shows an entity's key and caps", AuthCommands::get),
                row("auth get-key", ENTITY, "rx", "shows an entity's key", AuthCommands::getKey),
                row("auth print-key", ENTITY, "rx", "shows an entity's key", AuthCommands::getKey),
                row("auth print_key", ENTITY, "rx", "shows an entity's key", AuthCommands::getKey),
                row(
                        "auth export",
                        "entity:CephString:opt",
                        "rx",
                        "writes a keyring of one entity, or of all",
                        AuthCommands::export),
                row(
                        "auth import",
                        "",
                        "rwx",
                        "takes entities from the keyring given as input",
                        AuthCommands::importKeyring),
                row(
                        "auth add",
                        ENTITY_CAPS,
                        "rwx",
                        "adds an entity, with the key given as input or a new one",
                        AuthCommands::add),
                row(
                        "auth get-or-create",
                        ENTITY_CAPS,
                        "rwx",
                        "shows an entity as a keyring, and makes it where there is none",
                        AuthCommands::getOrCreate),
                row(
                        "auth get-or-create-key",
                        ENTITY_CAPS,
                        "rwx",
                        "shows an entity's key, and makes it where there is none",
                        AuthCommands::getOrCreateKey),
                row(
                        "auth caps",
                        "entity:CephString caps:CephString:N",
                        "rwx",
                        "replaces an entity's caps",
                        AuthCommands::caps),
                row(
                        "auth rotate",
                        ENTITY + KEY_TYPE,
                        "rwx",
                        "gives an entity a new key, and shows it as a keyring",
                        AuthCommands::rotate),
                row("auth rm", ENTITY, "rwx", "removes an entity", AuthCommands::remove),
                row("auth del", ENTITY, "rwx", "removes an entity", AuthCommands::remove));
    }

    private static Row row(
            String prefix, String arguments, String access, String help, Row.Action action) {
        int deprecated = List.of("auth list", "auth del").contains(prefix) ? 4 : 0;
        return Row.of(prefix, arguments, "auth", access, deprecated, help, action);
    }

    private static Reply list(Call call) {
        SortedMap<AuthName, EntityAuth> shown = new TreeMap<>(call.state().auth().entities());
        shown.keySet()
                .removeIf(name -> name.type() == EntityType.MON); // theirs is the keyring file
        if (call.format().isJson()) {
            ObjectNode node = JsonText.object();
            ArrayNode dump = node.putArray("auth_dump");
            shown.forEach((name, auth) -> dump.add(json(name, auth)));
            return call.format().reply(node);
        }
        StringBuilder out = new StringBuilder();
        shown.forEach((name, auth) -> {
            out.append(name).append("\n\tkey: ").append(auth.key().toBase64()).append('\n');
            auth.caps()
                    .forEach((service, caps) ->
                            out.append("\tcaps: [")
                                    .append(service)
                                    .append("] ")
                                    .append(caps)
                                    .append('\n'));
        });
        return Reply.of("installed auth entries:\n", Bytes.utf8(out.toString()));
    }

    private static Reply get(Call call) {
        AuthName name = shownName(call);
        EntityAuth auth = call.state().auth().entities().get(name);
        if (auth == null) {
            throw Refused.missing("failed to find " + name + " in keyring");
        }
        return Reply.of("exported keyring for " + name, shown(call, name, auth, true));
    }

    private static Reply getKey(Call call) {
        AuthName name = shownName(call);
        EntityAuth auth = call.state().auth().entities().get(name);
        if (auth == null) {
            throw Refused.missing("don't have " + name);
        }
        return key(call, auth);
    }

    private static Reply key(Call call, EntityAuth auth) {
        String key = auth.key().toBase64();
        return call.format().reply(() -> key, () -> JsonText.object().put("key", key));
    }

    private static Reply export(Call call) {
        if (call.arguments().has("entity")) {
            return get(call);
        }
        SortedMap<AuthName, EntityAuth> all = new TreeMap<>(call.state().auth().entities());
        all.remove(AuthName.parse("mon.")); // the monitors' own is in their keyring file
        if (call.format().isJson()) {
            ArrayNode node = JsonText.array();
            all.forEach((name, auth) -> node.add(json(name, auth)));
            return Reply.of("exported master keyring", Bytes.utf8(call.format().print(node)));
        }
        StringBuilder out = new StringBuilder();
        all.forEach((name, auth) -> out.append(keyring(name, auth, true)));
        return Reply.of("exported master keyring", Bytes.utf8(out.toString()));
    }

    private static Reply importKeyring(Call call) {
        if (call.input().isEmpty()) {
            throw Refused.invalid("auth import: no data supplied");
        }
        Map<AuthName, EntityAuth> given = readKeyring(call);
        if (given.isEmpty()) {
            throw Refused.invalid("the input holds no keyring; give one with -i");
        }
        for (EntityAuth auth : given.values()) {
            KeyChoice.allowed(call, auth.key().type());
            check(auth.caps());
        }
        given.forEach((name, auth) -> call.draft().propose(new Change.AuthSet(name, auth)));
        return Reply.said("imported keyring");
    }

    private static Map<AuthName, EntityAuth> readKeyring(Call call) {
        if (call.input().size() > KEYRING_SIZE_MAX) {
            throw Refused.invalid("a keyring of " + call.input().size() + " bytes");
        }
        return KeyringText.parse(call.input().toUtf8());
    }

    private static Reply add(Call call) {
        AuthName name = newName(call);
        Map<AuthName, EntityAuth> given = call.input().isEmpty() ? Map.of() : readKeyring(call);
        if (!call.input().isEmpty() && !given.containsKey(name)) {
            throw Refused.invalid("key for " + name + " not found in provided keyring");
        }
        SortedMap<String, String> caps = capsOf(call);
        EntityAuth input = given.get(name);
        if (input != null && !input.caps().isEmpty() && !caps.isEmpty()) {
            throw Refused.invalid("caps cannot be specified both in keyring and in command");
        }
        if (input != null && caps.isEmpty()) {
            caps = input.caps();
        }
        CryptoKey key = input == null ? newKey(call) : input.key();
        KeyChoice.allowed(call, key.type());
        EntityAuth existing = call.state().auth().entities().get(name);
        if (existing != null && (input == null || !existing.key().equals(key))) {
            if (input == null && existing.caps().equals(caps)) {
                return Reply.said("");
            }
            throw Refused.invalid(
                    "entity "
                            + name
                            + " exists but "
                            + (input == null ? "caps do" : "key does")
                            + " not match");
        }
        if (existing != null && existing.caps().equals(caps)) {
            return Reply.said("");
        }
        check(caps);
        call.draft().propose(new Change.AuthSet(name, new EntityAuth(key, caps)));
        return Reply.said("added key for " + name);
    }

    private static Reply getOrCreate(Call call) {
        AuthName name = newName(call);
        return Reply.of("", shown(call, name, created(call, name), false));
    }

    private static Reply getOrCreateKey(Call call) {
        return key(call, created(call, newName(call)));
    }

    private static EntityAuth created(Call call, AuthName name) {
        SortedMap<String, String> caps = capsOf(call);
        CryptoKey key = newKey(call); // a type that cannot be had is refused at all events
        EntityAuth existing = call.state().auth().entities().get(name);
        if (existing == null) {
            check(caps);
            EntityAuth made = new EntityAuth(key, caps);
            call.draft().propose(new Change.AuthSet(name, made));
            return made;
        }
        caps.forEach((service, wanted) -> {
            if (!wanted.equals(existing.caps().get(service))) {
                throw Refused.invalid(
                        "key for " + name + " exists but cap " + service + " does not match");
            }
        });
        return existing;
    }

    private static Reply caps(Call call) {
        AuthName name = name(call);
        EntityAuth existing = call.state().auth().entities().get(name);
        if (existing == null) {
            throw Refused.missing("couldn't find entry " + name);
        }
        SortedMap<String, String> caps = capsOf(call);
        check(caps);
        call.draft().propose(new Change.AuthSet(name, new EntityAuth(existing.key(), caps)));
        return Reply.said("updated caps for " + name);
    }

    private static Reply remove(Call call) {
        AuthName name = name(call);
        if (!call.state().auth().entities().containsKey(name)) {
            return Reply.said("entity " + name + " does not exist");
        }
        if (name.equals(AuthName.parse("client.admin")) && call.who().equals(name)) {
            throw new Refused(
                    Errno.EPERM, "client.admin cannot remove itself: nobody could undo it");
        }
        call.draft().propose(new Change.AuthRemoved(name));
        return Reply.said("updated");
    }

    private static CryptoKey newKey(Call call) {
        KeyType type = KeyChoice.wanted(call, call.arguments().textIfGiven("key_type"));
        return CryptoKey.generate(type, call.facts().random(), call.facts().now());
    }

    /** Sessions that stand are not closed; tickets are renewed until they run out. */
    private static Reply rotate(Call call) {
        AuthName name = name(call);
        EntityAuth existing = call.state().auth().entities().get(name);
        if (existing == null) {
            throw Refused.missing("failed to find " + name + " in keyring");
        }
        EntityAuth rotated = new EntityAuth(newKey(call), existing.caps());
        call.draft().propose(new Change.AuthSet(name, rotated));
        return Reply.of("", shown(call, name, rotated, true));
    }

    /** Of an entity to be shown. */
    private static AuthName shownName(Call call) {
        return name(call, "invalid entity_auth " + shortened(call.arguments().text("entity")));
    }

    /** Of an entity to be changed. */
    private static AuthName name(Call call) {
        return name(call, "bad entity name");
    }

    private static AuthName name(Call call, String otherwise) {
        try {
            return AuthName.parse(call.arguments().text("entity"));
        } catch (Malformed notOne) {
            throw Refused.invalid(otherwise);
        }
    }

    private static AuthName newName(Call call) {
        AuthName name = name(call);
        if (name.type() == EntityType.AUTH || !name.id().matches("[A-Za-z0-9_.:@+-]{1,200}")) {
            throw Refused.invalid("'" + shortened(name.toString()) + "' is no name for an entity");
        }
        return name;
    }

    private static String shortened(String text) {
        return text.length() <= 128 ? text : text.substring(0, 128) + "...";
    }

    private static SortedMap<String, String> capsOf(Call call) {
        List<String> words = call.arguments().texts("caps");
        if (words.size() % 2 != 0) {
            throw Refused.invalid("bad capabilities request; odd number of arguments");
        }
        SortedMap<String, String> caps = new TreeMap<>();
        for (int i = 0; i < words.size(); i += 2) {
            caps.put(words.get(i), words.get(i + 1));
        }
        return caps;
    }

    /**
     * Refuses what does not follow the grammar of its kind.
     *
     * @throws Malformed in Ceph's words
     */
    private static void check(Map<String, String> caps) {
        caps.forEach((service, text) -> CapsText.check(shortened(service), text));
    }

    private static Bytes shown(Call call, AuthName name, EntityAuth auth, boolean withCaps) {
        if (call.format().isJson()) {
            ArrayNode node = JsonText.array();
            node.add(json(name, auth));
            return Bytes.utf8(call.format().print(node));
        }
        return Bytes.utf8(keyring(name, auth, withCaps));
    }

    private static ObjectNode json(AuthName name, EntityAuth auth) {
        ObjectNode node = JsonText.object();
        node.put("entity", name.toString()).put("key", auth.key().toBase64());
        ObjectNode caps = node.putObject("caps");
        auth.caps().forEach(caps::put);
        return node;
    }

    private static String keyring(AuthName name, EntityAuth auth, boolean withCaps) {
        List<String> lines = new ArrayList<>();
        lines.add("[" + name + "]");
        lines.add("\tkey = " + auth.key().toBase64());
        if (withCaps) {
            auth.caps()
                    .forEach((service, caps) ->
                            lines.add("\tcaps " + service + " = \"" + caps + "\""));
        }
        return String.join("\n", lines) + "\n";
    }
}
