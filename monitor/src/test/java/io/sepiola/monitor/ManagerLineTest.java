package io.sepiola.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.base.Simulation;
import io.sepiola.messenger.AuthException;
import io.sepiola.messenger.CephxMonitorAuth;
import io.sepiola.messenger.ClientAuth;
import io.sepiola.messenger.Connection;
import io.sepiola.messenger.ConnectionModes;
import io.sepiola.messenger.Dispatcher;
import io.sepiola.messenger.Messenger;
import io.sepiola.messenger.Policy;
import io.sepiola.monitor.state.MonitorState;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.MgrMap;
import io.sepiola.protocol.message.MMgrConfigure;
import io.sepiola.protocol.message.MMgrOpen;
import io.sepiola.protocol.message.MMgrReport;
import io.sepiola.protocol.option.ReportedOptions;
import io.sepiola.protocol.option.RunningOptions;
import io.sepiola.protocol.osd.DaemonHealthMetric;
import io.sepiola.protocol.osd.PerfCounterType;
import io.sepiola.protocol.perf.PerfCounters;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** What a monitor tells managers, which are played by hand. */
class ManagerLineTest {
    private static final Duration SOON = Duration.ofMillis(1100);

    private final Simulation simulation = new Simulation(1);
    private final Simulation.SimulatedShard shard = simulation.shard("mon");
    private final List<Line> lines = new ArrayList<>();
    private final PerfCounters counters = new PerfCounters();
    private final CephxMonitorAuth auth =
            new CephxMonitorAuth(
                    new MonitorKeys(
                            () -> MonitorState.blank(new UUID(7, 7)).auth(), option -> "3600"),
                    simulation.clock(),
                    simulation.random());
    private Dispatcher dispatcher;
    private ClientAuth dials;
    private MgrMap managers = MgrMap.EMPTY;
    private Map<String, String> options = Map.of();
    private boolean serves = true;
    private ManagerLine line;

    /** A session with a manager. */
    private record Line(EntityAddrVec target, FakeLine connection, List<Message> heard) {}

    private final class Dialler implements Messenger {
        @Override
        public EntityName self() {
            return new EntityName(EntityType.MON, 0);
        }

        @Override
        public void rename(EntityName self) {}

        @Override
        public EntityAddrVec addrs() {
            return EntityAddrVec.EMPTY;
        }

        @Override
        public void modes(ConnectionModes wanted) {}

        @Override
        public void listen(EntityAddr wanted) {
            throw new UnsupportedOperationException("it only dials");
        }

        @Override
        public Connection connect(EntityType type, EntityAddrVec target, Policy policy) {
            Line made = new Line(target, new FakeLine(), new ArrayList<>());
            made.connection.arrivesAt(made.heard::add);
            lines.add(made);
            return made.connection;
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void start() {
        counters.add(
                PerfCounters.Counter.of(
                        new PerfCounterType("mon.num_sessions", "", "", 2, 5, 1), () -> 3));
        counters.add(
                PerfCounters.Counter.of(
                        new PerfCounterType("cluster.num_mon", "", "", 2, 0, 1), () -> 1));
        line =
                new ManagerLine(
                        "a",
                        shard,
                        this::self,
                        (self, clientAuth, incoming) -> {
                            dials = clientAuth;
                            dispatcher = incoming;
                            return new Dialler();
                        });
        shard.execute(line::look);
    }

    private Optional<SelfReport> self() {
        RunningOptions running =
                new RunningOptions(
                        List.of(new RunningOptions.Layer("file", new TreeMap<>(options))));
        return serves
                ? Optional.of(
                        new SelfReport(
                                new EntityName(EntityType.MON, 0),
                                managers,
                                auth,
                                running,
                                counters,
                                new DaemonHealthMetric(0, 0)))
                : Optional.empty();
    }

    private static EntityAddrVec at(int port) {
        return EntityAddrVec.of(EntityAddr.msgr2(new InetSocketAddress("127.0.0.1", port), 1));
    }

    private void active(long gid, int port) {
        managers = MgrMap.EMPTY.withActive(gid, "x", at(port), true, 0, Utime.ZERO);
    }

    private static String value(Bytes config) {
        return ReportedOptions.fromBytes(config).values().toString();
    }

    @Test
    void nobodyIsDialledBeforeThereIsAManager() {
        simulation.run(Duration.ofSeconds(10));
        assertThat(lines).isEmpty();
    }

    @Test
    void theActiveManagerIsToldEverythingAtFirstAndThenWhatIsDifferent() {
        options = Map.of("mon_max_pg_per_osd", "300");
        active(4107, 6800);
        simulation.run(SOON);
        assertThat(lines).hasSize(1);
        List<Message> heard = lines.getFirst().heard;
        MMgrOpen open = (MMgrOpen) heard.get(0);
        assertThat(open.daemon()).isEqualTo("a");
        assertThat(value(open.config())).contains("mon_max_pg_per_osd", "300", "file");
        MMgrReport first = (MMgrReport) heard.get(1);
        assertThat(first.declared())
                .as("what is of interest")
                .extracting(PerfCounterType::path)
                .containsExactly("mon.num_sessions");
        assertThat(first.config().size()).isZero();
        assertThat(first.healthMetrics()).containsExactly(new DaemonHealthMetric(0, 0));
        options = Map.of("mon_max_pg_per_osd", "400");
        simulation.run(Duration.ofSeconds(6));
        assertThat(heard).hasSize(3);
        MMgrReport second = (MMgrReport) heard.get(2);
        assertThat(second.declared()).isEmpty();
        assertThat(value(second.config())).contains("400");
    }

    @Test
    void theManagerSaysHowOften() {
        active(4107, 6800);
        simulation.run(SOON);
        Line only = lines.getFirst();
        dispatcher.received(only.connection, new MMgrConfigure(20, 0, Bytes.EMPTY));
        simulation.run(Duration.ofMillis(10));
        MMgrReport more = (MMgrReport) only.heard.getLast();
        assertThat(more.declared())
                .as("what was not of interest before")
                .extracting(PerfCounterType::path)
                .containsExactly("cluster.num_mon");
        int count = only.heard.size();
        simulation.run(Duration.ofSeconds(18));
        assertThat(only.heard).hasSize(count);
        simulation.run(Duration.ofSeconds(4));
        assertThat(only.heard).hasSize(count + 1);
    }

    @Test
    void anotherManagerAndALostSessionAreDialledAnew() {
        active(4107, 6800);
        simulation.run(SOON);
        active(4108, 6900);
        simulation.run(SOON);
        assertThat(lines).extracting(Line::target).containsExactly(at(6800), at(6900));
        dispatcher.reset(lines.getFirst().connection);
        simulation.run(SOON);
        assertThat(lines).as("one that was left anyway").hasSize(2);
        dispatcher.reset(lines.getLast().connection);
        simulation.run(SOON);
        assertThat(lines).hasSize(3);
        assertThat(lines.getLast().heard.getFirst()).isInstanceOf(MMgrOpen.class);
        serves = false;
        simulation.run(SOON);
        assertThat(lines.getLast().connection.isOpen()).isFalse();
        assertThatThrownBy(() -> dials.begin(EntityType.MGR)).isInstanceOf(AuthException.class);
        serves = true;
        simulation.run(SOON);
        assertThat(lines).hasSize(4);
        line.close();
        simulation.run(Duration.ofSeconds(10));
        assertThat(lines.getLast().connection.isOpen()).isFalse();
        assertThat(lines).hasSize(4);
    }
}
