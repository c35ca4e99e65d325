package io.sepiola.messenger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Mark;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/** Sessions over links that break. */
class SessionTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    private static List<Long> upTo(long count) {
        return LongStream.rangeClosed(1, count).boxed().toList();
    }

    /**
     * Small frames, so that a break at each byte is affordable; what follows is from the
     * thousandth.
     */
    private static final int COUNT = 3;

    @ParameterizedTest
    @EnumSource(ConnectionMode.class)
    void aLosslessSessionDeliversOnceInOrderWhereverTheLinkBreaks(ConnectionMode mode) {
        int step = mode == ConnectionMode.CRC ? 1 : 7;
        int end = 1400; // more than either says in the first connection
        for (int first = 0; first < end; first += 70) { // tickets last for about as many
            Lan lan = new Lan(first);
            lan.network.delayMax(Duration.ofNanos(200_000));
            CephxClient one = lan.login("osd.1");
            CephxClient two = lan.login("osd.2");
            for (int at = first; at < first + 70; at += step) {
                breakAt(lan, one, two, mode, at, at % 2 == 0, at % 3 == 0);
            }
        }
        assertThat(Mark.count("messenger: session resumed")).isPositive();
        assertThat(Mark.count("messenger: session restarted")).isPositive();
        assertThat(Mark.count("messenger: session adopted")).isPositive();
        assertThat(Mark.count("messenger: race won by our own link")).isPositive();
    }

    /** Both send; the link breaks once at the given byte of one direction. */
    private static void breakAt(
            Lan lan,
            CephxClient one,
            CephxClient two,
            ConnectionMode mode,
            int at,
            boolean towardsTwo,
            boolean bothDial) {
        Msgr2Options options = Msgr2Options.DEFAULT.only(mode);
        Lan.Node a = lan.osd("10.0.0.1", one, options).listen(2 * at + 1);
        Lan.Node b = lan.osd("10.0.0.2", two, options).listen(2 * at + 2);
        lan.network.breakAfter(
                towardsTwo ? "10.0.0.1" : "10.0.0.2", towardsTwo ? "10.0.0.2" : "10.0.0.1", at);
        Connection toB = a.dial(b.messenger.addrs(), Policy.LOSSLESS_PEER);
        if (bothDial) {
            Connection toA = b.dial(a.messenger.addrs(), Policy.LOSSLESS_PEER);
            upTo(COUNT).forEach(number -> toA.send(Lan.message(number + 1000, 10)));
        } else {
            b.journal.echo = 1000;
        }
        upTo(COUNT).forEach(number -> toB.send(Lan.message(number, 10)));
        boolean done =
                lan.simulation.runUntil(
                        () ->
                                a.journal.numbers.size() >= COUNT
                                        && b.journal.numbers.size() >= COUNT,
                        LONG);
        lan.simulation.run(Duration.ofSeconds(1)); // whatever comes twice comes now
        String story = "broken at " + at + ": " + a.journal.events + " / " + b.journal.events;
        assertThat(done).as(story).isTrue();
        assertThat(b.journal.numbers).as(story).isEqualTo(upTo(COUNT));
        assertThat(a.journal.numbers)
                .as(story)
                .isEqualTo(upTo(COUNT).stream().map(number -> number + 1000).toList());
        assertThat(a.journal.resets).as(story).isEmpty();
        assertThat(b.journal.resets).as(story).isEmpty();
        a.messenger.close();
        b.messenger.close();
        lan.simulation.run(Duration.ofSeconds(20));
        assertThat(lan.network.openLinks()).as(story).isZero();
    }

    @Test
    void losslessSessionsSurviveManyBreaks() {
        for (long seed = 1; seed <= 30; seed++) {
            Lan lan = new Lan(seed);
            CephxClient one = lan.login("osd.1");
            CephxClient two = lan.login("osd.2");
            Lan.Node a = lan.osd("10.0.0.1", one, Msgr2Options.DEFAULT).listen(1);
            Lan.Node b = lan.osd("10.0.0.2", two, Msgr2Options.DEFAULT).listen(2);
            Connection toB = a.dial(b.messenger.addrs(), Policy.LOSSLESS_PEER);
            Connection toA = b.dial(a.messenger.addrs(), Policy.LOSSLESS_PEER);
            for (long number = 1; number <= 200; number++) {
                toB.send(Lan.lentMessage(number, lan.random.nextInt(3000)));
                toA.send(Lan.lentMessage(number, lan.random.nextInt(3000)));
                lan.simulation.run(Duration.ofNanos(lan.random.nextInt(3_000_000)));
                if (lan.random.nextInt(10) == 0) {
                    lan.network.breakAny();
                }
            }
            boolean done =
                    lan.simulation.runUntil(
                            () ->
                                    a.journal.numbers.size() >= 200
                                            && b.journal.numbers.size() >= 200,
                            LONG);
            assertThat(done).as("seed " + seed).isTrue();
            assertThat(a.journal.numbers).as("seed " + seed).isEqualTo(upTo(200));
            assertThat(b.journal.numbers).as("seed " + seed).isEqualTo(upTo(200));
            assertThat(a.journal.resets).isEmpty();
        }
    }

    @Test
    void aLossySessionTellsOnceThatItIsLost() {
        Lan lan = new Lan(2);
        lan.network.delayMax(Duration.ofNanos(200_000));
        CephxClient client = lan.login("client.admin");
        CephxClient osd = lan.login("osd.2");
        for (int at = 0; at < 1400; at += 3) {
            Lan.Node a = lan.new Node("10.0.0.1", client, EntityType.CLIENT, Msgr2Options.DEFAULT);
            Lan.Node b = lan.osd("10.0.0.2", osd, Msgr2Options.DEFAULT).listen(at + 1);
            lan.network.breakAfter("10.0.0.1", "10.0.0.2", at);
            Connection connection = a.dial(b.messenger.addrs(), Policy.LOSSY);
            upTo(COUNT).forEach(number -> connection.send(Lan.message(number, 10)));
            lan.simulation.runUntil(() -> !a.journal.resets.isEmpty(), LONG);
            lan.simulation.run(Duration.ofSeconds(1));
            if (a.journal.resets.isEmpty()) {
                assertThat(at).isGreaterThan(1000); // it did not say as much
                assertThat(b.journal.numbers).isEqualTo(upTo(COUNT));
                return;
            }
            assertThat(a.journal.resets).as("broken at " + at).containsExactly(connection);
            assertThat(connection.isOpen()).isFalse();
            assertThat(b.journal.resets).hasSameSizeAs(b.journal.accepted);
            assertThat(b.journal.numbers).isEqualTo(upTo(b.journal.numbers.size()));
            a.messenger.close();
            b.messenger.close();
            lan.simulation.run(Duration.ofSeconds(1));
        }
    }

    @Test
    void aRestartedPeerForgetsTheSessionAndTheOtherIsTold() {
        Lan lan = new Lan(3);
        CephxClient one = lan.login("osd.1");
        CephxClient two = lan.login("osd.2");
        Lan.Node a = lan.osd("10.0.0.1", one, Msgr2Options.DEFAULT).listen(1);
        Lan.Node b = lan.osd("10.0.0.2", two, Msgr2Options.DEFAULT).listen(2);
        Connection connection = a.dial(b.messenger.addrs(), Policy.LOSSLESS_PEER);
        connection.send(Lan.message(1, 10));
        lan.simulation.run(Duration.ofSeconds(1));
        b.shard.kill();
        lan.network.kill("10.0.0.2");
        lan.simulation.run(Duration.ofSeconds(1));
        Lan.Node again = lan.osd("10.0.0.2", two, Msgr2Options.DEFAULT).listen(2);
        connection.send(Lan.message(2, 10));
        lan.simulation.run(Duration.ofSeconds(30));
        assertThat(a.journal.resets).containsExactly(connection);
        assertThat(connection.isOpen()).isFalse();
        assertThat(again.journal.numbers).isEmpty();
        Connection anew = a.dial(again.messenger.addrs(), Policy.LOSSLESS_PEER);
        assertThat(anew).isNotSameAs(connection);
        anew.send(Lan.message(3, 10));
        lan.simulation.run(Duration.ofSeconds(1));
        assertThat(again.journal.numbers).containsExactly(3L);
    }

    @Test
    void aClientThatGivesAnOsdsAddressAsItsOwnDoesNotEndTheOsdsSession() {
        Lan lan = new Lan(6);
        CephxClient one = lan.login("osd.1");
        CephxClient two = lan.login("osd.2");
        CephxClient client = lan.login("client.x");
        Lan.Node a = lan.osd("10.0.0.1", one, Msgr2Options.DEFAULT).listen(1);
        Lan.Node b = lan.osd("10.0.0.2", two, Msgr2Options.DEFAULT).listen(2);
        Connection toB = a.dial(b.messenger.addrs(), Policy.LOSSLESS_PEER);
        toB.send(Lan.message(1, 10));
        lan.simulation.run(Duration.ofSeconds(1));

        a.shard.kill();
        lan.network.kill("10.0.0.1");
        Lan.Node liar = lan.new Node("10.0.0.1", client, EntityType.CLIENT, Msgr2Options.DEFAULT);
        liar.listen(1);
        liar.dial(b.messenger.addrs(), Policy.LOSSY).send(Lan.message(99, 10));
        lan.simulation.run(Duration.ofSeconds(1));

        assertThat(b.journal.resets).isEmpty();
        assertThat(b.journal.numbers).containsExactly(1L);
    }

    @Test
    void aLosslessSessionWaitsForAPeerThatIsNotThereYet() {
        Lan lan = new Lan(4);
        CephxClient one = lan.login("osd.1");
        CephxClient two = lan.login("osd.2");
        Lan.Node a = lan.osd("10.0.0.1", one, Msgr2Options.DEFAULT).listen(1);
        EntityAddrVec target = EntityAddrVec.of(Lan.addr("10.0.0.2", 6800, 2));
        a.dial(target, Policy.LOSSLESS_PEER).send(Lan.message(1, 10));
        lan.simulation.run(Duration.ofSeconds(60));
        assertThat(a.journal.refusals).isBetween(5, 30); // the pauses grow
        Lan.Node b = lan.osd("10.0.0.2", two, Msgr2Options.DEFAULT).listen(2);
        lan.simulation.run(Duration.ofSeconds(16));
        assertThat(b.journal.numbers).containsExactly(1L);
    }

    @Test
    void theSamePeerHasOneSession() {
        Lan lan = new Lan(5);
        CephxClient one = lan.login("osd.1");
        CephxClient two = lan.login("osd.2");
        Lan.Node a = lan.osd("10.0.0.1", one, Msgr2Options.DEFAULT).listen(1);
        Lan.Node b = lan.osd("10.0.0.2", two, Msgr2Options.DEFAULT).listen(2);
        Connection first = a.dial(b.messenger.addrs(), Policy.LOSSLESS_PEER);
        assertThat(a.dial(b.messenger.addrs(), Policy.LOSSLESS_PEER)).isSameAs(first);
        lan.simulation.run(Duration.ofSeconds(1));
        assertThat(b.journal.accepted).hasSize(1);
        assertThat(b.dial(a.messenger.addrs(), Policy.LOSSLESS_PEER))
                .isSameAs(b.journal.accepted.getFirst());
        first.close();
        lan.simulation.run(Duration.ofSeconds(1));
        assertThat(a.dial(b.messenger.addrs(), Policy.LOSSLESS_PEER)).isNotSameAs(first);
        lan.simulation.run(Duration.ofSeconds(1));
        assertThat(b.journal.resets)
                .hasSize(1); // the old session's end was not said, but is known now
    }

    @Test
    void aSilentLossySessionIsGivenUpByItsListener() {
        Lan lan = new Lan(6);
        CephxClient client = lan.login("client.admin");
        CephxClient osd = lan.login("osd.2");
        Lan.Node a = lan.new Node("10.0.0.1", client, EntityType.CLIENT, Msgr2Options.DEFAULT);
        Lan.Node b = lan.osd("10.0.0.2", osd, Msgr2Options.DEFAULT).listen(1);
        Connection connection = a.dial(b.messenger.addrs(), Policy.LOSSY);
        for (int minute = 0; minute < 30; minute++) {
            lan.simulation.run(Duration.ofMinutes(1));
            connection.keepAlive();
        }
        assertThat(connection.isOpen()).isTrue();
        lan.simulation.run(Duration.ofMinutes(20));
        assertThat(connection.isOpen()).isFalse();
        assertThat(b.journal.resets).hasSize(1);
    }

    @Test
    void aPeerThatTakesNothingIsGivenUp() {
        Lan lan = new Lan(7);
        CephxClient client = lan.login("client.admin");
        CephxClient osd = lan.login("osd.2");
        Lan.Node a = lan.new Node("10.0.0.1", client, EntityType.CLIENT, Msgr2Options.DEFAULT);
        Lan.Node b = lan.osd("10.0.0.2", osd, Msgr2Options.DEFAULT).listen(1);
        Connection connection = a.dial(b.messenger.addrs(), Policy.LOSSY);
        lan.simulation.run(Duration.ofSeconds(1));
        b.journal.accepted.getFirst().reading(false);
        lan.simulation.run(Duration.ofSeconds(1));
        for (int i = 1; i <= 20; i++) {
            connection.send(Lan.message(i, 1000));
        }
        lan.simulation.run(Duration.ofSeconds(1));
        assertThat(b.journal.numbers).isEmpty();
        b.journal.accepted.getFirst().reading(true);
        lan.simulation.run(Duration.ofSeconds(1));
        assertThat(b.journal.numbers).isEqualTo(upTo(20));
        b.journal.accepted.getFirst().reading(false);
        lan.simulation.run(Duration.ofSeconds(1));
        Message large = Lan.message(1, 4 << 20);
        for (int i = 1; i <= 300; i++) {
            connection.send(large); // each by reference
        }
        lan.simulation.run(Duration.ofSeconds(1));
        assertThat(a.journal.resets).containsExactly(connection);
    }

    @Test
    void aPausedSessionShowsNotOneMessageMore() {
        Lan lan = new Lan(8);
        CephxClient client = lan.login("client.admin");
        CephxClient osd = lan.login("osd.2");
        Lan.Node a = lan.new Node("10.0.0.1", client, EntityType.CLIENT, Msgr2Options.DEFAULT);
        Lan.Node b = lan.osd("10.0.0.2", osd, Msgr2Options.DEFAULT).listen(1);
        b.journal.pauseAfter = 5;
        Connection connection = a.dial(b.messenger.addrs(), Policy.LOSSY);
        upTo(50).forEach(number -> connection.send(Lan.message(number, 10)));
        lan.simulation.run(Duration.ofSeconds(1));
        assertThat(b.journal.numbers).isEqualTo(upTo(5));
        b.journal.accepted.getFirst().reading(true);
        lan.simulation.run(Duration.ofSeconds(1));
        assertThat(b.journal.numbers).isEqualTo(upTo(50));
    }

    @Test
    void theSameSeedGivesTheSameStory() {
        assertThat(story(11)).isEqualTo(story(11));
    }

    private static String story(long seed) {
        Lan lan = new Lan(seed);
        CephxClient one = lan.login("osd.1");
        CephxClient two = lan.login("osd.2");
        Lan.Node a = lan.osd("10.0.0.1", one, Msgr2Options.DEFAULT).listen(1);
        Lan.Node b = lan.osd("10.0.0.2", two, Msgr2Options.DEFAULT).listen(2);
        Connection connection = a.dial(b.messenger.addrs(), Policy.LOSSLESS_PEER);
        for (int i = 1; i <= 20; i++) {
            connection.send(Lan.message(i, 100));
            lan.simulation.run(Duration.ofMillis(5));
            if (i % 7 == 0) {
                lan.network.breakAny();
            }
        }
        lan.simulation.run(Duration.ofSeconds(20));
        return lan.simulation.taskCount() + " " + lan.network.linkCount() + " " + b.journal.events;
    }
}
