package io.sepiola.monitor;

import io.sepiola.base.Malformed;
import io.sepiola.messenger.Connection;
import io.sepiola.messenger.Identity;
import io.sepiola.monitor.state.OsdMaps;
import io.sepiola.monitor.text.AddrText;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.caps.MonCaps;
import io.sepiola.protocol.dump.Texts;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** What the monitor knows of one connection. Owned by the monitor's shard. */
class Session {
    /**
     * A standing wish for a map.
     *
     * @param next the first version wanted
     * @param once whether one is enough
     */
    record Wish(long next, boolean once) {}

    final Identity identity;
    private final EntityName peer;
    private final EntityAddrVec addrs;
    private final EntityAddr seenAt;
    private final Consumer<Message> out;

    /** By the name of the map. */
    final SortedMap<String, Wish> wishes = new TreeMap<>();

    /** Of an OSD: groups that it was told to make. */
    final Set<PgId> toldToCreate = new TreeSet<>();

    /** Of an OSD: the newest OSD map it was sent; -1 when it gets none unasked. */
    int osdMapSent = -1;

    private String capsText = "";
    private MonCaps caps = MonCaps.NONE; // read from that text

    /** Where it runs, as it says with its wishes; empty before. */
    String host = "";

    /** The options last sent. */
    @Nullable SortedMap<String, String> configSent;

    Session(Connection connection, Identity identity) {
        this(
                identity,
                connection.peerName(),
                connection.peerAddrs(),
                connection.peerSeenAt(),
                connection::send);
    }

    Session(
            Identity identity,
            EntityName peer,
            EntityAddrVec addrs,
            EntityAddr seenAt,
            Consumer<Message> out) {
        this.identity = identity;
        this.peer = peer;
        this.addrs = addrs;
        this.seenAt = seenAt;
        this.out = out;
    }

    /** Sends, in order; lost when the client goes. */
    final void send(Message message) {
        out.accept(message);
    }

    /** Sends the OSD maps from that epoch on. */
    void sendMaps(OsdMaps maps, int first) {
        OsdMapSender.sendFrom(out, maps, first);
    }

    /** Where the client can be reached, by its own word. */
    EntityAddrVec addrs() {
        return addrs;
    }

    /** Who it is and where, in Ceph's words; what has no number is {@code client.?}. */
    String source() {
        return peer + " " + addrs.addrs().stream().findFirst().map(Texts::addr).orElse("-");
    }

    AuthName name() {
        return identity.name();
    }

    EntityType type() {
        return identity.name().type();
    }

    /** The number of an OSD, or -1. */
    int osd() {
        String id = identity.name().id();
        return type() == EntityType.OSD && id.matches("[0-9]{1,9}") ? Integer.parseInt(id) : -1;
    }

    /** As {@code sessions} shows it. */
    ObjectNode json(MonitorKeys keys) {
        String text =
                keys.entity(name()).map(auth -> auth.caps().getOrDefault("mon", "")).orElse("");
        boolean isOsd = osd() >= 0;
        ObjectNode node = JsonText.object();
        node.put("name", type().label() + "." + (isOsd ? osd() : identity.globalId()));
        node.put("entity_name", name().toString());
        node.set("addrs", AddrText.json(addrs));
        node.set("socket_addr", AddrText.json(EntityAddrVec.of(seenAt)).path("addrvec").path(0));
        node.put("con_type", type().label());
        node.put("con_features", MonitorFacts.FEATURES);
        node.put("con_features_hex", Long.toHexString(MonitorFacts.FEATURES));
        node.put("con_features_release", "luminous");
        node.put("open", true);
        node.putObject("caps").put("text", text);
        node.put("authenticated", true);
        node.put("global_id", identity.globalId());
        node.put("global_id_status", "new_ok");
        node.put("osd_epoch", Math.max(0, osdMapSent));
        node.put("remote_host", "");
        return node;
    }

    /** Looked up each time: they may have been changed since the login. */
    MonCaps caps(MonitorKeys keys) {
        String text =
                keys.entity(name()).map(auth -> auth.caps().getOrDefault("mon", "")).orElse("");
        if (!text.equals(capsText)) {
            capsText = text;
            caps = text.isEmpty() ? MonCaps.NONE : parsed(text);
        }
        return caps;
    }

    private MonCaps parsed(String text) {
        try {
            return MonCaps.parse(text).heldBy(name(), seenAt);
        } catch (Malformed refused) {
            return MonCaps.NONE;
        }
    }

    @Override
    public String toString() {
        return name() + " at " + seenAt;
    }
}
