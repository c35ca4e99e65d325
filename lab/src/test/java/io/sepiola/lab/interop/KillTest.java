package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code kill -9} of the whole cluster under write load: what was acknowledged reads back. */
@Tag("interop")
class KillTest {
    private static final int KILLS = Integer.getInteger("kills", 10);

    /** Writes objects of known content and appends the name of each that was acknowledged. */
    private static final String WRITER =
            """
            import rados, sys, threading, hashlib
            conf, log, round_ = sys.argv[1], open(sys.argv[2], 'a', buffering=1), sys.argv[3]
            def content(name): return (hashlib.sha256(name.encode()).digest() * 512)[:16384 - len(name)]
            cluster = rados.Rados(conffile=conf); cluster.connect(); io = cluster.open_ioctx('kill')
            lock = threading.Lock(); slots = threading.Semaphore(32); i = 0
            def done(c, name):
                if c.get_return_value() == 0:
                    with lock: log.write(name + '\\n')
                slots.release()
            while True:
                slots.acquire(); name = 'r%s-%d' % (round_, i); i += 1
                io.aio_write_full(name, content(name), oncomplete=lambda c, name=name: done(c, name))
            """;

    private static final String READER =
            """
            import rados, sys, hashlib
            def content(name): return (hashlib.sha256(name.encode()).digest() * 512)[:16384 - len(name)]
            cluster = rados.Rados(conffile=sys.argv[1]); cluster.connect(); io = cluster.open_ioctx('kill')
            names = [line for line in open(sys.argv[2]).read().split('\\n')[:-1]]
            bad = []
            for name in names:
                try:
                    if io.read(name, 20000) != content(name): bad.append(name + ' differs')
                except rados.ObjectNotFound: bad.append(name + ' is lost')
            print(len(names), len(bad), bad[:5])
            """;

    @Test
    void everyAcknowledgedObjectReadsBack() throws IOException, InterruptedException {
        Program.need("ceph", "rados", "/usr/bin/python3");
        Path acknowledged = Files.createFile(home.resolve("acknowledged"));
        try (LocalCluster cluster = LocalCluster.start(home, "kill")) {
            cluster.ceph("ceph", "osd", "pool", "create", "kill", "16").run().ok();
            for (int kill = 0; kill < KILLS; kill++) {
                long before = Files.size(acknowledged);
                Process writer =
                        Program.of(
                                        "/usr/bin/python3",
                                        "-c",
                                        WRITER,
                                        cluster.conf(),
                                        acknowledged,
                                        kill)
                                .start(home.resolve("writer.log"));
                awaitGrowth(acknowledged, before + 3000, writer);
                ProcessHandle process = cluster.process();
                process.destroyForcibly();
                process.onExit().join();
                writer.destroyForcibly();
                assertThat(writer.waitFor(10, TimeUnit.SECONDS)).isTrue();
                cluster.start();
            }
            String verdict =
                    Program.of("/usr/bin/python3", "-c", READER, cluster.conf(), acknowledged)
                            .within(Duration.ofMinutes(3))
                            .run()
                            .ok();
            List<String> words = List.of(verdict.trim().split(" ", 3));
            System.out.println(
                    "kill -9 x " + KILLS + ": " + words.get(0) + " acknowledged objects read back");
            assertThat(Integer.parseInt(words.get(0))).isGreaterThan(KILLS * 50);
            assertThat(words.get(1)).as(verdict).isEqualTo("0");
        }
    }

    @TempDir Path home;

    private static void awaitGrowth(Path file, long size, Process writer) throws IOException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (Files.size(file) < size) {
            assertThat(writer.isAlive()).as("the writer runs").isTrue();
            assertThat(System.nanoTime()).as("the load gets going").isLessThan(end);
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
    }
}
