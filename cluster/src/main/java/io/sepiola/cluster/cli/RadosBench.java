package io.sepiola.cluster.cli;

import io.sepiola.base.Await;
import io.sepiola.base.Bytes;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.client.Errno;
import io.sepiola.client.IoContext;
import io.sepiola.client.RadosException;

import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;

/**
 * {@code rados bench}: keeps a number of operations in flight and tells each second how it goes.
 * Object names, contents and the object that describes a run are those of the genuine tool, so that
 * one reads what the other wrote.
 */
final class RadosBench {
    /**
     * What a write run left behind.
     *
     * <p>Run := objectSize:u64 count:u32 process:u32 opSize:u64.
     */
    private record Run(long objectSize, int count, int process, long opSize) {
        static Run decode(Bytes bytes) {
            Decoder in = new Decoder(bytes);
            return new Run(in.u64(), in.u32(), in.u32(), in.u64());
        }

        Bytes encode() {
            return new Encoder().u64(objectSize).u32(count).u32(process).u64(opSize).toBytes();
        }
    }

    private static final int SIZE_MAX = 64 << 20;

    private final IoContext context;
    private final RadosArguments arguments;
    private final PrintStream out;
    private final PrintStream err;
    private final int concurrent;

    RadosBench(IoContext context, RadosArguments arguments, PrintStream out, PrintStream err) {
        this.context = context;
        this.arguments = arguments;
        this.out = out;
        this.err = err;
        this.concurrent = Math.clamp(arguments.size("concurrent-ios", 16), 1, 10_000);
    }

    int run(String seconds, String kind) {
        int length = (int) RadosArguments.sizeOf(seconds, "seconds");
        if (length == 0) {
            throw new Malformed("bench: the number of seconds must be more than 0");
        }
        return switch (kind) {
            case "write" -> write(length);
            case "seq", "rand" -> read(length, kind.equals("rand"));
            default -> throw new Malformed("bench: '" + kind + "' is none of write, seq, rand");
        };
    }

    private String runName() {
        return arguments.value("run-name").orElse("benchmark_last_metadata");
    }

    private static String name(int process, long index) {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException unknown) {
            host = "localhost";
        }
        return "benchmark_data_" + host + "_" + process + "_object" + index;
    }

    private static byte[] filler(int size) {
        byte[] filler = new byte[size];
        Arrays.fill(filler, (byte) 'z');
        return filler;
    }

    private static Bytes contents(byte[] filler, long index) {
        byte[] head =
                String.format("I'm the %16dth op!\0", index).getBytes(StandardCharsets.US_ASCII);
        if (filler.length <= head.length) {
            return Bytes.of(Arrays.copyOf(head, filler.length));
        }
        return Bytes.concat(
                Bytes.of(head), Bytes.of(filler, head.length, filler.length - head.length));
    }

    private int write(int seconds) {
        int size = Math.clamp(arguments.size("block-size", 4 << 20), 1, SIZE_MAX);
        long objectsMax = arguments.size("max-objects", 0);
        int process = (int) ProcessHandle.current().pid();
        byte[] filler = filler(size);
        out.println("hints = 1");
        out.println(
                "Maintaining "
                        + concurrent
                        + " concurrent writes of "
                        + size
                        + " bytes to objects of size "
                        + size
                        + " for up to "
                        + seconds
                        + " seconds or "
                        + objectsMax
                        + " objects");
        String prefix = name(process, 0);
        out.println("Object prefix: " + prefix.substring(0, prefix.lastIndexOf("_object")));
        BenchReport report = new BenchReport(size, out);
        long count =
                keepInFlight(
                        seconds,
                        objectsMax == 0 ? Long.MAX_VALUE : objectsMax,
                        report,
                        index ->
                                context.write()
                                        .allocationHint(size, size)
                                        .write(0, contents(filler, index))
                                        .submit(name(process, index)));
        report.end("writes made", "Write", true);
        Run run = new Run(size, (int) count, process, size);
        Await.on(context.writeFull(runName(), run.encode()));
        if (!arguments.has("no-cleanup")) {
            long begun = System.nanoTime();
            out.println("Cleaning up (deleting benchmark objects)");
            remove(run);
            out.println(
                    "Clean up completed and total clean up time :"
                            + Shown.number((System.nanoTime() - begun) / 1e9));
        }
        return 0;
    }

    private int read(int seconds, boolean random) {
        Run run;
        try {
            run = Run.decode(Await.on(context.read(runName(), 0, 64)));
        } catch (RadosException missing) {
            err.println("Must write data before running a read benchmark!");
            err.println("error during benchmark: " + RadosVerb.sentence(missing.errno()));
            return 1;
        }
        if (run.count <= 0 || run.opSize <= 0 || run.opSize > SIZE_MAX) {
            err.println("error during benchmark: '" + runName() + "' describes no run");
            return 1;
        }
        out.println("hints = 1");
        BenchReport report = new BenchReport(run.opSize, out);
        byte[] filler = filler(64);
        keepInFlight(
                seconds,
                random ? Long.MAX_VALUE : run.count,
                report,
                index -> {
                    long wanted = random ? ThreadLocalRandom.current().nextLong(run.count) : index;
                    return context.read(name(run.process, wanted), 0, (int) run.opSize)
                            .thenAccept(data -> check(run, wanted, data, filler));
                });
        report.end("reads made", "Read", false);
        return 0;
    }

    private static void check(Run run, long index, Bytes data, byte[] filler) {
        Bytes expected = contents(filler, index);
        int size = Math.min(expected.size(), (int) run.opSize);
        boolean equal =
                data.size() == run.opSize && data.slice(0, size).equals(expected.slice(0, size));
        if (!equal) {
            throw new RadosException(Errno.EIO, name(run.process, index) + " is not correct!");
        }
    }

    /** Starts operations until the time or their number is up; how many were started. */
    private long keepInFlight(
            int seconds,
            long countMax,
            BenchReport report,
            LongFunction<CompletableFuture<?>> start) {
        Semaphore places = new Semaphore(concurrent);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        long begun = System.nanoTime();
        long end = begun + seconds * 1_000_000_000L;
        report.begin();
        long index = 0;
        try {
            while (index < countMax && failure.get() == null) {
                places.acquire();
                long now = System.nanoTime();
                if (now >= end) {
                    places.release();
                    break;
                }
                report.started();
                start.apply(index++)
                        .whenComplete((done, failed) -> {
                            if (failed == null) {
                                report.finished(System.nanoTime() - now);
                            } else {
                                failure.compareAndSet(null, failed);
                            }
                            places.release();
                        });
            }
            places.acquire(concurrent);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            report.stop();
        }
        Throwable failed = failure.get();
        if (failed != null) {
            Await.on(CompletableFuture.failedFuture(failed));
        }
        return index;
    }

    int cleanup() {
        try {
            remove(Run.decode(Await.on(context.read(runName(), 0, 64))));
            return 0;
        } catch (RadosException missing) {
            err.println("error during cleanup: " + RadosVerb.sentence(missing.errno()));
            return 1;
        }
    }

    private void remove(Run run) {
        Semaphore places = new Semaphore(concurrent);
        for (long index = 0; index < run.count; index++) {
            places.acquireUninterruptibly();
            context.remove(name(run.process, index))
                    .whenComplete((done, failed) -> places.release());
        }
        places.acquireUninterruptibly(concurrent);
        Await.on(context.remove(runName()));
        out.println("Removed " + run.count + " objects");
    }
}
