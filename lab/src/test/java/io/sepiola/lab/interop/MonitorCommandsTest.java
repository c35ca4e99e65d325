package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Ceph's {@code ceph} program: every command answers in plain text and in JSON, and wrong ones. */
@Tag("interop")
class MonitorCommandsTest {
    @TempDir static Path home;
    private static LocalCluster cluster;

    @BeforeAll
    static void start() {
        Program.need("ceph", "rados", "/usr/bin/python3");
        cluster = LocalCluster.start(home, "commands");
        cluster.ceph("ceph", "osd", "pool", "create", "p", "8").run().ok();
        cluster.ceph("ceph", "osd", "pool", "application", "enable", "p", "test").run().ok();
    }

    @AfterAll
    static void purge() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-s",
                "health",
                "health detail",
                "df",
                "df detail",
                "osd tree",
                "osd dump",
                "osd ls",
                "osd stat",
                "osd map p object1",
                "osd lspools",
                "osd pool ls",
                "osd pool ls detail",
                "osd pool get p all",
                "osd pool get p size",
                "mon dump",
                "mon stat",
                "auth ls",
                "auth get client.admin",
                "auth get-key client.admin",
                "version",
                "versions",
                "config get mon.a",
                "config get osd.0",
                "pg dump",
                "pg stat",
                "pg ls",
                "osd df",
                "osd df tree",
                "osd pool stats"
            })
    void answersInPlainTextAndInJson(String command) {
        Object[] words = command.split(" ");
        String plain = cluster.ceph("ceph", words).run().ok();
        assertThat(plain).isNotBlank();
        String json = cluster.ceph("ceph", words(words, "-f", "json")).run().ok();
        assertThat(JsonMapper.builder().build().readTree(json).isContainer()).isTrue();
        assertThat(json.strip()).isNotEqualTo(plain.strip());
    }

    private static Object[] words(Object[] words, Object... more) {
        Object[] all = java.util.Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return all;
    }

    @Test
    void poolsAreMadeSizedRenamedAndDeleted() {
        ceph("osd pool create a 16 16");
        assertThat(ceph("osd pool get a pg_num")).isEqualTo("pg_num: 16\n");
        ceph("osd pool set a size 2");
        assertThat(ceph("osd pool get a size")).isEqualTo("size: 2\n");
        ceph("osd pool rename a b");
        assertThat(ceph("osd pool ls").lines()).contains("b").doesNotContain("a");
        Program.Result unsure = cluster.ceph("ceph", "osd", "pool", "delete", "b", "b").run();
        assertThat(unsure.code()).isEqualTo(1);
        assertThat(unsure.err()).contains("EPERM", "--yes-i-really-really-mean-it");
        ceph("osd pool delete b b --yes-i-really-really-mean-it");
        assertThat(ceph("osd pool ls").lines()).doesNotContain("b");
    }

    private static String ceph(String line) {
        return cluster.ceph("ceph", (Object[]) line.split(" ")).run().ok();
    }

    @Test
    void watchingShowsTheLogAsItGrows() throws IOException, InterruptedException {
        Path shown = home.resolve("watched");
        Process watcher = cluster.ceph("ceph", "-w").start(shown);
        try {
            awaitText(shown, watcher, "active+clean");
            ceph("log a-line-of-the-operator");
            awaitText(shown, watcher, "a-line-of-the-operator");
        } finally {
            watcher.destroyForcibly();
            assertThat(watcher.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void awaitText(Path file, Process writer, String text) throws IOException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!Files.readString(file).contains(text)) {
            assertThat(writer.isAlive()).as("still watching").isTrue();
            assertThat(System.nanoTime())
                    .as("in %s: %s", Files.readString(file), text)
                    .isLessThan(end);
            LockSupport.parkNanos(20_000_000);
        }
    }

    /** Bypasses the program's own checks: what is typed there never reaches the monitor. */
    @Test
    void missingAndMistypedArgumentsGetEinvalAndASentence() {
        String python =
                """
                import rados, sys
                cluster = rados.Rados(conffile=sys.argv[1]); cluster.connect()
                wrong = ['{', '{}', '[]', '{"prefix":""}', '{"prefix":5}', '{"prefix":"nonsense"}', '[' * 20000,
                  '{"prefix":"osd pool create"}', '{"prefix":"osd pool create","pool":""}',
                  '{"prefix":"osd pool create","pool":"z","pg_num":"many"}',
                  '{"prefix":"osd pool create","pool":"z","pg_num":-1}',
                  '{"prefix":"osd pool create","pool":"%s"}' % ('p' * 100000),
                  '{"prefix":"osd pool set","pool":"p","var":"size"}',
                  '{"prefix":"osd pool set","pool":"p","var":"size","val":"x"}',
                  '{"prefix":"osd pool set","pool":"p","var":"size","val":"0"}',
                  '{"prefix":"osd pool set","pool":"p","var":"nonsense","val":"1"}',
                  '{"prefix":"osd pool get","pool":"p"}', '{"prefix":"osd pool rename","srcpool":"p"}',
                  '{"prefix":"osd map","pool":"p"}', '{"prefix":"osd out"}', '{"prefix":"osd out","ids":["x"]}',
                  '{"prefix":"osd tree","epoch":"x"}', '{"prefix":"auth get"}',
                  '{"prefix":"auth get","entity":"nonsense"}', '{"prefix":"auth get-or-create"}',
                  '{"prefix":"auth get-or-create","entity":"client.q","caps":["mon"]}',
                  '{"prefix":"auth get-or-create","entity":"client.q","caps":["mon","bogus"]}',
                  '{"prefix":"auth del"}', '{"prefix":"config get"}']
                for command in wrong:
                    code, out, sentence = cluster.mon_command(command, b'')
                    assert code == -22 and len(sentence) > 9 and len(sentence) < 400, (command[:80], code, sentence)
                mgr = ['{"prefix":"pg ls","pool":"x"}', '{"prefix":"pg ls-by-osd"}', '{"prefix":"osd df","output_method":"x"}']
                for command in mgr:
                    code, out, sentence = cluster.mgr_command(command, b'')
                    assert code == -22 and len(sentence) > 9, (command, code, sentence)
                print(len(wrong) + len(mgr))
                """;
        assertThat(Program.of("/usr/bin/python3", "-c", python, cluster.conf()).run().ok())
                .isEqualTo("32\n");
        assertThat(ceph("health")).isEqualTo("HEALTH_OK\n");
        assertThat(ceph("osd pool ls").lines()).contains("p").doesNotContain("z");
    }
}
