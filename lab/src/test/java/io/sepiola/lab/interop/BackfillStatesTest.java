package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Genuine Ceph's {@code ceph} and librados see groups wait for their turn, be filled, and be held
 * back for want of room.
 */
@Tag("interop")
class BackfillStatesTest {
    @TempDir Path home;

    private static final String BEGIN =
            """
            import json, rados, sys, time
            cluster = rados.Rados(conffile=sys.argv[1]); cluster.connect()
            io = cluster.open_ioctx('p'); pool = '%d.' % cluster.pool_lookup('p')
            def states():
                command = json.dumps({'prefix': 'pg dump', 'dumpcontents': ['pgs_brief'], 'format': 'json'})
                out = json.loads(cluster.mgr_command(command, b'')[1])
                pgs = out['pg_stats'] if isinstance(out, dict) else out
                return [p['state'] for p in pgs if p['pgid'].startswith(pool)]
            """;

    /** More writes in each group than its log keeps: who has nothing cannot catch up by the log. */
    private static final String FILL =
            """
            for i in range(48): io.write_full('o%d' % i, bytes([i]) * (4 << 20))
            for first in range(0, 3000, 60):
                writes = [io.aio_write('o%d' % (i % 48), bytes([i % 48]), 0) for i in range(first, first + 60)]
                for write in writes: write.wait_for_complete()
            """;

    /** Gathers all states until there is one that is asked for in all, or in one, of the groups. */
    private static final String WATCH =
            """
            seen = set(); end = time.monotonic() + 90
            while time.monotonic() < end:
                now = states()
                for state in now: seen.update(state.split('+'))
                if sys.argv[2] == 'clean' and all(s == 'active+clean' for s in now): break
                if any(sys.argv[2] in s.split('+') for s in now) and sys.argv[2] != 'clean': break
            else:
                print('never', sys.argv[2], now)
            print(' '.join(sorted(seen)))
            """;

    private static final String READ =
            """
            for i in range(48): assert io.read('o%d' % i, 4 << 20) == bytes([i]) * (4 << 20), i
            print('all there')
            """;

    @Test
    void groupsWaitTheirTurnAndForRoom() {
        Program.need("ceph", "/usr/bin/python3");
        try (LocalCluster cluster = LocalCluster.start(home, "backfill")) {
            ceph(cluster, "osd", "pool", "create", "p", "4");
            ceph(cluster, "osd", "pool", "set", "p", "size", "2");
            python(cluster, WATCH, "clean");
            python(cluster, FILL);

            ceph(cluster, "osd", "set-nearfull-ratio", "0.000001");
            ceph(cluster, "osd", "set-backfillfull-ratio", "0.000001");
            ceph(cluster, "osd", "out", "2");
            assertThat(python(cluster, WATCH, "backfill_toofull")).doesNotContain("never");
            assertThat(ceph(cluster, "-s")).contains("backfill_toofull");
            assertThat(ceph(cluster, "health", "detail"))
                    .contains("PG_BACKFILL_FULL: Low space hindering backfill");

            ceph(cluster, "osd", "set", "nobackfill");
            ceph(cluster, "osd", "set-backfillfull-ratio", "0.9");
            ceph(cluster, "osd", "set-nearfull-ratio", "0.85");
            assertThat(python(cluster, WATCH, "backfill_wait"))
                    .doesNotContain("never")
                    .doesNotContain("backfilling");
            assertThat(ceph(cluster, "-s")).contains("nobackfill flag(s) set");

            CompletableFuture<String> watch =
                    CompletableFuture.supplyAsync(() -> python(cluster, WATCH, "clean"));
            ceph(cluster, "osd", "unset", "nobackfill");
            assertThat(watch.join())
                    .doesNotContain("never")
                    .contains("backfill_wait", "backfilling", "remapped");
            assertThat(python(cluster, READ)).isEqualTo("all there\n");
        }
    }

    private static String ceph(LocalCluster cluster, Object... arguments) {
        return cluster.ceph("ceph", arguments).run().ok();
    }

    private static String python(LocalCluster cluster, String program, String... arguments) {
        Object[] words = new Object[3 + arguments.length];
        words[0] = "-c";
        words[1] = BEGIN + program;
        words[2] = cluster.conf();
        System.arraycopy(arguments, 0, words, 3, arguments.length);
        return Program.of("/usr/bin/python3", words).within(Duration.ofMinutes(2)).run().ok();
    }
}
