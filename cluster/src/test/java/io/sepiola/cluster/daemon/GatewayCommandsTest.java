package io.sepiola.cluster.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.message.MCommand;
import io.sepiola.protocol.message.MCommandReply;
import io.sepiola.protocol.osd.PerfCounterType;
import io.sepiola.protocol.perf.PerfCounters;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** What a gateway answers through its admin socket. */
class GatewayCommandsTest {
    private final PerfCounters counters = new PerfCounters();
    private final GatewayCommands commands =
            new GatewayCommands(
                    "client.rgw.a", new TreeMap<>(Map.of("rgw_dns_name", "s3.example")), counters);

    @BeforeEach
    void count() {
        counters.add(
                PerfCounters.Counter.of(
                        new PerfCounterType("rgw.req", "Requests", "", 10, 5, 1), () -> 3));
    }

    private MCommandReply tell(String json) {
        List<String> words = List.of(json.replace('\'', '"'));
        return commands.tell(new MCommand(7, new UUID(0, 0), words, Bytes.EMPTY)).join();
    }

    private String said(String json) {
        return tell(json).output().toUtf8().replace('"', '\'');
    }

    @Test
    void itDescribesWhatItKnows() {
        assertThat(said("{'prefix':'get_command_descriptions'}"))
                .startsWith("{'cmd000':{'sig':['get_command_descriptions'],'help':")
                .contains(
                        "{'sig':['config','set',{'name':'var','type':'CephString'},"
                                + "{'name':'val','type':'CephString','n':'N'}],");
        assertThat(said("{'prefix':'help'}")).contains("    'config show': '");
        assertThat(said("{'prefix':'version'}")).startsWith("{\n    'version': '16.2.15',\n");
    }

    @Test
    void optionsAreTheFilesUntilOthersAreSet() {
        String get = "{'prefix':'config get','var':'rgw_dns_name','format':'json'}";
        assertThat(said(get)).isEqualTo("{'rgw_dns_name':'s3.example'}");
        tell("{'prefix':'config set','var':'rgw_dns_name','val':['other']}");
        assertThat(said(get)).isEqualTo("{'rgw_dns_name':'other'}");
        assertThat(said("{'prefix':'config show','format':'json'}"))
                .startsWith("{'name':'client.rgw.a','cluster':'ceph',");
    }

    @Test
    void whatIsCountedIsShown() {
        assertThat(said("{'prefix':'perf dump','format':'json'}")).isEqualTo("{'rgw':{'req':3}}");
    }

    @Test
    void whatItDoesNotKnowIsRefused() {
        assertThat(tell("{'prefix':'nosuch'}").result()).isEqualTo(-22);
        assertThat(tell("no json").result()).isEqualTo(-22);
        assertThat(tell("{'prefix':'config get','var':'nosuch'}").result()).isEqualTo(-2);
    }
}
