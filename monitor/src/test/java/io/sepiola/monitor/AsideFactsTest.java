package io.sepiola.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Clock;
import io.sepiola.monitor.state.MonitorState;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.message.MCommand;
import io.sepiola.protocol.message.MCommandReply;
import io.sepiola.protocol.perf.PerfCounters;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** What a monitor answers that follows nobody. */
class AsideFactsTest {
    private static final UUID FSID = new UUID(7, 7);

    private final Lasting lasting = new Lasting(Clock.system());
    private final MonitorOptions options =
            MonitorOptions.of(
                            "b",
                            FSID,
                            EntityAddr.msgr2(new InetSocketAddress("127.0.0.1", 3301), 0))
                    .with(Map.of("mon_max_pg_per_osd", "300"));

    private MCommandReply tell(String json) {
        AsideFacts facts =
                new AsideFacts(
                        options,
                        Clock.system(),
                        lasting,
                        MonitorState.blank(FSID),
                        Optional.empty(),
                        0,
                        new TreeMap<>(),
                        JsonText.array(),
                        new PerfCounters());
        List<String> words = List.of(json.replace('\'', '"'));
        return facts.answer(new MCommand(7, new UUID(0, 0), words, Bytes.EMPTY));
    }

    @Test
    void itKnowsItsCommandsAndItsRelease() {
        assertThat(tell("{'prefix':'version'}").output().toUtf8()).contains("\"16.2.15\"");
        assertThat(tell("{'prefix':'help'}").output().toUtf8()).contains("\"mon_status\"");
        assertThat(tell("{'prefix':'get_command_descriptions'}").output().toUtf8())
                .contains("\"sig\":[\"mon_status\"]");
        assertThat(tell("{'prefix':'nosuch'}").result()).isEqualTo(-22);
        assertThat(tell("no json").tid()).isEqualTo(7);
    }

    @Test
    void itSaysThatThereIsNoQuorum() {
        assertThat(tell("{'prefix':'mon_status','format':'json'}").output().toUtf8())
                .startsWith("{\"name\":\"b\",\"rank\":-1,\"state\":\"probing\",")
                .contains("\"quorum\":[]");
    }

    @Test
    void itsOptionsAreTheFilesAndWhatItIsTold() {
        String get = "{'prefix':'config get','var':'mon_max_pg_per_osd','format':'json'}";
        assertThat(tell(get).output().toUtf8()).isEqualTo("{\"mon_max_pg_per_osd\":\"300\"}");
        tell("{'prefix':'config set','var':'mon_max_pg_per_osd','val':['7']}");
        assertThat(tell(get).output().toUtf8()).isEqualTo("{\"mon_max_pg_per_osd\":\"7\"}");
    }

    @Test
    void theQuorumIsReadAsItIsWritten() {
        QuorumView view = new QuorumView("a", List.of(0, 2), Instant.parse("2030-01-01T00:00:00Z"));
        assertThat(QuorumView.CODEC.fromBytes(QuorumView.CODEC.toBytes(view))).isEqualTo(view);
    }
}
