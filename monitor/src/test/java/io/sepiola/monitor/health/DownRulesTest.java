package io.sepiola.monitor.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.crush.CrushEditor;
import io.sepiola.monitor.health.Health.Check;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** What is said of OSDs 0 and 1 on host a, 2 and 3 on host b, both of rack r. */
class DownRulesTest {
    private static OsdMap map(String down, String out) {
        CrushEditor crush = new CrushEditor(CrushEditor.initial("osd"));
        for (int osd = 0; osd < 4; osd++) {
            Map<String, String> place =
                    Map.of("root", "default", "rack", "r", "host", osd < 2 ? "a" : "b");
            crush.createOrMove(osd, "osd." + osd, 0x10000, place);
        }
        OsdMap map = OsdMap.initial(new UUID(1, 2), Utime.ZERO, crush.build());
        OsdMapIncremental.Builder step = OsdMapIncremental.after(map).osdMax(4);
        for (int osd = 0; osd < 4; osd++) {
            InetSocketAddress at =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 6800 + osd);
            EntityAddrVec addrs = EntityAddrVec.of(EntityAddr.msgr2(at, 1));
            step.newUp(osd, addrs, addrs, addrs, addrs);
            step.newWeight(osd, out.contains("" + osd) ? 0 : OsdMap.WEIGHT_IN);
        }
        OsdMap allUp = map.apply(step.build());
        OsdMapIncremental.Builder fall = OsdMapIncremental.after(allUp);
        for (int osd = 0; osd < 4; osd++) {
            if (down.contains("" + osd)) {
                fall.newState(osd, OsdMap.STATE_UP);
            }
        }
        return allUp.apply(fall.build());
    }

    @ParameterizedTest(name = "down {0}, out {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ''   | ''   | ''
                    1    | ''   | OSD_DOWN: 1 osds down; osd.1 (root=default,rack=r,host=a) is down
                    1    | 1    | ''
                    01   | ''   | OSD_DOWN: 2 osds down; osd.0 (root=default,rack=r,host=a) is down; osd.1 (root=default,rack=r,host=a) is down. OSD_HOST_DOWN: 1 host (2 osds) down; host a (root=default,rack=r) (2 osds) is down
                    01   | 1    | OSD_DOWN: 1 osds down; osd.0 (root=default,rack=r,host=a) is down. OSD_HOST_DOWN: 1 host (2 osds) down; host a (root=default,rack=r) (2 osds) is down
                    0    | 1    | OSD_DOWN: 1 osds down; osd.0 (root=default,rack=r,host=a) is down
                    0123 | 023  | OSD_DOWN: 1 osds down; osd.1 (root=default,rack=r,host=a) is down. OSD_HOST_DOWN: 1 host (2 osds) down; host a (root=default,rack=r) (2 osds) is down. OSD_RACK_DOWN: 1 rack (4 osds) down; rack r (root=default) (4 osds) is down. OSD_ROOT_DOWN: 1 root (4 osds) down; root default (4 osds) is down
                    0123 | 1    | OSD_DOWN: 3 osds down; osd.0 (root=default,rack=r,host=a) is down; osd.2 (root=default,rack=r,host=b) is down; osd.3 (root=default,rack=r,host=b) is down. OSD_HOST_DOWN: 2 hosts (4 osds) down; host a (root=default,rack=r) (2 osds) is down; host b (root=default,rack=r) (2 osds) is down. OSD_RACK_DOWN: 1 rack (4 osds) down; rack r (root=default) (4 osds) is down. OSD_ROOT_DOWN: 1 root (4 osds) down; root default (4 osds) is down
                    """)
    void saysWhoIsDown(String down, String out, String said) {
        SortedMap<String, Check> checks = new TreeMap<>();
        DownRules.check(checks, map(down, out));
        StringBuilder text = new StringBuilder();
        checks.forEach((code, check) -> {
            text.append(text.isEmpty() ? "" : ". ").append(code + ": " + check.summary());
            check.detail().forEach(line -> text.append("; ").append(line));
        });
        assertThat(text).hasToString(said);
    }
}
