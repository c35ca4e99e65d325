package io.sepiola.cluster.cli;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.client.Rados;
import io.sepiola.client.Rados.CommandReply;
import io.sepiola.protocol.PgId;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Who gets a command. */
sealed interface CommandTarget {
    /** Sends a command with these members of its JSON. */
    CompletableFuture<CommandReply> send(Rados rados, Map<String, Object> members, Bytes input);

    /** As messages name it: {@code osd.3}. */
    String shown();

    /** The quorum, and through its descriptions' flag the manager. */
    record Cluster() implements CommandTarget {
        @Override
        public CompletableFuture<CommandReply> send(
                Rados rados, Map<String, Object> members, Bytes input) {
            String json = JsonText.write(members);
            return members.containsKey("target")
                    ? rados.managerCommand(json, input)
                    : rados.monitorCommand(json, input);
        }

        @Override
        public String shown() {
            return "mon.";
        }
    }

    /** One monitor. */
    record Monitor(String name) implements CommandTarget {
        @Override
        public CompletableFuture<CommandReply> send(
                Rados rados, Map<String, Object> members, Bytes input) {
            return rados.monitorTell(name, JsonText.write(members), input);
        }

        @Override
        public String shown() {
            return "mon." + name;
        }
    }

    /** One OSD. */
    record Osd(int id) implements CommandTarget {
        @Override
        public CompletableFuture<CommandReply> send(
                Rados rados, Map<String, Object> members, Bytes input) {
            return rados.osdCommand(id, JsonText.write(members), input);
        }

        @Override
        public String shown() {
            return "osd." + id;
        }
    }

    /** The active manager. */
    record Manager(String name) implements CommandTarget {
        @Override
        public CompletableFuture<CommandReply> send(
                Rados rados, Map<String, Object> members, Bytes input) {
            return rados.managerTell(JsonText.write(members), input);
        }

        @Override
        public String shown() {
            return name.isEmpty() ? "mgr" : "mgr." + name;
        }
    }

    /** The primary of a placement group. */
    record Group(PgId pg) implements CommandTarget {
        @Override
        public CompletableFuture<CommandReply> send(
                Rados rados, Map<String, Object> members, Bytes input) {
            Map<String, Object> all = new LinkedHashMap<>(members);
            all.put("pgid", pg.toString());
            return rados.pgCommand(pg, JsonText.write(all), input);
        }

        @Override
        public String shown() {
            return "pg." + pg;
        }
    }

    /** All daemons of a type, to be resolved to those that exist. */
    record All(String type) implements CommandTarget {
        @Override
        public CompletableFuture<CommandReply> send(
                Rados rados, Map<String, Object> members, Bytes input) {
            throw new IllegalStateException("not resolved");
        }

        @Override
        public String shown() {
            return type + ".*";
        }
    }

    /**
     * Whom a command line is for.
     *
     * @throws Malformed when it tells something to nobody
     */
    static CommandTarget of(List<String> words) {
        if (words.size() >= 2 && words.getFirst().equals("tell")) {
            return told(words.get(1));
        }
        if (words.size() >= 2 && words.getFirst().equals("pg") && isGroup(words.get(1))) {
            return new Group(PgId.parse(words.get(1)));
        }
        return new Cluster();
    }

    private static CommandTarget told(String name) {
        if (isGroup(name)) {
            return new Group(PgId.parse(name));
        }
        if (name.equals("mgr")) {
            return new Manager("");
        }
        int dot = name.indexOf('.');
        if (dot < 0) {
            throw new Malformed("CephName: no . in " + name);
        }
        String type = name.substring(0, dot);
        String id = name.substring(dot + 1);
        if (id.equals("*") && (type.equals("osd") || type.equals("mon"))) {
            return new All(type);
        }
        return switch (type) {
            case "osd" -> new Osd(osdId(id));
            case "mon" -> new Monitor(id);
            case "mgr" -> new Manager(id);
            default -> throw new Malformed("nothing can be told to " + name);
        };
    }

    private static int osdId(String id) {
        try {
            return Integer.parseInt(id);
        } catch (NumberFormatException notNumber) {
            throw new Malformed("osd id " + id + " not integer", notNumber);
        }
    }

    private static boolean isGroup(String word) {
        try {
            return PgId.parse(word).pool() >= 0;
        } catch (Malformed notGroup) {
            return false;
        }
    }
}
