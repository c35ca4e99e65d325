package io.sepiola.messenger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Encoder;
import io.sepiola.base.Simulation;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** What a listener does with a peer that says what it should not: hangs up, and goes on. */
class BadPeerTest {
    private static final InetSocketAddress OWN = new InetSocketAddress("127.0.0.1", 6800);
    private static final InetSocketAddress PEER = new InetSocketAddress("127.0.0.1", 41000);
    private static final Bytes BANNER =
            Bytes.hex("636570682076320a100001000000000000000000000000000000");

    private final Simulation simulation = new Simulation(1);
    private final Simulation.SimulatedShard shard = simulation.shard("mon");
    private final RecordedTransport transport = new RecordedTransport();
    private final SplittableRandom random = new SplittableRandom(2);
    private final FixedKeys keys = new FixedKeys(simulation.clock(), random, Duration.ofHours(72));
    private final Lan.Journal journal = new Lan.Journal();
    private final Msgr2 messenger =
            new Msgr2(
                    new EntityName(EntityType.MON, 0),
                    Msgr2Options.DEFAULT,
                    new Msgr2.Parts(
                            shard,
                            transport,
                            peer -> {
                                throw new AssertionError("dials nobody");
                            },
                            new CephxMonitorAuth(keys, simulation.clock(), random),
                            journal,
                            random));

    BadPeerTest() {
        messenger.listen(EntityAddr.msgr2(OWN, 0));
    }

    /** A peer that follows the rules until told otherwise. */
    private final class Peer {
        final Transport.Handler handler = transport.acceptorOrNull.accept(PEER);
        final RecordedTransport.End end = new RecordedTransport.End(shard, OWN, PEER);
        final FrameWriter writer = new FrameWriter();
        final FrameReader reader = new FrameReader(1 << 20, 1 << 20, 1 << 20);
        final ByteQueue heard = new ByteQueue();

        Peer() {
            handler.opened(end);
        }

        void say(Bytes bytes) {
            end.say(handler, bytes);
        }

        void say(int tag, Bytes payload) {
            say(writer.control(tag, payload));
        }

        Frame hear() {
            heard.add(end.written());
            return reader.nextOrNull(heard);
        }

        Peer greet() {
            say(BANNER);
            heard.add(end.written());
            reader.rawOrNull(heard, BANNER.size());
            say(FrameTag.HELLO, hello());
            assertThat(hear().tag()).isEqualTo(FrameTag.HELLO);
            return this;
        }

        /** As client.admin, up to the signatures. */
        Peer login() {
            greet();
            CephxClient credentials =
                    new CephxClient(
                            AuthName.parse("client.admin"),
                            keys.add("client.admin"),
                            CephxClient.CLIENT_SERVICES,
                            simulation.clock(),
                            random);
            ClientAuth.Login login = credentials.begin(EntityType.MON);
            say(FrameTag.AUTH_REQUEST, request(2, 1, login.request()));
            say(FrameTag.AUTH_REQUEST_MORE, Control.of(login.more(Control.blob(hear().payload()))));
            Control.AuthDone done = Control.AuthDone.CODEC.fromBytes(hear().payload());
            login.done(done.globalId(), done.mode(), done.payload());
            assertThat(hear().tag()).isEqualTo(FrameTag.AUTH_SIGNATURE);
            return this;
        }
    }

    private static Bytes hello() {
        return Control.Hello.CODEC.toBytes(
                new Control.Hello(EntityType.CLIENT, EntityAddr.msgr2(OWN, 0)));
    }

    private static Bytes request(int method, int mode, Bytes payload) {
        return Control.AuthRequest.CODEC.toBytes(
                new Control.AuthRequest(method, List.of(mode), payload));
    }

    private void hangsUpOn(Consumer<Peer> sin) {
        shard.execute(() -> {
            Peer peer = new Peer();
            sin.accept(peer);
            assertThat(peer.end.closed).isTrue();
        });
        simulation.run(Duration.ofMillis(1));
        assertThat(journal.accepted).isEmpty();
        isAlive();
    }

    private void isAlive() {
        shard.execute(() -> assertThat(new Peer().login().end.closed).isFalse());
        simulation.run(Duration.ofMillis(1));
    }

    @Tag("X2")
    @Test
    void anotherProtocol() {
        hangsUpOn(peer -> peer.say(Bytes.utf8("GET / HTTP/1.1\r\nHost: example\r\n\r\n")));
        hangsUpOn(peer -> peer.say(Bytes.utf8("ceph v027 and then something else")));
    }

    @Test
    void aBannerThatWantsWhatNobodyHas() {
        hangsUpOn(peer ->
                peer.say(Bytes.hex("636570682076320a100001000000000000000200000000000000")));
        hangsUpOn(peer ->
                peer.say(Bytes.hex("636570682076320a100000000000000000000000000000000000")));
    }

    @Test
    void aWrongCrcOfThePreamble() {
        for (int byteAt = 0; byteAt < Preamble.SIZE; byteAt++) {
            byte[] frame = new FrameWriter().control(FrameTag.HELLO, hello()).toArray();
            frame[byteAt] ^= 1;
            hangsUpOn(peer -> {
                peer.say(BANNER);
                peer.say(Bytes.of(frame));
            });
        }
    }

    @Test
    void aWrongCrcOfASegment() {
        byte[] frame = new FrameWriter().control(FrameTag.HELLO, hello()).toArray();
        frame[Preamble.SIZE + 3] ^= 1;
        hangsUpOn(peer -> {
            peer.say(BANNER);
            peer.say(Bytes.of(frame));
        });
    }

    @Test
    void anUnknownTagAndAnImpossibleCount() {
        hangsUpOn(peer -> peer.greet().say(99, Bytes.EMPTY));
        hangsUpOn(peer -> peer.greet().say(0, Bytes.EMPTY));
        byte[] preamble = new byte[Preamble.SIZE];
        new Preamble(FrameTag.MESSAGE, new int[4]).write(preamble, 0);
        preamble[1] = 5;
        LittleEndian.u32(preamble, 28, io.sepiola.base.Crc32c.of(0, preamble, 0, 28));
        hangsUpOn(peer -> peer.greet().say(Bytes.of(preamble)));
    }

    @Test
    void anOversizeFrame() {
        for (int size : new int[] {FrameReader.CONTROL_SIZE_MAX + 1, Integer.MAX_VALUE, -1}) {
            byte[] preamble = new byte[Preamble.SIZE];
            new Preamble(FrameTag.AUTH_REQUEST, new int[] {size}).write(preamble, 0);
            hangsUpOn(peer -> peer.greet().say(Bytes.of(preamble)));
        }
    }

    @Tag("X6")
    @Test
    void aMessageBeforeTheLogin() {
        hangsUpOn(peer ->
                peer.greet().say(peer.writer.write(FrameTag.MESSAGE, List.of(Bytes.zeros(41)))));
    }

    @Test
    void framesOutOfTurn() {
        hangsUpOn(peer -> peer.greet().say(FrameTag.HELLO, hello()));
        hangsUpOn(peer -> peer.greet().say(FrameTag.AUTH_REQUEST_MORE, Control.of(Bytes.EMPTY)));
        hangsUpOn(peer -> peer.greet().say(FrameTag.CLIENT_IDENT, Bytes.zeros(100)));
        hangsUpOn(peer -> peer.greet().say(FrameTag.KEEPALIVE2, Bytes.zeros(8)));
        hangsUpOn(peer -> peer.login().say(FrameTag.CLIENT_IDENT, Bytes.zeros(100)));
    }

    @Test
    void aWrongSignature() {
        hangsUpOn(peer -> peer.login().say(FrameTag.AUTH_SIGNATURE, Bytes.zeros(32)));
    }

    @Test
    void aMethodOrModeThatIsNotOfferedIsToldWhatIs() {
        shard.execute(() -> {
            Peer peer = new Peer().greet();
            peer.say(FrameTag.AUTH_REQUEST, request(1, 1, Bytes.EMPTY));
            Control.AuthBadMethod bad =
                    Control.AuthBadMethod.CODEC.fromBytes(peer.hear().payload());
            assertThat(bad).isEqualTo(new Control.AuthBadMethod(1, -95, List.of(2), List.of(1, 2)));
            peer.say(FrameTag.AUTH_REQUEST, request(2, 7, Bytes.EMPTY));
            assertThat(Control.AuthBadMethod.CODEC.fromBytes(peer.hear().payload()))
                    .isEqualTo(new Control.AuthBadMethod(2, -95, List.of(2), List.of(1, 2)));
            assertThat(peer.end.closed).isFalse();
        });
        simulation.run(Duration.ofMillis(1));
    }

    @Test
    void endlessTalkBeforeTheLogin() {
        hangsUpOn(peer -> {
            peer.greet();
            for (int i = 0; i < 1000 && !peer.end.closed; i++) {
                peer.say(FrameTag.AUTH_REQUEST, request(1, 1, Bytes.zeros(60_000)));
            }
        });
    }

    @Test
    void moreTalkBeforeTheLoginThanAnyLoginTakes() {
        hangsUpOn(peer -> {
            peer.greet();
            for (int i = 0; i < 3; i++) {
                peer.say(FrameTag.AUTH_REQUEST, request(1, 1, Bytes.zeros(60_000)));
            }
        });
    }

    @Test
    void aStalledHandshake() {
        Peer[] peer = new Peer[1];
        shard.execute(() -> peer[0] = new Peer().greet());
        simulation.run(Duration.ofSeconds(19));
        assertThat(peer[0].end.closed).isFalse();
        simulation.run(Duration.ofSeconds(2));
        assertThat(peer[0].end.closed).isTrue();
        isAlive();
    }

    @Test
    void randomBytes() {
        for (int round = 0; round < 300; round++) {
            byte[] noise = new byte[random.nextInt(400)];
            random.nextBytes(noise);
            shard.execute(() -> {
                Peer peer = new Peer().greet();
                peer.say(Bytes.of(noise));
                boolean waits = peer.end.unread() < Preamble.SIZE;
                assertThat(peer.end.closed || waits).isTrue();
            });
        }
        simulation.run(Duration.ofMillis(1));
        isAlive();
    }

    /** A wire as the peer should see it, cut and mended by one bit: never a session. */
    @Test
    void aMessageHeaderOfTheWrongSize() {
        FrameReader reader = new FrameReader(1 << 20, 1 << 20, 1 << 20);
        reader.allowMessages();
        ByteQueue bytes = new ByteQueue();
        bytes.add(new FrameWriter().write(FrameTag.MESSAGE, List.of(Bytes.zeros(40))));
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> reader.nextOrNull(bytes))
                .isInstanceOf(io.sepiola.base.Malformed.class);
        Encoder large = new Encoder();
        byte[] preamble = new byte[Preamble.SIZE];
        new Preamble(FrameTag.MESSAGE, new int[] {41, 0, 0, (1 << 20) + 1}).write(preamble, 0);
        ByteQueue more = new ByteQueue();
        more.add(large.raw(preamble).toBytes());
        FrameReader another = new FrameReader(1 << 20, 1 << 20, 1 << 20);
        another.allowMessages();
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> another.nextOrNull(more))
                .isInstanceOf(io.sepiola.base.Malformed.class);
    }
}
