package io.sepiola.protocol.dump;

import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.auth.AuthCaps;
import io.sepiola.protocol.auth.AuthTicket;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.EntityAuth;
import io.sepiola.protocol.auth.ExpiringKey;
import io.sepiola.protocol.auth.RotatingSecrets;
import io.sepiola.protocol.auth.ServiceTicket;
import io.sepiola.protocol.auth.ServiceTicketInfo;
import io.sepiola.protocol.auth.TicketBlob;

/**
 * Keys and tickets. Secrets and sealed bytes are shown by their sizes alone: what is dumped ends up
 * in bug reports.
 */
final class AuthDump {
    private AuthDump() {}

    static void name(AuthName name, JsonDump out) {
        out.put("type", name.type().code()).put("id", name.id());
    }

    static void key(CryptoKey key, JsonDump out) {
        out.put("type", key.type().code()).put("created", Texts.stamp(key.created()));
        out.put("secret.length", key.secret().size());
    }

    private static void key(String name, CryptoKey key, JsonDump out) {
        out.object(name, () -> key(key, out));
    }

    static void expiring(ExpiringKey expiring, JsonDump out) {
        key("key", expiring.key(), out);
        out.put("expiration", Texts.stamp(expiring.expires()));
    }

    static void rotating(RotatingSecrets rotating, JsonDump out) {
        out.array(
                "secrets",
                () ->
                        rotating.secrets()
                                .forEach((id, secret) ->
                                        out.object(() -> {
                                            out.unsigned("id", id);
                                            expiring(secret, out);
                                        })));
        out.unsigned("max_ver", rotating.newest());
    }

    static void caps(AuthCaps caps, JsonDump out) {
        out.put("allow_all", caps.allowAll()).put("caps", caps.text());
    }

    static void entity(EntityAuth entity, JsonDump out) {
        key("key", entity.key(), out);
        out.object("caps", () -> entity.caps().forEach(out::put));
    }

    static void ticket(AuthTicket ticket, JsonDump out) {
        out.object("name", () -> name(ticket.name(), out));
        out.unsigned("global_id", ticket.globalId());
        out.put("created", Texts.stamp(ticket.created()));
        out.put("expires", Texts.stamp(ticket.expires()));
        out.object("caps", () -> caps(ticket.caps(), out));
        out.unsigned("flags", ticket.flags());
    }

    static void service(ServiceTicket ticket, JsonDump out) {
        key("session_key", ticket.sessionKey(), out);
        out.put("validity", Texts.stamp(ticket.validity()));
    }

    static void inside(ServiceTicketInfo info, JsonDump out) {
        out.object("ticket", () -> ticket(info.ticket(), out));
        key("session_key", info.sessionKey(), out);
    }

    static void sealed(TicketBlob blob, JsonDump out) {
        out.unsigned("secret_id", blob.secretId()).put("blob_len", blob.sealed().size());
    }
}
