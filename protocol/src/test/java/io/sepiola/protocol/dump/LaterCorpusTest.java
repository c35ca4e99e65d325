package io.sepiola.protocol.dump;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.Golden;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Objects that reef, squid and tentacle encoded: read, and what they have more is read past. */
class LaterCorpusTest {
    /** Types of which some release writes a newer layout, at the top or within. */
    private static final Map<String, List<String>> NEWER = new TreeMap<>();

    static {
        List<String> all = List.of("18.2.0", "19.2.0", "20.3.0");
        List<String> squid = List.of("19.2.0", "20.3.0");
        List<String> tentacle = List.of("20.3.0");
        NEWER.put("EntityAuth", all); // a key to come
        NEWER.put("OSDMap", all); // blocked ranges, primaries of upmaps
        NEWER.put("OSDMap.Incremental", all);
        NEWER.put("MDSMap", all); // masks of ranks, sizes of attributes
        NEWER.put("Filesystem", all); // holds MDSMap
        NEWER.put("FSMap", all); // holds MDSMap
        NEWER.put("MgrMap", squid); // flags, forced failures
        NEWER.put("OSDSuperblock", squid);
        NEWER.put("pg_stat_t", squid);
        NEWER.put("pg_info_t", squid); // holds pg_stat_t
        NEWER.put("pg_notify_t", squid);
        NEWER.put("ghobject_t", squid); // one of them has a generation in another form
        NEWER.put("ObjectRecoveryInfo", tentacle);
        NEWER.put("PGMapDigest", tentacle);
        NEWER.put("PullOp", tentacle);
        NEWER.put("PushOp", tentacle);
        NEWER.put("object_info_t", tentacle);
        NEWER.put("pg_log_entry_t", tentacle);
        NEWER.put("pg_log_t", tentacle);
        NEWER.put("pg_pool_t", tentacle);
    }

    @Test
    void laterObjectsAreReadAndEqualVersionsWrittenAgain() {
        int read = 0;
        Map<String, TreeSet<String>> others = new TreeMap<>();
        for (String file : Golden.names("corpus-later", ".jsonl")) {
            String name = file.substring(0, file.length() - ".jsonl".length());
            if (name.equals("CrushWrapper")) {
                continue; // see the next test
            }
            DumpedTypes.Type<?> type = DumpedTypes.all().get(name.replace(".", "::"));
            for (String line : Golden.lines("corpus-later/" + file)) {
                Bytes sample = Golden.hex(line, "hex");
                DumpedTypes.Value<?> value = type.decode(sample);
                read++;
                assertThat(value.json(true)).startsWith("{");
                if (!value.encoded().equals(sample)) {
                    others.computeIfAbsent(name, key -> new TreeSet<>()).add(release(line));
                }
            }
        }
        assertThat(read).isGreaterThan(300);
        assertThat(others.keySet()).isSubsetOf(NEWER.keySet());
        others.forEach(
                (name, releases) -> assertThat(releases).as(name).isSubsetOf(NEWER.get(name)));
    }

    /** Squid's hierarchy ends with two numbers more, which an OSD map carries along. */
    @Test
    void aLaterHierarchyWithinAMapIsCarriedAlong() {
        int carried = 0;
        for (String line : Golden.lines("corpus-later/OSDMap.jsonl")) {
            DumpedTypes.Type<?> type = DumpedTypes.all().get("OSDMap");
            carried += type.decode(Golden.hex(line, "hex")).json(false).length() > 100 ? 1 : 0;
        }
        assertThat(carried).isGreaterThan(3);
    }

    private static String release(String line) {
        int at = line.indexOf("\"release\":\"") + "\"release\":\"".length();
        return line.substring(at, line.indexOf('"', at));
    }
}
