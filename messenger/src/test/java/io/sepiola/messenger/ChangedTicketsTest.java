package io.sepiola.messenger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.base.Clock;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.KeyType;
import io.sepiola.protocol.auth.KeyUse;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;

/** Logins with keys of either type, and tickets and authorizers that were changed on the way. */
class ChangedTicketsTest {
    private static final class Stopped implements Clock {
        @Override
        public long nanos() {
            return 0;
        }

        @Override
        public Instant now() {
            return Instant.parse("2030-01-01T00:00:00Z");
        }
    }

    private final Stopped time = new Stopped();
    private final SplittableRandom random = new SplittableRandom(1);

    /** Monitors and an OSD whose rotating secrets are of one type. */
    private final class Cluster {
        private final FixedKeys keys;
        private final CephxMonitorAuth monitor;
        private final CephxServiceAuth osd;

        Cluster(KeyType services) {
            keys = new FixedKeys(time, random, Duration.ofHours(72), services);
            monitor = new CephxMonitorAuth(keys, time, random);
            osd =
                    new CephxServiceAuth(
                            EntityType.OSD,
                            () -> keys.rotating(EntityType.OSD).orElseThrow(),
                            time,
                            random);
        }

        /** Somebody who does not ask for tickets with the login. */
        CephxClient client(String name, KeyType type) {
            CryptoKey key = keys.add(name, CryptoKey.generate(type, random, time.now()));
            return new CephxClient(
                    AuthName.parse(name), key, EnumSet.noneOf(EntityType.class), time, random);
        }

        ServerAuth.Reply.Done login(CephxClient client) {
            ClientAuth.Login login = client.begin(EntityType.MON);
            ServerAuth.Reply reply = converse(login, monitor.begin(EntityType.CLIENT));
            assertThat(reply).isInstanceOf(ServerAuth.Reply.Done.class);
            ServerAuth.Reply.Done done = (ServerAuth.Reply.Done) reply;
            AuthSession session =
                    login.done(done.identity().globalId(), ConnectionMode.SECURE, done.payload());
            assertThat(session).isEqualTo(done.session());
            return done;
        }

        CephxMonitorAuth.Answer ticket(CephxClient client, Identity who) {
            return monitor.answer(who, client.renewal(Set.of(EntityType.OSD)));
        }

        /** With a login and a ticket for the OSD. */
        CephxClient ready(String name, KeyType type) {
            CephxClient client = client(name, type);
            CephxMonitorAuth.Answer answer = ticket(client, login(client).identity());
            client.onReply(answer.result(), answer.payload());
            return client;
        }
    }

    private static ServerAuth.Reply converse(ClientAuth.Login login, ServerAuth.Login server) {
        ServerAuth.Reply reply = server.on(login.request(), ConnectionMode.SECURE);
        while (reply instanceof ServerAuth.Reply.More more) {
            reply = server.on(login.more(more.payload()), ConnectionMode.SECURE);
        }
        return reply;
    }

    private static Bytes flipped(Bytes good, int bit) {
        byte[] bad = good.toArray();
        bad[bit / 8] ^= (byte) (1 << bit % 8);
        return Bytes.of(bad);
    }

    /** A session with the monitors has a key of the client's type, one with an OSD the weaker. */
    @ParameterizedTest
    @CsvSource({
        "AES, AES, AES",
        "AES, AES256K, AES",
        "AES256K, AES, AES",
        "AES256K, AES256K, AES256K",
    })
    void bothTypesLogInEverywhere(KeyType client, KeyType services, KeyType session) {
        Cluster cluster = new Cluster(services);
        CephxClient who = cluster.client("client.admin", client);
        ServerAuth.Reply.Done atMonitor = cluster.login(who);
        assertThat(atMonitor.session().key().type()).isEqualTo(client);
        CephxMonitorAuth.Answer answer = cluster.ticket(who, atMonitor.identity());
        who.onReply(answer.result(), answer.payload());
        ClientAuth.Login login = who.begin(EntityType.OSD);
        ServerAuth.Reply.Done atOsd =
                (ServerAuth.Reply.Done) converse(login, cluster.osd.begin(EntityType.CLIENT));
        assertThat(login.done(who.globalId(), ConnectionMode.SECURE, atOsd.payload()))
                .isEqualTo(atOsd.session());
        assertThat(atOsd.session().key().type()).isEqualTo(session);
        assertThat(cluster.login(who).identity().globalId())
                .as("the ticket of the login before is wrapped")
                .isEqualTo(atMonitor.identity().globalId());
    }

    @ParameterizedTest
    @EnumSource(names = {"AES", "AES256K"})
    void daemonsGetRotatingSecretsUnderAKeyOfEitherType(KeyType type) {
        Cluster cluster = new Cluster(KeyType.AES256K);
        CephxClient daemon = cluster.client("osd.3", type);
        CephxMonitorAuth.Answer answer =
                cluster.monitor.answer(cluster.login(daemon).identity(), daemon.rotatingRequest());
        daemon.onReply(answer.result(), answer.payload());
        assertThat(daemon.rotating())
                .isEqualTo(cluster.keys.rotating(EntityType.OSD).orElseThrow());
    }

    /** Not even a challenge is given for one. */
    @Tag("X4")
    @Test
    void anyFlippedBitOfAnAuthorizerIsRefused() {
        Cluster cluster = new Cluster(KeyType.AES256K);
        Bytes good = cluster.ready("client.admin", KeyType.AES256K).begin(EntityType.OSD).request();
        assertThat(cluster.osd.begin(EntityType.CLIENT).on(good, ConnectionMode.CRC))
                .isInstanceOf(ServerAuth.Reply.More.class);
        for (int bit = 0; bit < 8 * good.size(); bit++) {
            ServerAuth.Login server = cluster.osd.begin(EntityType.CLIENT);
            assertThat(server.on(flipped(good, bit), ConnectionMode.CRC))
                    .as("bit %s", bit)
                    .isInstanceOf(ServerAuth.Reply.Denied.class);
        }
    }

    /**
     * A client of today's Debian has an aes key; its tickets are sealed under the services' own.
     */
    @Tag("X4")
    @Test
    void anyFlippedBitOfTheTicketOfAnOldClientIsRefused() {
        Cluster cluster = new Cluster(KeyType.AES256K);
        Bytes good = cluster.ready("client.admin", KeyType.AES).begin(EntityType.OSD).request();
        Decoder in = new Decoder(good);
        in.skip(1 + 8 + 4 + 1 + 8);
        int first = good.size() - in.remaining();
        int end = first + 4 + in.u32();
        for (int bit = 8 * first; bit < 8 * end; bit++) {
            ServerAuth.Login server = cluster.osd.begin(EntityType.CLIENT);
            assertThat(server.on(flipped(good, bit), ConnectionMode.CRC))
                    .as("bit %s", bit)
                    .isInstanceOf(ServerAuth.Reply.Denied.class);
        }
    }

    @Tag("X4")
    @ParameterizedTest
    @EnumSource(names = {"AES", "AES256K"})
    void anyFlippedBitOfALoginsTicketLosesTheGlobalId(KeyType type) {
        Cluster cluster = new Cluster(KeyType.AES256K);
        CephxClient client = cluster.client("client.admin", type);
        cluster.login(client);
        ClientAuth.Login login = client.begin(EntityType.MON);
        int bits = 8 * proof(cluster, login).size();
        int ticket = 8 * (2 + 1 + 8 + 8); // kind, version, challenge, proof
        for (int bit = ticket; bit < bits - 32; bit++) {
            ServerAuth.Login server = cluster.monitor.begin(EntityType.CLIENT);
            ServerAuth.Reply.More more =
                    (ServerAuth.Reply.More) server.on(login.request(), ConnectionMode.CRC);
            Bytes changed = flipped(login.more(more.payload()), bit);
            assertThat(server.on(changed, ConnectionMode.CRC))
                    .as("bit %s", bit)
                    .isInstanceOf(ServerAuth.Reply.Denied.class);
        }
    }

    private static Bytes proof(Cluster cluster, ClientAuth.Login login) {
        ServerAuth.Login server = cluster.monitor.begin(EntityType.CLIENT);
        ServerAuth.Reply.More more =
                (ServerAuth.Reply.More) server.on(login.request(), ConnectionMode.CRC);
        return login.more(more.payload());
    }

    /** Of the bits after the ticket, which say what is wanted, none is a proof of anything. */
    @Tag("X4")
    @Test
    void anyFlippedBitOfARequestForTicketsIsRefused() {
        Cluster cluster = new Cluster(KeyType.AES256K);
        CephxClient client = cluster.client("client.admin", KeyType.AES256K);
        Identity who = cluster.login(client).identity();
        Bytes good = client.renewal(Set.of(EntityType.OSD));
        assertThat(cluster.monitor.answer(who, good).result()).isZero();
        for (int bit = 0; bit < 8 * (good.size() - 4); bit++) {
            assertThat(cluster.monitor.answer(who, flipped(good, bit)).result())
                    .as("bit %s", bit)
                    .isNegative();
        }
    }

    /** Either the client notices, or the service does. */
    @Tag("X4")
    @Test
    void anyFlippedBitOfAServiceTicketLeadsNowhere() {
        Cluster cluster = new Cluster(KeyType.AES256K);
        CephxClient client = cluster.client("client.admin", KeyType.AES256K);
        Identity who = cluster.login(client).identity();
        Bytes good = cluster.ticket(client, who).payload();
        for (int bit = 0; bit < 8 * good.size(); bit++) {
            client.forget(EntityType.OSD);
            assertThat(reachesTheOsd(cluster, client, flipped(good, bit)))
                    .as("bit %s", bit)
                    .isFalse();
        }
        assertThat(reachesTheOsd(cluster, client, good)).isTrue();
    }

    private static boolean reachesTheOsd(Cluster cluster, CephxClient client, Bytes payload) {
        try {
            client.onReply(0, payload);
            ClientAuth.Login login = client.begin(EntityType.OSD);
            return converse(login, cluster.osd.begin(EntityType.CLIENT))
                    instanceof ServerAuth.Reply.Done;
        } catch (AuthException | Malformed noticed) {
            return false;
        }
    }

    /** Blocks of one ciphertext in the place of those of another, under the same key and use. */
    @Tag("X4")
    @Test
    void splicedBlocksAreRefused() {
        CryptoKey key = CryptoKey.generate(KeyType.AES256K, random, time.now());
        byte[] one = key.seal(KeyUse.TICKET, random, out -> out.raw(Bytes.zeros(119))).toArray();
        byte[] two = key.seal(KeyUse.TICKET, random, out -> out.raw(Bytes.zeros(119))).toArray();
        int blocks = one.length / 16;
        for (int to = 0; to < blocks; to++) {
            for (int from = 0; from < blocks; from++) {
                byte[] foreign = one.clone();
                System.arraycopy(two, 16 * from, foreign, 16 * to, 16);
                assertThatThrownBy(() -> key.open(KeyUse.TICKET, Bytes.of(foreign)))
                        .isInstanceOf(Malformed.class);
                byte[] own = one.clone();
                System.arraycopy(one, 16 * from, own, 16 * to, 16);
                if (from != to) {
                    assertThatThrownBy(() -> key.open(KeyUse.TICKET, Bytes.of(own)))
                            .isInstanceOf(Malformed.class);
                }
            }
        }
    }

    @Tag("X4")
    @ParameterizedTest
    @ValueSource(ints = {257, 1_000_000})
    void namesThatAreTooLongAreRefusedAndNotRepeated(int length) {
        assertRefused("a".repeat(length), "a".repeat(50));
    }

    @Tag("X4")
    @ParameterizedTest
    @ValueSource(strings = {"admin\n[client.x]", "\u0000", "admin\u001b[2J", "admin\u0085", "\r"})
    void namesWithControlCharactersAreRefusedAndNotRepeated(String id) {
        assertRefused(id, id);
    }

    private void assertRefused(String id, String unsaid) {
        Cluster cluster = new Cluster(KeyType.AES256K);
        cluster.keys.add("client.admin");
        Encoder out = new Encoder().u8(Cephx.MODE_MONITOR);
        AuthName.CODEC.encode(new AuthName(EntityType.CLIENT, id), out);
        ServerAuth.Reply reply =
                cluster.monitor
                        .begin(EntityType.CLIENT)
                        .on(out.u64(0).toBytes(), ConnectionMode.CRC);
        assertThat(reply).isInstanceOf(ServerAuth.Reply.Denied.class);
        assertThat(((ServerAuth.Reply.Denied) reply).reason())
                .hasSizeLessThan(100)
                .doesNotContain(unsaid);
    }
}
