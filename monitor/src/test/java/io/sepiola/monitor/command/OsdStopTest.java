package io.sepiola.monitor.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.monitor.state.Change;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.map.PgPool;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** OSDs are told to stop, and groups to peer again. */
class OsdStopTest {
    private final Typist typist = new Typist();

    @BeforeEach
    void twoOsdsAreUp() {
        step(next -> {
            next.osdMax(3);
            for (int osd = 0; osd < 3; osd++) {
                next.newState(osd, OsdMap.STATE_EXISTS).newUuid(osd, new UUID(7, osd));
            }
        });
        step(next -> {
            for (int osd = 0; osd < 2; osd++) {
                next.newUp(
                        osd,
                        EntityAddrVec.EMPTY,
                        EntityAddrVec.EMPTY,
                        EntityAddrVec.EMPTY,
                        EntityAddrVec.EMPTY);
            }
        });
    }

    private OsdMap map() {
        return typist.state.osdMaps().newest();
    }

    private void step(Consumer<OsdMapIncremental.Builder> change) {
        OsdMapIncremental.Builder next = OsdMapIncremental.after(map()).modified(Utime.ZERO);
        change.accept(next);
        typist.state =
                typist.state.apply(List.of(new Change.OsdMapStep(next.build().sealed(map()))));
    }

    private Reply stop(String... ids) {
        return typist.type("osd stop", "ids", List.of(ids));
    }

    @Test
    void anOsdIsMarkedDownAndToldWhy() {
        assertThat(stop("osd.1", "77"))
                .isEqualTo(Reply.said("stop osd.1. osd.77 does not exist. "));
        assertThat(map().isUp(1)).isFalse();
        assertThat(map().isUp(0)).isTrue();
        assertThat(map().state(1) & OsdMap.STATE_STOP).isNotZero();
        assertThat(stop("1")).isEqualTo(Reply.said("osd.1 is already stopped. "));
    }

    @Test
    void anOsdThatIsDownStaysDown() {
        assertThat(stop("2")).isEqualTo(Reply.said("stop osd.2. "));
        assertThat(map().isUp(2)).isFalse();
        assertThat(stop("2").text()).contains("already stopped");
        assertThat(stop("x").result()).isEqualTo(-22);
    }

    @Test
    void whoComesUpAgainIsNotStoppedAnyMore() {
        stop("1");
        step(next ->
                next.newUp(
                        1,
                        EntityAddrVec.EMPTY,
                        EntityAddrVec.EMPTY,
                        EntityAddrVec.EMPTY,
                        EntityAddrVec.EMPTY));
        assertThat(map().isUp(1)).isTrue();
        assertThat(map().state(1) & OsdMap.STATE_STOP).isZero();
        assertThat(stop("1").text()).isEqualTo("stop osd.1. ");
    }

    @Test
    void aGroupWithoutAPrimaryCannotPeer() {
        assertThat(typist.type("pg repeer", "pgid", "9.0").result()).isEqualTo(-2);
        assertThat(typist.type("pg repeer", "pgid", "x").result()).isEqualTo(-22);
        step(next -> next.newPool(1, PgPool.builder().pgNum(4).pgpNum(4).size(2).build()));
        assertThat(typist.type("pg repeer", "pgid", "1.4").result()).isEqualTo(-2);
        assertThat(typist.type("pg repeer", "pgid", "1.0").result()).isEqualTo(-11);
    }

    @Test
    void aGroupsPrimaryIsAloneForAMoment() {
        step(next -> {
            next.newPool(1, PgPool.builder().pgNum(4).pgpNum(4).size(2).build());
            next.newPgTemp(new PgId(1, 0), List.of(1, 0));
            next.newPgTemp(new PgId(1, 1), List.of(1));
        });
        assertThat(typist.type("pg repeer", "pgid", "1.0")).isEqualTo(Reply.said(""));
        assertThat(map().map(new PgId(1, 0)).acting()).containsExactly(1);
        // One that is alone gets another, so that there is a change.
        assertThat(typist.type("pg repeer", "pgid", "1.1")).isEqualTo(Reply.said(""));
        assertThat(map().map(new PgId(1, 1)).acting()).containsExactly(1, 0);
    }
}
