package io.sepiola.osd.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.crush.CrushEditor;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.osd.PgInfo;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** Steps of one member's machine that no story comes upon often. */
class PeeringTest {
    private static final SpgId PG = SpgId.replicated(new PgId(1, 0));
    private static final int SELF = 0;

    private OsdMap map =
            OsdMap.initial(
                    new UUID(1, 2),
                    Utime.ZERO,
                    new CrushEditor(CrushEditor.initial("osd")).build());
    private final Asked asked = new Asked();

    private void change(Consumer<OsdMapIncremental.Builder> what) {
        OsdMapIncremental.Builder step = OsdMapIncremental.after(map);
        what.accept(step);
        map = map.apply(step.build());
    }

    private void upTo(int epoch) {
        while (map.epoch() < epoch) {
            change(step -> {});
        }
    }

    private static void up(OsdMapIncremental.Builder step, int... osds) {
        for (int osd : osds) {
            EntityAddrVec at =
                    EntityAddrVec.of(
                            EntityAddr.msgr2(
                                    new InetSocketAddress(
                                            InetAddress.getLoopbackAddress(), 6800 + osd),
                                    1));
            step.newUp(osd, at, at, at, at);
        }
    }

    private static Membership members(int primary, Integer... acting) {
        return new Membership(
                List.of(acting), primary, List.of(acting), primary, acting.length, 2, 1, 1);
    }

    private static Ledger ledger(int started) {
        Ledger ledger = new Ledger(PG, Histories.created(1, Utime.ZERO));
        ledger.history = Histories.started(ledger.history, started, started);
        ledger.lastEpochStarted = started;
        return ledger;
    }

    private static Event.Notified told(int from, int started) {
        PgInfo info = started == 0 ? Infos.empty(PG, ledger(0).history) : ledger(started).info();
        return new Event.Notified(from, info, List.of());
    }

    @Test
    void whoHasBeenThroughMoreEndsTheWaitForThoseWhoAreDown() {
        change(step -> {
            step.osdMax(5);
            up(step, SELF, 1, 2, 3, 4);
        });
        change(step -> step.down(2).newLastClean(1, 35, 40));
        upTo(50);
        Ledger ledger = ledger(10);
        ledger.pastIntervals.add(new PgInterval(20, 29, List.of(1, 2), true));
        Peering peering = new Peering(SELF, ledger, map, members(SELF, SELF, 3), asked, 10);
        peering.reached();
        peering.on(told(1, 0));
        peering.on(told(3, 10));
        assertThat(peering.phase()).isInstanceOf(Phase.Down.class);
        assertThat(asked.osds).containsExactly(1, 3);

        peering.on(told(4, 31));

        assertThat(peering.phase()).isNotInstanceOf(Phase.Down.class);
        assertThat(ledger.pastIntervals)
                .as("tells who may hold what is unfound, until the group is clean")
                .hasSize(1);
    }

    /**
     * It followed a primary that died before it noted the same: nothing was acknowledged then, and
     * nobody else shall have to know of it.
     */
    @Test
    void whatNotAllActivatedIsNotCalledStartedByTooFew() {
        change(step -> {
            step.osdMax(2);
            up(step, SELF);
        });
        upTo(50);
        change(step -> step.newUpThru(SELF, 50));
        Ledger ledger = ledger(10);
        ledger.lastEpochStarted = 30;
        Peering peering = new Peering(SELF, ledger, map, members(SELF, SELF), asked, 10);
        peering.reached();
        asked.durable.forEach(peering::on);

        assertThat(peering.phase()).isInstanceOf(Phase.Active.class);
        assertThat(((Phase.Active) peering.phase()).notActivated()).isEmpty();
        assertThat(ledger.history.lastEpochStarted()).isEqualTo(10);
        assertThat(ledger.lastEpochStarted).isEqualTo(30);
    }

    /** They have met at the earliest when the last of them came. */
    @Test
    void anIntervalEnteredAfterAGapBeganWhenAllItsMembersWereUp() {
        change(step -> {
            step.osdMax(5);
            up(step, SELF, 1, 2);
        });
        OsdMap before = map;
        upTo(20);
        change(step -> step.newUpThru(1, 15));
        upTo(30);
        change(step -> up(step, 3));
        int met = map.epoch();
        upTo(40);
        Ledger ledger = ledger(2);
        Peering peering = new Peering(SELF, ledger, before, members(1, 1, 2, SELF), asked, 10);

        peering.advance(map, members(1, 1, 2, 3));

        assertThat(ledger.history.sameIntervalSince()).isEqualTo(met);
    }

    /** Whom a member asked; everything else that it does is for others to look at. */
    private static final class Asked implements Effects {
        final List<Integer> osds = new ArrayList<>();
        final List<Event> durable = new ArrayList<>();

        @Override
        public void askInfo(int osd) {
            osds.add(osd);
        }

        @Override
        public void askLog(int osd, EVersion since) {}

        @Override
        public void tellNotify(int osd, int queryEpoch, PgInfo info) {}

        @Override
        public void tellInfo(int osd, PgInfo info) {}

        @Override
        public void tellLog(
                int osd, int queryEpoch, PgInfo info, LogMerge.Stretch log, MissingSet missing) {}

        @Override
        public void persist(Event whenDurable) {
            durable.add(whenDurable);
        }

        @Override
        public void persist() {}

        @Override
        public void wantUpThru(int epoch) {}

        @Override
        public void wantActing(List<Integer> want) {}

        @Override
        public void intervalChanged() {}

        @Override
        public void restarted() {}

        @Override
        public void activated() {}

        @Override
        public boolean mayHaveReaders() {
            return false;
        }

        @Override
        public void replicaActivated() {}

        @Override
        public void clean() {}

        @Override
        public void removeStray(int osd) {}

        @Override
        public void sourceGone(int osd) {}

        @Override
        public void phaseChanged() {}
    }
}
