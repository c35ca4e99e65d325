package io.sepiola.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Simulation;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.message.MCommand;
import io.sepiola.protocol.message.MMonCommand;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What a monitor shows of its requests; each commit takes 400 ms. */
class MonitorOperationsTest {
    private static final UUID FSID = new UUID(7, 7);
    private static final EntityAddr ADDR =
            EntityAddr.msgr2(new InetSocketAddress("127.0.0.1", 3300), 0);
    private static final Duration LATENCY = Duration.ofMillis(400);

    private final Simulation simulation = new Simulation(1);
    private Monitor monitor;
    private FakeMessenger.Peer admin;
    private long tid;

    @BeforeEach
    void start() {
        Simulation.SimulatedShard shard = simulation.shard("mon");
        List<FakeMessenger> made = new ArrayList<>();
        monitor =
                new Monitor(
                        MonitorOptions.of("a", FSID, ADDR),
                        shard,
                        simulation.random(),
                        new MemoryLog(new MemoryLog.Disk(), shard, LATENCY),
                        (self, auth, dispatcher) -> {
                            made.add(new FakeMessenger(self, dispatcher));
                            return made.getLast();
                        });
        monitor.start(
                Optional.of(
                        Genesis.of(
                                FSID, "a", ADDR, simulation.random(), simulation.clock().now())));
        simulation.run(Duration.ofSeconds(3));
        admin = made.getFirst().peer("client.admin", 4200, EntityAddrVec.EMPTY);
        simulation.run(Duration.ofMillis(10));
    }

    private void say(String json) {
        String text = json.replace('\'', '"');
        admin.say(new MMonCommand(++tid, 0, FSID, List.of(text), Bytes.EMPTY));
    }

    private String tell(String prefix) {
        return told("{\"prefix\":\"" + prefix + "\",\"format\":\"json\"}");
    }

    private String told(String json) {
        var answer = monitor.tell(new MCommand(1, FSID, List.of(json), Bytes.EMPTY));
        simulation.run(Duration.ofMillis(10));
        return answer.join().output().toUtf8();
    }

    @Test
    void whatChangesSomethingIsWorkedOnUntilItIsAgreed() {
        say("{'prefix':'osd set','key':'noout'}");
        simulation.run(Duration.ofMillis(50));
        assertThat(tell("ops"))
                .startsWith("{\"ops\":[{\"description\":\"mon_command({")
                .contains("osdmap:wait_for_finished_proposal", "\"num_ops\":1");
        simulation.run(Duration.ofSeconds(2));
        assertThat(tell("ops")).isEqualTo("{\"ops\":[],\"num_ops\":0}");
        assertThat(tell("dump_historic_ops"))
                .startsWith(
                        "{\"size\":20,\"duration\":600,\"ops\":"
                                + "[{\"description\":\"mon_command({")
                .contains(
                        "\"event\":\"callback finished\"",
                        "\"source\":\"client.4200 -\"",
                        "\"forwarded_to_leader\":false");
    }

    @Test
    void whatOnlyAsksIsDoneAtOnce() {
        say("{'prefix':'osd dump'}");
        assertThat(tell("ops")).isEqualTo("{\"ops\":[],\"num_ops\":0}");
        assertThat(tell("dump_historic_ops_by_duration"))
                .contains("osd dump")
                .doesNotContain("wait_for_finished_proposal");
        assertThat(tell("dump_historic_slow_ops"))
                .isEqualTo("{\"num to keep\":20,\"threshold to keep\":10,\"Ops\":[]}");
    }

    @Test
    void optionsThatItIsToldCountAtOnce() {
        told("{\"prefix\":\"config set\",\"var\":\"mon_op_history_size\",\"val\":[\"1\"]}");
        say("{'prefix':'osd dump'}");
        say("{'prefix':'osd stat'}");
        simulation.run(Duration.ofMillis(10));
        assertThat(monitor.operations().history().dump())
                .as("without being asked first")
                .containsEntry("size", 1);
    }

    @Test
    void optionsAreTakenOverAsTheyAreSet() {
        say("{'prefix':'config set','who':'mon','name':'mon_op_history_size','value':'0'}");
        simulation.run(Duration.ofSeconds(2));
        say("{'prefix':'osd dump'}");
        assertThat(tell("dump_historic_ops")).isEqualTo("{\"size\":0,\"duration\":600,\"ops\":[]}");
        say("{'prefix':'config set','who':'mon','name':'mon_enable_op_tracker','value':'false'}");
        simulation.run(Duration.ofSeconds(2));
        assertThat(tell("ops")).isEmpty();
    }
}
