package io.sepiola.osd.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Simulation;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.tell.OperationHistory;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Which operations an OSD remembers. */
class OperationHistoryTest {
    private static final EntityAddr CLIENT =
            EntityAddr.msgr2(new InetSocketAddress("127.0.0.1", 0), 7);

    private final Simulation simulation = new Simulation(1);
    private final OperationHistory history =
            new OperationHistory(simulation.clock(), "osd_op_history");

    /** An operation that takes so long and is answered now. */
    private void ended(long tid, Duration took) {
        long arrived = simulation.clock().nanos() - took.toNanos();
        history.ended(
                arrived,
                () ->
                        new OperationView(
                                new OsdReqId(new EntityName(EntityType.CLIENT, 4115), tid, 0),
                                CLIENT,
                                new PgId(1, 5),
                                HObject.MIN,
                                true,
                                9,
                                arrived));
    }

    private static List<Long> tids(Map<String, Object> dump, String key) {
        return ((List<?>) dump.get(key))
                .stream()
                        .map(op -> (Map<?, ?>) ((Map<?, ?>) op).get("type_data"))
                        .map(type -> (Map<?, ?>) type.get("client_info"))
                        .map(client -> (Long) client.get("tid"))
                        .toList();
    }

    @Test
    void theSlowestOfTheLastWhileAreKept() {
        history.configure(Map.of("osd_op_history_size", "2", "osd_op_history_duration", "60"));
        simulation.run(Duration.ofSeconds(100));
        ended(1, Duration.ofMillis(5));
        ended(2, Duration.ofMillis(30));
        ended(3, Duration.ofMillis(10));
        ended(4, Duration.ofMillis(1));
        assertThat(tids(history.dump(), "ops")).as("by arrival").containsExactly(2L, 3L);
        assertThat(tids(history.dumpByDuration(), "ops")).containsExactly(2L, 3L);
        ended(5, Duration.ofMillis(50));
        assertThat(tids(history.dump(), "ops")).containsExactly(5L, 2L);
        assertThat(history.dump()).containsEntry("size", 2).containsEntry("duration", 60L);
        simulation.run(Duration.ofSeconds(61));
        ended(6, Duration.ofMillis(1));
        assertThat(tids(history.dump(), "ops")).containsExactly(6L);
    }

    @Test
    void whatWasSlowIsKeptApartAndLonger() {
        history.configure(
                Map.of(
                        "osd_op_history_slow_op_size",
                        "2",
                        "osd_op_history_slow_op_threshold",
                        "0.5"));
        simulation.run(Duration.ofSeconds(100));
        ended(1, Duration.ofMillis(600));
        ended(2, Duration.ofMillis(400));
        simulation.run(Duration.ofSeconds(1000));
        assertThat(tids(history.dumpSlow(), "Ops")).containsExactly(1L);
        assertThat(tids(history.dump(), "ops")).isEmpty();
        ended(3, Duration.ofSeconds(1));
        ended(4, Duration.ofMillis(700));
        assertThat(tids(history.dumpSlow(), "Ops")).containsExactly(3L, 4L);
        assertThat(history.dumpSlow()).containsEntry("num to keep", 2);
    }

    @Test
    void anOperationIsShownWithItsEnds() {
        simulation.run(Duration.ofSeconds(2));
        ended(7, Duration.ofSeconds(1));
        simulation.run(Duration.ofSeconds(3));
        assertThat(history.dump().get("ops").toString())
                .startsWith("[{description=osd_op(client.4115.0:7 1.5 ")
                .contains(
                        "initiated_at=2030-01-01T00:00:01.000000+0000, age=4.0, duration=1.0",
                        "{event=initiated, time=2030-01-01T00:00:01.000000+0000, duration=0}",
                        "{event=done, time=2030-01-01T00:00:02.000000+0000, duration=1.0}");
    }

    @Test
    void nonsenseIsNotSet() {
        history.configure(Map.of("osd_op_history_size", "many"));
        assertThat(history.dump()).containsEntry("size", 20).containsEntry("duration", 600L);
        history.configure(Map.of("osd_op_history_size", "0", "osd_op_history_slow_op_size", "0"));
        ended(1, Duration.ofSeconds(30));
        assertThat(tids(history.dump(), "ops")).isEmpty();
        assertThat(tids(history.dumpSlow(), "Ops")).isEmpty();
    }
}
