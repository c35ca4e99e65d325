package io.sepiola.osd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Simulation;
import io.sepiola.osd.op.OpKinds;
import io.sepiola.osd.pg.ClientRequest;
import io.sepiola.osd.pg.FakeConnection;
import io.sepiola.osd.report.OsdCounters;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.ObjectLocator;
import io.sepiola.protocol.message.MOSDOp;
import io.sepiola.protocol.osd.DaemonHealthMetric;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.OsdOp;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.SnapContext;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Which operations an OSD calls slow. */
class OpsInFlightTest {
    private final Simulation simulation = new Simulation(1);
    private final List<ClientRequest> waiting = new ArrayList<>();
    private final OpsInFlight operations =
            new OpsInFlight(
                    simulation.clock(),
                    Duration.ofSeconds(30),
                    visitor -> waiting.forEach(request -> visitor.visit(request, "delayed")));

    private void write(long tid) {
        List<OsdOp> ops = List.of(new OsdOp.WriteFull(Bytes.utf8("x")));
        OsdReqId id = new OsdReqId(new EntityName(EntityType.CLIENT, 4115), tid, 0);
        MOSDOp op =
                new MOSDOp(
                        tid,
                        SpgId.replicated(new PgId(1, 5)),
                        5,
                        9,
                        0,
                        id,
                        0,
                        Utime.ZERO,
                        new ObjectLocator(1, "", "", -1),
                        "foo",
                        ops,
                        HObject.HEAD,
                        SnapContext.NONE,
                        0,
                        0);
        FakeConnection client =
                new FakeConnection() {
                    @Override
                    public void send(Message message) {}
                };
        HObject object = op.target().withSnap(HObject.HEAD);
        waiting.add(
                new ClientRequest(
                        client,
                        op,
                        id,
                        object,
                        OpKinds.of(ops),
                        simulation.clock().nanos(),
                        new OsdCounters(simulation.clock())));
    }

    private static DaemonHealthMetric metric(long count, long seconds) {
        return new DaemonHealthMetric(0, seconds << 32 | count);
    }

    @Test
    void whatIsAsOldAsTheComplaintTimeIsSlow() {
        assertThat(operations.slow()).isEqualTo(metric(0, 0));
        write(1);
        simulation.run(Duration.ofSeconds(20));
        write(2);
        simulation.run(Duration.ofSeconds(9));
        assertThat(operations.slow()).isEqualTo(metric(0, 0));
        simulation.run(Duration.ofSeconds(1));
        assertThat(operations.slow()).isEqualTo(metric(1, 30));
        simulation.run(Duration.ofSeconds(25));
        assertThat(operations.slow()).isEqualTo(metric(2, 55));
        waiting.clear();
        assertThat(operations.slow()).isEqualTo(metric(0, 0));
    }

    @Test
    void theOldestIsShownFirst() {
        write(7);
        simulation.run(Duration.ofSeconds(2));
        write(8);
        assertThat(operations.dump()).containsEntry("num_ops", 2);
        assertThat(operations.dump().get("ops").toString())
                .startsWith("[{description=osd_op(client.4115.0:7 1.5 ")
                .contains("initiated_at=2030-01-01T00:00:00.000000+0000, age=2.0")
                .contains("flag_point=delayed");
    }
}
