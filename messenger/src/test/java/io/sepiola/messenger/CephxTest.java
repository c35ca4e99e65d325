package io.sepiola.messenger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.base.Clock;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.KeyType;
import io.sepiola.protocol.auth.KeyUse;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Logins, tickets, and what is refused. */
class CephxTest {
    private static final class Time implements Clock {
        private Instant now = Instant.parse("2030-01-01T00:00:00Z");

        @Override
        public long nanos() {
            return 0;
        }

        @Override
        public Instant now() {
            return now;
        }
    }

    private final Time time = new Time();
    private final SplittableRandom random = new SplittableRandom(1);
    private final FixedKeys keys = new FixedKeys(time, random, Duration.ofHours(72));
    private final CephxMonitorAuth monitor = new CephxMonitorAuth(keys, time, random);
    private final CephxServiceAuth osd =
            new CephxServiceAuth(
                    EntityType.OSD,
                    () -> keys.rotating(EntityType.OSD).orElseThrow(),
                    time,
                    random);

    private CephxClient client(String name, CryptoKey key) {
        return new CephxClient(
                AuthName.parse(name), key, CephxClient.CLIENT_SERVICES, time, random);
    }

    private static ServerAuth.Reply converse(ClientAuth.Login login, ServerAuth.Login server) {
        ServerAuth.Reply reply = server.on(login.request(), ConnectionMode.SECURE);
        while (reply instanceof ServerAuth.Reply.More more) {
            reply = server.on(login.more(more.payload()), ConnectionMode.SECURE);
        }
        return reply;
    }

    private Identity login(CephxClient client) {
        ClientAuth.Login login = client.begin(EntityType.MON);
        ServerAuth.Reply reply = converse(login, monitor.begin(EntityType.CLIENT));
        assertThat(reply).isInstanceOf(ServerAuth.Reply.Done.class);
        ServerAuth.Reply.Done done = (ServerAuth.Reply.Done) reply;
        AuthSession session =
                login.done(done.identity().globalId(), ConnectionMode.SECURE, done.payload());
        assertThat(session).isEqualTo(done.session());
        return done.identity();
    }

    private static void assertDenied(ServerAuth.Reply reply, String reason) {
        assertThat(reply).isInstanceOf(ServerAuth.Reply.Denied.class);
        ServerAuth.Reply.Denied denied = (ServerAuth.Reply.Denied) reply;
        assertThat(denied.result()).isEqualTo(-13);
        assertThat(denied.reason()).contains(reason);
    }

    /** The monitor's clock is an hour behind when it makes the ticket. */
    @Test
    void aTicketThatWasRefusedIsDueAndKeptUntilThereIsAnother() {
        Time behind = new Time();
        behind.now = time.now.minus(Duration.ofHours(1));
        CephxMonitorAuth monitor = new CephxMonitorAuth(keys, behind, random);
        CephxClient client = client("osd.0", keys.add("osd.0"));
        ClientAuth.Login login = client.begin(EntityType.MON);
        ServerAuth.Reply.Done done =
                (ServerAuth.Reply.Done) converse(login, monitor.begin(EntityType.OSD));
        login.done(done.identity().globalId(), ConnectionMode.SECURE, done.payload());
        assertThat(client.due()).isEmpty();
        assertDenied(converse(client.begin(EntityType.OSD), osd.begin(EntityType.OSD)), "expired");

        client.doubt(EntityType.OSD);
        assertThat(client.due()).containsExactly(EntityType.OSD);
        assertThat(client.hasTicket(EntityType.OSD)).isTrue();
        behind.now = time.now;
        CephxMonitorAuth.Answer answer =
                monitor.answer(done.identity(), client.renewal(client.due()));
        client.onReply(answer.result(), answer.payload());
        assertThat(client.due()).isEmpty();
        assertThat(converse(client.begin(EntityType.OSD), osd.begin(EntityType.OSD)))
                .isInstanceOf(ServerAuth.Reply.Done.class);
    }

    @Test
    void aMonitorMakesItsOwnTickets() {
        ClientAuth dialler = monitor.dialler(AuthName.parse("mon.a"));
        ClientAuth.Login login = dialler.begin(EntityType.OSD);
        ServerAuth.Reply reply = converse(login, osd.begin(EntityType.MON));
        assertThat(reply).isInstanceOf(ServerAuth.Reply.Done.class);
        ServerAuth.Reply.Done done = (ServerAuth.Reply.Done) reply;
        assertThat(done.identity().name()).isEqualTo(AuthName.parse("mon.a"));
        assertThat(done.identity().allowAll()).isTrue();
        assertThat(login.done(0, ConnectionMode.SECURE, done.payload())).isEqualTo(done.session());
        assertDenied(converse(dialler.begin(EntityType.MGR), osd.begin(EntityType.MON)), "mgr");
    }

    @Test
    void aLoginGivesTicketsThatServicesTake() {
        CephxClient client = client("client.admin", keys.add("client.admin"));
        Identity atMonitor = login(client);
        assertThat(client.globalId()).isEqualTo(atMonitor.globalId());
        assertThat(client.due()).isEmpty();
        ClientAuth.Login login = client.begin(EntityType.OSD);
        ServerAuth.Reply reply = converse(login, osd.begin(EntityType.CLIENT));
        ServerAuth.Reply.Done done = (ServerAuth.Reply.Done) reply;
        assertThat(done.identity().name()).isEqualTo(client.name());
        assertThat(done.identity().globalId()).isEqualTo(client.globalId());
        assertThat(new io.sepiola.base.Decoder(done.identity().caps()).string())
                .isEqualTo("allow *");
        assertThat(login.done(client.globalId(), ConnectionMode.SECURE, done.payload()))
                .isEqualTo(done.session());
    }

    @Test
    void aWrongKeyAndAnUnknownNameAreRefusedAlike() {
        keys.add("client.admin");
        CryptoKey wrong = CryptoKey.generate(KeyType.AES, random, time.now());
        for (String name : new String[] {"client.admin", "client.nobody"}) {
            ClientAuth.Login login = client(name, wrong).begin(EntityType.MON);
            assertDenied(converse(login, monitor.begin(EntityType.CLIENT)), name);
        }
    }

    @Tag("X3")
    @Test
    void aGlobalIdIsKeptOnlyWithItsTicket() {
        CryptoKey key = keys.add("client.admin");
        CephxClient client = client("client.admin", key);
        long first = login(client).globalId();
        assertThat(login(client).globalId()).isEqualTo(first);

        // The same secret and the same claim, but no ticket.
        ServerAuth.Login server = monitor.begin(EntityType.CLIENT);
        ServerAuth.Reply.More more =
                (ServerAuth.Reply.More) server.on(claim("client.admin", first), ConnectionMode.CRC);
        Bytes proof = client("client.admin", key).begin(EntityType.MON).more(more.payload());
        assertDenied(server.on(proof, ConnectionMode.CRC), "without a valid ticket");

        // Somebody else's ticket does not help.
        CephxClient other = client("client.other", keys.add("client.other"));
        login(other);
        ServerAuth.Login again = monitor.begin(EntityType.CLIENT);
        ServerAuth.Reply.More challenge =
                (ServerAuth.Reply.More) again.on(claim("client.other", first), ConnectionMode.CRC);
        Bytes otherProof = other.begin(EntityType.MON).more(challenge.payload());
        assertDenied(again.on(otherProof, ConnectionMode.CRC), "without a valid ticket");
    }

    @Tag("X3")
    @Test
    void aLoginAfterItsTicketHasExpiredBeginsAnew() {
        CephxClient client = client("osd.3", keys.add("osd.3"));
        long first = login(client).globalId();
        time.now = time.now.plus(Duration.ofHours(73));
        assertThat(login(client).globalId()).isNotEqualTo(first);
        assertThat(client.loginDue()).isFalse();
    }

    private static Bytes claim(String name, long globalId) {
        io.sepiola.base.Encoder out = new io.sepiola.base.Encoder().u8(10);
        AuthName.CODEC.encode(AuthName.parse(name), out);
        return out.u64(globalId).toBytes();
    }

    @Test
    void ticketsAreRenewedInTime() {
        CephxClient client = client("client.admin", keys.add("client.admin"));
        Identity who = login(client);
        time.now = time.now.plus(Duration.ofMinutes(50));
        assertThat(client.due()).isEqualTo(CephxClient.CLIENT_SERVICES);
        assertThat(client.loginDue()).isFalse();
        CephxMonitorAuth.Answer answer = monitor.answer(who, client.renewal(client.due()));
        assertThat(answer.result()).isZero();
        client.onReply(answer.result(), answer.payload());
        assertThat(client.due()).isEmpty();
        time.now = time.now.plus(Duration.ofMinutes(30));
        assertThat(converse(client.begin(EntityType.OSD), osd.begin(EntityType.CLIENT)))
                .isInstanceOf(ServerAuth.Reply.Done.class);
        time.now = time.now.plus(Duration.ofHours(60));
        assertThat(client.loginDue()).isTrue();
    }

    @Test
    void ticketsAreNotRenewedForAnother() {
        CephxClient client = client("client.admin", keys.add("client.admin"));
        CephxClient other = client("client.other", keys.add("client.other"));
        login(client);
        Identity who = login(other);
        CephxMonitorAuth.Answer answer =
                monitor.answer(who, client.renewal(Set.of(EntityType.OSD)));
        assertThat(answer.result()).isEqualTo(-13);
        assertThat(monitor.answer(who, Bytes.hex("0002ff")).result()).isEqualTo(-13);
        assertThat(monitor.answer(who, Bytes.hex("0009")).result()).isEqualTo(-22);
    }

    @Test
    void onlyServicesGetRotatingSecrets() {
        CephxClient daemon = client("osd.3", keys.add("osd.3"));
        Identity who = login(daemon);
        CephxMonitorAuth.Answer answer = monitor.answer(who, daemon.rotatingRequest());
        daemon.onReply(answer.result(), answer.payload());
        assertThat(daemon.rotating()).isEqualTo(keys.rotating(EntityType.OSD).orElseThrow());
        CephxClient client = client("client.admin", keys.add("client.admin"));
        CephxMonitorAuth.Answer refused = monitor.answer(login(client), client.rotatingRequest());
        assertThatThrownBy(() -> client.onReply(refused.result(), refused.payload()))
                .isInstanceOf(AuthException.class);
    }

    @Test
    void anExpiredTicketIsRefused() {
        CephxClient client = client("client.admin", keys.add("client.admin"));
        login(client);
        ClientAuth.Login login = client.begin(EntityType.OSD);
        time.now = time.now.plus(Duration.ofMinutes(61));
        assertDenied(converse(login, osd.begin(EntityType.CLIENT)), "expired");
        assertThatThrownBy(() -> client.begin(EntityType.OSD)).isInstanceOf(AuthException.class);
    }

    @Tag("X4")
    @Test
    void anyFlippedBitOfAnAuthorizerIsRefused() {
        CephxClient client = client("client.admin", keys.add("client.admin"));
        login(client);
        byte[] good = client.begin(EntityType.OSD).request().toArray();
        for (int bit = 0; bit < 8 * good.length; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            ServerAuth.Login server = osd.begin(EntityType.CLIENT);
            ServerAuth.Reply reply = server.on(Bytes.of(bad), ConnectionMode.CRC);
            if (reply instanceof ServerAuth.Reply.More) {
                // CBC lets bits of the nonce through; without the session key that leads nowhere.
                assertDenied(server.on(Bytes.of(bad), ConnectionMode.CRC), "challenge");
            } else {
                assertThat(reply).isInstanceOf(ServerAuth.Reply.Denied.class);
            }
        }
    }

    @Tag("X1")
    @Test
    void aRecordedAuthorizerIsWorthNothing() {
        CephxClient client = client("client.admin", keys.add("client.admin"));
        login(client);
        ClientAuth.Login login = client.begin(EntityType.OSD);
        ServerAuth.Login first = osd.begin(EntityType.CLIENT);
        Bytes request = login.request();
        ServerAuth.Reply.More more = (ServerAuth.Reply.More) first.on(request, ConnectionMode.CRC);
        Bytes answer = login.more(more.payload());
        assertThat(first.on(answer, ConnectionMode.CRC)).isInstanceOf(ServerAuth.Reply.Done.class);
        ServerAuth.Login second = osd.begin(EntityType.CLIENT);
        second.on(request, ConnectionMode.CRC);
        assertDenied(second.on(answer, ConnectionMode.CRC), "challenge");
        ServerAuth.Login third = osd.begin(EntityType.CLIENT);
        assertThat(third.on(answer, ConnectionMode.CRC)).isInstanceOf(ServerAuth.Reply.More.class);
        assertDenied(third.on(answer, ConnectionMode.CRC), "challenge");
    }

    /** Each connection has a key of its own, and each direction a nonce: no pair comes again. */
    @Tag("X5")
    @Test
    void noKeyAndNonceComeTwice() {
        CephxClient client = client("client.admin", keys.add("client.admin"));
        login(client);
        Set<Bytes> seen = new HashSet<>();
        for (int connection = 0; connection < 100_000; connection++) {
            ServerAuth.Reply.Done done =
                    (ServerAuth.Reply.Done)
                            converse(client.begin(EntityType.OSD), osd.begin(EntityType.CLIENT));
            Bytes secret = done.session().connectionSecret();
            Bytes key = secret.slice(0, 16);
            for (int nonce : new int[] {16, 28}) {
                assertThat(seen.add(Bytes.concat(List.of(key, secret.slice(nonce, 12))))).isTrue();
            }
        }
    }

    @Test
    void aTicketForAnotherServiceIsRefused() {
        CephxClient client = client("client.admin", keys.add("client.admin"));
        login(client);
        assertDenied(
                converse(client.begin(EntityType.MGR), osd.begin(EntityType.CLIENT)), "not for us");
    }

    @Test
    void aPeerWithoutTheKeyIsNotBelieved() {
        CephxClient client = client("client.admin", keys.add("client.admin"));
        login(client);
        ClientAuth.Login login = client.begin(EntityType.OSD);
        login.request();
        CryptoKey other = CryptoKey.generate(KeyType.AES, random, time.now());
        Bytes challenge = other.seal(KeyUse.CHALLENGE, random, out -> out.u8(1).u64(7));
        assertThatThrownBy(() -> login.more(challenge)).isInstanceOf(Malformed.class);
    }

    @Test
    void whatTheEndsShareIsNeverShown() {
        CryptoKey key = CryptoKey.generate(KeyType.AES, random, time.now());
        AuthSession session =
                new AuthSession(
                        key, CephxServiceAuth.connectionSecret(ConnectionMode.SECURE, random));
        assertThat(session.toString())
                .doesNotContain(key.secret().toHex())
                .doesNotContain(session.connectionSecret().slice(0, 16).toHex());
    }
}
