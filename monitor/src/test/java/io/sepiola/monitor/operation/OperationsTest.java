package io.sepiola.monitor.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Simulation;
import io.sepiola.protocol.message.MMonCommand;
import io.sepiola.protocol.message.MPing;
import io.sepiola.protocol.osd.DaemonHealthMetric;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

class OperationsTest {
    private static final String CLIENT = "client.? 127.0.0.1:0/77";

    private final Simulation simulation = new Simulation(1);
    private final Operations operations = new Operations(simulation.clock());
    private final Map<String, String> options = new HashMap<>();

    private void configure(String... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            options.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        operations.configure(option -> options.getOrDefault(option, ""));
    }

    private Operation began() {
        return operations.began(new MPing(Bytes.EMPTY), CLIENT, simulation.clock().nanos());
    }

    private static List<?> shown(Map<String, Object> dump, String key) {
        return (List<?>) dump.get(key);
    }

    @Test
    void whatIsNotDoneIsShownWithItsAge() {
        simulation.run(Duration.ofSeconds(2));
        MMonCommand command =
                new MMonCommand(
                        1,
                        0,
                        new UUID(1, 1),
                        List.of("{\"prefix\":\"auth get-or-create\",\"entity\":\"osd.1\"}"),
                        Bytes.EMPTY);
        Operation one = operations.began(command, CLIENT, simulation.clock().nanos());
        simulation.run(Duration.ofSeconds(1));
        one.step("mon:dispatch_op");
        one.awaitsCommit();
        simulation.run(Duration.ofSeconds(3));
        began();
        assertThat(operations.waiting()).containsEntry("num_ops", 2);
        assertThat(shown(operations.waiting(), "ops").getFirst().toString())
                .isEqualTo(
                        "{description=mon_command({\"prefix\":\"auth get-or-create\","
                                + "\"entity\":\"osd.1\"} v 0),"
                                + " initiated_at=2030-01-01T00:00:02.000000+0000,"
                                + " age=4.0, duration=4.0, type_data={events=["
                                + "{event=initiated, time=2030-01-01T00:00:02.000000+0000,"
                                + " duration=0.0},"
                                + " {event=mon:_ms_dispatch,"
                                + " time=2030-01-01T00:00:02.000000+0000, duration=1.0},"
                                + " {event=mon:dispatch_op,"
                                + " time=2030-01-01T00:00:03.000000+0000, duration=0.0},"
                                + " {event=auth:wait_for_finished_proposal,"
                                + " time=2030-01-01T00:00:03.000000+0000, duration=4.0}],"
                                + " info={seq=1, src_is_mon=false,"
                                + " source=client.? 127.0.0.1:0/77, forwarded_to_leader=false}}}");
    }

    @Test
    void whatWasDoneIsRememberedAndWhatWasDroppedIsNot() {
        simulation.run(Duration.ofSeconds(2));
        Operation done = began();
        Operation dropped = began();
        done.forwarded();
        simulation.run(Duration.ofSeconds(1));
        operations.ended(done);
        operations.ended(done);
        operations.dropped(dropped);
        operations.ended(dropped);
        assertThat(operations.waiting()).containsEntry("num_ops", 0);
        simulation.run(Duration.ofSeconds(9));
        assertThat(shown(operations.history().dump(), "ops").toString())
                .startsWith("[{description=ping magic: 0, initiated_at=")
                .contains(
                        "age=10.0, duration=1.0",
                        "{event=forwarded, time=2030-01-01T00:00:02.000000+0000, duration=1.0}",
                        "{event=done, time=2030-01-01T00:00:03.000000+0000, duration=1.0}",
                        "forwarded_to_leader=true")
                .doesNotContain("seq=2");
    }

    @Test
    void optionsSayHowMuchIsRemembered() {
        configure(
                "mon_op_history_size",
                "2",
                "mon_op_history_duration",
                "60",
                "mon_op_history_slow_op_threshold",
                "5");
        simulation.run(Duration.ofSeconds(100));
        for (int i = 0; i < 4; i++) {
            Operation one = began();
            simulation.run(Duration.ofSeconds(6));
            operations.ended(one);
        }
        assertThat(operations.history().dump())
                .containsEntry("size", 2)
                .containsEntry("duration", 60L)
                .extractingByKey("ops")
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .hasSize(2);
        assertThat(shown(operations.history().dumpSlow(), "Ops")).hasSize(4);
        configure("mon_op_history_size", "0");
        assertThat(shown(operations.history().dump(), "ops")).isEmpty();
    }

    @Test
    void whoDoesNotWishItHasNothingTracked() {
        configure("mon_enable_op_tracker", "false");
        assertThat(operations.enabled()).isFalse();
        Operation one = began();
        assertThat(operations.waiting()).containsEntry("num_ops", 0);
        operations.ended(one);
        assertThat(shown(operations.history().dump(), "ops")).isEmpty();
        configure("mon_enable_op_tracker", "true");
        began();
        assertThat(operations.waiting()).containsEntry("num_ops", 1);
        operations.dropAll();
        assertThat(operations.waiting()).containsEntry("num_ops", 0);
    }

    @Test
    void theManagerIsToldHowManyAreSlow() {
        began();
        simulation.run(Duration.ofSeconds(20));
        began();
        assertThat(operations.slow()).isEqualTo(new DaemonHealthMetric(0, 0));
        simulation.run(Duration.ofSeconds(12));
        assertThat(operations.slow()).isEqualTo(new DaemonHealthMetric(0, 32L << 32 | 1));
        configure("mon_op_complaint_time", "10");
        assertThat(operations.slow()).isEqualTo(new DaemonHealthMetric(0, 32L << 32 | 2));
    }
}
