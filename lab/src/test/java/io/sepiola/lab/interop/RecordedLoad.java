package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Genuine librados writes up to so many times a second, half of it new objects and half of it
 * objects that it changes again and again, and writes down each write before it goes out and after
 * it is acknowledged; later it reads all of it back.
 */
final class RecordedLoad implements AutoCloseable {
    private static final long WINDOW_NANOS = Duration.ofSeconds(1).toNanos();

    private static final String COMMON =
            """
            import rados, sys, threading, hashlib, queue, time
            def content(name, version):
                word = ('%s@%d|' % (name, version)).encode()
                return word + hashlib.sha256(word).digest() * (32 + int(hashlib.sha256(word).hexdigest()[:2], 16))
            conf, pool, log = sys.argv[1], sys.argv[2], sys.argv[3]
            cluster = rados.Rados(conffile=conf); cluster.connect(timeout=60); io = cluster.open_ioctx(pool)
            """;

    /**
     * Of one hot object only one write is under way, so that its versions have an order. It is read
     * at once after it is acknowledged.
     */
    private static final String WRITER =
            COMMON
                    + """
                    out = open(log, 'a', buffering=1); round_ = sys.argv[4]
                    lock = threading.Lock(); slots = threading.Semaphore(24)
                    idle = queue.Queue()
                    for k in range(40): idle.put(('hot%s-%d' % (round_, k), 0))
                    def failed(name, version, what):
                        with lock: out.write('! %s %d\\n' % (name, version))
                        print(name, version, what, flush=True)
                    def free(name, version, hot):
                        if hot: idle.put((name, version))
                        slots.release()
                    def seen(c, data, name, version):
                        if c.get_return_value() < 0: failed(name, version, 'read as %d' % c.get_return_value())
                        elif data != content(name, version): failed(name, version, 'read as %s' % data[:40])
                        free(name, version, True)
                    def done(c, name, version, hot):
                        if c.get_return_value() == 0:
                            with lock: out.write('+ %s %d\\n' % (name, version))
                        else: failed(name, version, 'written: %d' % c.get_return_value())
                        if hot and c.get_return_value() == 0:
                            io.aio_read(name, 65536, 0, lambda c, data: seen(c, data, name, version))
                        else: free(name, version, hot)
                    i, pace, due = 0, 1 / float(sys.argv[5]), time.monotonic()
                    while True:
                        due = max(due + pace, time.monotonic() - 0.1); time.sleep(max(0, due - time.monotonic()))
                        slots.acquire(); i += 1; hot = i % 2 == 0
                        if hot: name, version = idle.get(); version += 1
                        else: name, version = 'new%s-%d' % (round_, i), 1
                        with lock: out.write('> %s %d\\n' % (name, version))
                        io.aio_write_full(name, content(name, version),
                            oncomplete=lambda c, n=name, v=version, h=hot: done(c, n, v, h))
                    """;

    /** What reads back is the last version acknowledged, or one that was sent after it. */
    private static final String READER =
            COMMON
                    + """
                    acked, sent, failed, bad = {}, {}, {}, []
                    for line in open(log).read().split('\\n')[:-1]:
                        kind, name, version = line.split(' ')
                        into = {'+': acked, '>': sent, '!': failed}[kind]
                        into[name] = max(into.get(name, 0), int(version))
                    slots = threading.Semaphore(32)
                    def judge(c, data, name, version):
                        if c.get_return_value() < 0: bad.append('%s is lost: %d' % (name, c.get_return_value()))
                        elif not any(data == content(name, v) for v in range(version, sent[name] + 1)):
                            bad.append('%s is %s, not @%d' % (name, data[:40], version))
                        slots.release()
                    for name, version in acked.items():
                        slots.acquire()
                        io.aio_read(name, 65536, 0, lambda c, data, n=name, v=version: judge(c, data, n, v))
                    for slot in range(32): slots.acquire()
                    print(len(acked), sum(acked.values()), len(bad), len(failed), bad[:5])
                    io.close(); cluster.shutdown()
                    """;

    private final DaemonCluster cluster;
    private final String pool;
    private final Path log;
    private final Path errors;
    private Process writer;

    /**
     * The answer of reading back.
     *
     * @param objects that were acknowledged at least once
     * @param writes that were acknowledged
     * @param wrong how many objects are lost or differ
     * @param failed objects of which a write or a read got an error, or a read was not what had
     *     just been acknowledged
     */
    record Verdict(int objects, int writes, int wrong, int failed, String text) {}

    private RecordedLoad(DaemonCluster cluster, String pool, Path directory, String round, int pace)
            throws IOException {
        this.cluster = cluster;
        this.pool = pool;
        this.log = Files.createFile(directory.resolve("load-" + round));
        this.errors = directory.resolve("load-" + round + ".out");
        this.writer = cluster.python(WRITER, pool, log, round, pace).start(errors);
    }

    /**
     * Begins to write.
     *
     * @param directory keeps the record, and must outlive every fault
     * @param pace writes a second, at most: more would take the machine from those who recover
     */
    static RecordedLoad start(
            DaemonCluster cluster, String pool, Path directory, String round, int pace)
            throws IOException {
        return new RecordedLoad(cluster, pool, directory, round, pace);
    }

    /**
     * Waits until the cluster acknowledges at least {@code rateMin} writes in a second.
     *
     * @return how many it were
     */
    long awaitRate(int rateMin) {
        long[] last = {acknowledged(), System.nanoTime(), 0};
        cluster.until(
                rateMin + " writes a second",
                () -> {
                    assertThat(writer.isAlive())
                            .as(() -> "the load runs\n" + read(errors))
                            .isTrue();
                    long nanos = System.nanoTime() - last[1];
                    if (nanos < WINDOW_NANOS) {
                        return false;
                    }
                    long now = acknowledged();
                    last[2] = (now - last[0]) * WINDOW_NANOS / nanos;
                    last[0] = now;
                    last[1] = System.nanoTime();
                    return last[2] >= rateMin;
                });
        return last[2];
    }

    private long acknowledged() {
        try (var lines = Files.lines(log)) {
            return lines.filter(line -> line.startsWith("+")).count();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    /** Stops writing and reads back everything that was acknowledged. */
    Verdict readBack() {
        close();
        String text =
                cluster.python(READER, pool, log).within(Duration.ofMinutes(5)).run().ok().trim();
        List<String> words = List.of(text.split(" ", 5));
        return new Verdict(
                Integer.parseInt(words.get(0)),
                Integer.parseInt(words.get(1)),
                Integer.parseInt(words.get(2)),
                Integer.parseInt(words.get(3)),
                text + "\n" + read(errors));
    }

    @Override
    public void close() {
        writer.destroyForcibly().onExit().join();
    }
}
