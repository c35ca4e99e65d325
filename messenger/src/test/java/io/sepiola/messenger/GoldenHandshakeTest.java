package io.sepiola.messenger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Clock;
import io.sepiola.base.Simulation;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.ExpiringKey;
import io.sepiola.protocol.auth.KeyType;
import io.sepiola.protocol.auth.RotatingSecrets;
import io.sepiola.protocol.message.MMonGetMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Both ends say what genuine ends said, byte for byte, when chance is the same. */
class GoldenHandshakeTest {
    private static final InetSocketAddress SOMEWHERE = new InetSocketAddress("127.0.0.1", 40000);

    /** While the recorded tickets were valid. */
    private static final Clock RECORDED =
            new Clock() {
                @Override
                public long nanos() {
                    return 0;
                }

                @Override
                public Instant now() {
                    return Instant.ofEpochSecond(0x6b00c780L);
                }
            };

    static Stream<Recording.Conversation> conversations() {
        return Stream.of("crc.json", "secure.json")
                .flatMap(file -> Recording.Conversation.all(file).stream());
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void everyFrameReadsAndIsWrittenTheSame(Recording.Conversation talk) {
        for (boolean fromClient : new boolean[] {true, false}) {
            FrameReader reader = new FrameReader(1 << 20, 1 << 20, 1 << 20);
            FrameWriter writer = new FrameWriter();
            ByteQueue bytes = new ByteQueue();
            int seen = 0;
            for (Recording.Line line : talk.lines()) {
                if (line.fromClient() != fromClient || line.name().equals("BANNER")) {
                    continue;
                }
                if (!line.isWhole()) {
                    break; // in secure mode nothing behind it can be opened
                }
                if (line.name().equals("AUTH_SIGNATURE") && talk.mode() == ConnectionMode.SECURE) {
                    Bytes secret = Bytes.hex(talk.text("connection_secret"));
                    reader.secure(key(secret, fromClient));
                    writer.secure(key(secret, fromClient));
                }
                reader.allowMessages();
                bytes.add(line.wire());
                Frame frame = reader.nextOrNull(bytes);
                assertThat(frame).isEqualTo(new Frame(line.tag(), line.segments()));
                assertThat(bytes.available()).isZero();
                assertThat(writer.write(line.tag(), line.segments())).isEqualTo(line.wire());
                seen++;
            }
            assertThat(seen).isGreaterThanOrEqualTo(5);
        }
    }

    private static GcmKey key(Bytes secret, boolean fromClient) {
        return fromClient ? GcmKey.clientToServer(secret) : GcmKey.serverToClient(secret);
    }

    /** The first conversations fetch a monitor's map and end; only the login's ticket is wanted. */
    @ParameterizedTest
    @ValueSource(strings = {"crc.json", "secure.json"})
    void aClientBootstrapsAsItsModelDid(String file) {
        for (Recording.Conversation talk : Recording.Conversation.all(file).subList(0, 2)) {
            Client client = new Client(talk, Set.of());
            client.cookies.then(ident(talk).cookie());
            client.play(talk, EntityType.MON, Policy.LOSSLESS_CLIENT, true);
        }
    }

    /** The next three are a login with all tickets, then a manager, then an OSD. */
    @ParameterizedTest
    @ValueSource(strings = {"crc.json", "secure.json"})
    void aClientWithTicketsTalksAsItsModelDid(String file) {
        List<Recording.Conversation> talks = Recording.Conversation.all(file);
        Client client = new Client(talks.get(2), CephxClient.CLIENT_SERVICES);
        client.play(talks.get(2), EntityType.MON, Policy.LOSSY, true);
        assertThat(client.credentials.globalId()).isEqualTo(talks.get(2).number("global_id"));
        assertThat(client.credentials.due()).isEmpty();
        client.messenger.rename(new EntityName(EntityType.CLIENT, client.credentials.globalId()));
        for (Recording.Conversation talk : talks.subList(3, 5)) {
            EntityType type = EntityType.of(talk.server());
            client.chance.then(talk.number("nonce_plus_one") - 1);
            client.play(talk, type, Policy.LOSSY, false);
        }
    }

    private static Control.ClientIdent ident(Recording.Conversation talk) {
        return Control.ClientIdent.CODEC.fromBytes(
                talk.first("CLIENT_IDENT", true).segments().getFirst());
    }

    /** A client of ours with the chance of the recorded one. */
    private static final class Client {
        final RecordedTransport transport = new RecordedTransport();
        final ScriptedRandom cookies = new ScriptedRandom();
        final ScriptedRandom chance = new ScriptedRandom();
        final Simulation simulation = new Simulation(1);
        final Simulation.SimulatedShard shard = simulation.shard("client");
        final CephxClient credentials;
        final Msgr2 messenger;
        final List<Message> received = new ArrayList<>();

        Client(Recording.Conversation login, Set<EntityType> services) {
            CryptoKey secret =
                    new CryptoKey(KeyType.AES, Utime.ZERO, Bytes.hex(login.text("entity_secret")));
            credentials =
                    new CephxClient(
                            AuthName.parse("client.admin"),
                            secret,
                            services,
                            simulation.clock(),
                            chance);
            cookies.then(ident(login).own().addrs().getFirst().nonce());
            messenger =
                    new Msgr2(
                            new EntityName(EntityType.CLIENT, -1),
                            Msgr2Options.DEFAULT.only(login.mode()),
                            new Msgr2.Parts(
                                    shard,
                                    transport,
                                    credentials,
                                    ServerAuth.NOBODY,
                                    new Collecting(received),
                                    cookies));
        }

        void play(Recording.Conversation talk, EntityType type, Policy policy, boolean toMonitor) {
            if (toMonitor) {
                chance.then(talk.number("client_challenge"));
            }
            EntityAddr target = ident(talk).target();
            Connection connection = messenger.connect(type, EntityAddrVec.of(target), policy);
            if (toMonitor) {
                connection.send(new MMonGetMap());
            }
            simulation.run(Duration.ofMillis(1));
            Transport.Handler handler = transport.dialledOrNull;
            RecordedTransport.End end =
                    new RecordedTransport.End(shard, SOMEWHERE, transport.targetOrNull);
            shard.execute(() -> converse(talk, handler, end, toMonitor));
            simulation.run(Duration.ofMillis(1));
            assertThat(connection.isOpen()).isTrue();
            assertThat(connection.peerName().type()).isEqualTo(type);
        }

        private void converse(
                Recording.Conversation talk,
                Transport.Handler handler,
                RecordedTransport.End end,
                boolean toMonitor) {
            handler.opened(end);
            Bytes said = Bytes.EMPTY;
            boolean standing = false;
            for (Recording.Line line : talk.lines()) {
                if (!line.fromClient()) {
                    end.say(handler, line.wire());
                    standing |= line.name().equals("SERVER_IDENT");
                } else if (!standing || toMonitor) {
                    said = Bytes.concat(said, end.written());
                    int size = line.wire().size();
                    assertThat(said.size()).as(line.name()).isGreaterThanOrEqualTo(size);
                    assertThat(said.slice(0, size)).as(line.name()).isEqualTo(line.wire());
                    said = said.slice(size);
                }
                if (line.name().equals("MESSAGE")) {
                    return; // further messages depend on more than the handshake
                }
            }
        }
    }

    private record Collecting(List<Message> messages) implements Dispatcher {
        @Override
        public void received(Connection connection, Message message) {
            messages.add(message);
        }

        @Override
        public void reset(Connection connection) {}
    }

    /** A manager's and an OSD's side, up to the signature; identities differ in their addresses. */
    @ParameterizedTest
    @ValueSource(strings = {"crc.json", "secure.json"})
    void aDaemonAnswersAsItsModelDid(String file) {
        for (Recording.Conversation talk : Recording.Conversation.all(file).subList(4, 5)) {
            ScriptedRandom chance = new ScriptedRandom();
            chance.then(talk.number("authorizer_challenge"));
            if (talk.mode() == ConnectionMode.SECURE) {
                chance.thenBytes(talk.text("connection_secret"));
            }
            EntityType type = EntityType.of(talk.server());
            RecordedTransport transport = new RecordedTransport();
            Simulation simulation = new Simulation(1);
            Simulation.SimulatedShard shard = simulation.shard("osd");
            List<Message> received = new ArrayList<>();
            Msgr2 messenger =
                    new Msgr2(
                            new EntityName(type, 1),
                            Msgr2Options.DEFAULT,
                            new Msgr2.Parts(
                                    shard,
                                    transport,
                                    peer -> {
                                        throw new AssertionError("dials nobody");
                                    },
                                    new CephxServiceAuth(
                                            type, () -> recordedSecrets(), RECORDED, chance),
                                    new Collecting(received),
                                    new ScriptedRandom().then(20717)));
            messenger.listen(ident(talk).target());
            shard.execute(() -> {
                Control.Hello hello =
                        Control.Hello.CODEC.fromBytes(
                                talk.first("HELLO", false).segments().getFirst());
                Transport.Handler handler =
                        transport.acceptorOrNull.accept(hello.seenAt().socket());
                RecordedTransport.End end =
                        new RecordedTransport.End(shard, SOMEWHERE, hello.seenAt().socket());
                converse(talk, handler, end);
                // One operation at least, decoded.
                assertThat(received).isNotEmpty();
            });
            simulation.run(Duration.ofMillis(1));
            assertThat(received).isNotEmpty();
        }
    }

    private static void converse(
            Recording.Conversation talk, Transport.Handler handler, RecordedTransport.End end) {
        handler.opened(end);
        Bytes said = Bytes.EMPTY;
        boolean signed = false;
        for (Recording.Line line : talk.lines()) {
            if (line.fromClient()) {
                end.say(handler, line.wire());
            } else if (!signed) {
                said = Bytes.concat(said, end.written());
                int size = line.wire().size();
                assertThat(said.size()).as(line.name()).isGreaterThanOrEqualTo(size);
                assertThat(said.slice(0, size)).as(line.name()).isEqualTo(line.wire());
                said = said.slice(size);
                signed = line.name().equals("AUTH_SIGNATURE");
            }
        }
    }

    private static RotatingSecrets recordedSecrets() {
        JsonNode secrets = Recording.file("cephx.json").get("rotating_keys").get("secrets");
        TreeMap<Long, ExpiringKey> keys = new TreeMap<>();
        secrets.propertyStream()
                .forEach(entry ->
                        keys.put(
                                Long.parseLong(entry.getKey()),
                                new ExpiringKey(
                                        new CryptoKey(
                                                KeyType.AES,
                                                Utime.ZERO,
                                                Bytes.hex(entry.getValue().asString())),
                                        Utime.ZERO)));
        return new RotatingSecrets(keys, keys.lastKey());
    }

    /** The frames that hardly ever occur. */
    @Test
    void rareControlFramesReadAndAreWrittenTheSame() throws Exception {
        List<String> lines =
                java.nio.file.Files.readAllLines(
                        java.nio.file.Path.of(
                                System.getProperty("golden"), "handshake", "control-frames.jsonl"));
        assertThat(lines).isNotEmpty();
        for (String text : lines) {
            JsonNode line = tools.jackson.databind.json.JsonMapper.shared().readTree(text);
            int tag = line.get("tag").asInt();
            Bytes payload = Bytes.hex(line.get("payload").asString());
            assertThat(reencoded(tag, payload)).as(text).isEqualTo(payload);
            if (line.has("wire")) {
                Bytes wire = Bytes.hex(line.get("wire").asString());
                assertThat(new FrameWriter().control(tag, payload)).isEqualTo(wire);
                ByteQueue bytes = new ByteQueue();
                bytes.add(wire);
                assertThat(new FrameReader(100, 100, 100).nextOrNull(bytes))
                        .isEqualTo(new Frame(tag, List.of(payload)));
            }
        }
    }

    private static Bytes reencoded(int tag, Bytes payload) {
        return switch (tag) {
            case FrameTag.HELLO ->
                    Control.Hello.CODEC.toBytes(Control.Hello.CODEC.fromBytes(payload));
            case FrameTag.AUTH_REQUEST ->
                    Control.AuthRequest.CODEC.toBytes(Control.AuthRequest.CODEC.fromBytes(payload));
            case FrameTag.AUTH_BAD_METHOD ->
                    Control.AuthBadMethod.CODEC.toBytes(
                            Control.AuthBadMethod.CODEC.fromBytes(payload));
            case FrameTag.AUTH_REPLY_MORE, FrameTag.AUTH_REQUEST_MORE ->
                    Control.of(Control.blob(payload));
            case FrameTag.AUTH_DONE ->
                    Control.AuthDone.CODEC.toBytes(Control.AuthDone.CODEC.fromBytes(payload));
            case FrameTag.CLIENT_IDENT ->
                    Control.ClientIdent.CODEC.toBytes(Control.ClientIdent.CODEC.fromBytes(payload));
            case FrameTag.SERVER_IDENT ->
                    Control.ServerIdent.CODEC.toBytes(Control.ServerIdent.CODEC.fromBytes(payload));
            case FrameTag.SESSION_RECONNECT ->
                    Control.Reconnect.CODEC.toBytes(Control.Reconnect.CODEC.fromBytes(payload));
            case FrameTag.IDENT_MISSING_FEATURES,
                    FrameTag.SESSION_RECONNECT_OK,
                    FrameTag.ACK,
                    FrameTag.SESSION_RETRY,
                    FrameTag.SESSION_RETRY_GLOBAL ->
                    Control.of(Control.number(payload));
            case FrameTag.KEEPALIVE2, FrameTag.KEEPALIVE2_ACK ->
                    Utime.CODEC.toBytes(Utime.CODEC.fromBytes(payload));
            case FrameTag.AUTH_SIGNATURE, FrameTag.SESSION_RESET, FrameTag.WAIT -> payload;
            default -> throw new AssertionError("tag " + tag);
        };
    }
}
