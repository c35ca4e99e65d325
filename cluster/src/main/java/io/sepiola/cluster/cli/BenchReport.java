package io.sepiola.cluster.cli;

import org.jspecify.annotations.Nullable;

import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The figures of one benchmark: a line each second, and a summary. Any thread may count. */
final class BenchReport {
    private static final double MEGABYTE = 1 << 20;
    private static final int HEADER_EVERY = 20;

    private final long opSize;
    private final PrintStream out;
    private final List<Double> bandwidths = new ArrayList<>();
    private final List<Long> rates = new ArrayList<>();
    private @Nullable Thread teller;
    private volatile boolean running;
    private long begunNanos;
    private long endedNanos;
    private long started;
    private long finished;
    private double latencySum;
    private double latencySquares;
    private double latencyMin = Double.MAX_VALUE;
    private double latencyMax;
    private double latencyLast;
    private long finishedBefore;
    private long toldNanos;

    BenchReport(long opSize, PrintStream out) {
        this.opSize = opSize;
        this.out = out;
    }

    void begin() {
        begunNanos = System.nanoTime();
        toldNanos = begunNanos;
        running = true;
        teller = Thread.ofPlatform().daemon().start(this::tell);
    }

    synchronized void started() {
        started++;
    }

    synchronized void finished(long nanos) {
        double seconds = nanos / 1e9;
        finished++;
        latencyLast = seconds;
        latencySum += seconds;
        latencySquares += seconds * seconds;
        latencyMin = Math.min(latencyMin, seconds);
        latencyMax = Math.max(latencyMax, seconds);
    }

    void stop() {
        endedNanos = System.nanoTime();
        running = false;
        LockSupport.unpark(teller);
    }

    private void tell() {
        for (int second = 0; running; second++) {
            long due = begunNanos + second * 1_000_000_000L;
            while (running && System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            if (running) {
                line(second);
            }
        }
    }

    private synchronized void line(int second) {
        long now = System.nanoTime();
        if (second % HEADER_EVERY == 0) {
            if (second > 0) {
                out.println(
                        Shown.time(Instant.now())
                                + " min lat: "
                                + Shown.number(latencyMin)
                                + " max lat: "
                                + Shown.number(latencyMax)
                                + " avg lat: "
                                + Shown.number(latencySum / Math.max(1, finished)));
            }
            row(
                    "sec",
                    "Cur ops",
                    "started",
                    "finished",
                    "avg MB/s",
                    "cur MB/s",
                    "last lat(s)",
                    "avg lat(s)");
        }
        long news = finished - finishedBefore;
        double span = Math.max(1e-9, (now - toldNanos) / 1e9);
        double current = news * opSize / MEGABYTE / span;
        double average = finished * opSize / MEGABYTE / Math.max(1e-9, (now - begunNanos) / 1e9);
        if (second > 0) {
            bandwidths.add(current);
            rates.add(Math.round(news / span));
        }
        finishedBefore = finished;
        toldNanos = now;
        row(
                Integer.toString(second),
                Long.toString(started - finished),
                Long.toString(started),
                Long.toString(finished),
                second == 0 ? "0" : Shown.number(average),
                second == 0 ? "0" : Shown.number(current),
                news == 0 ? "-" : Shown.number(latencyLast),
                finished == 0 ? "0" : Shown.number(latencySum / finished));
        out.flush();
    }

    private void row(String... cells) {
        int[] widths = {5, 8, 10, 10, 10, 10, 12, 12};
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            line.append(" ".repeat(Math.max(0, widths[i] - cells[i].length()))).append(cells[i]);
        }
        out.println(line);
    }

    /** The summary; writes tell of deviations too. */
    synchronized void end(String made, String kind, boolean deviations) {
        double seconds = (endedNanos - begunNanos) / 1e9;
        double average = latencySum / Math.max(1, finished);
        double[] bands = bandwidths.stream().mapToDouble(Double::doubleValue).toArray();
        double[] ops = rates.stream().mapToDouble(Long::doubleValue).toArray();
        entry("Total time run", Shown.number(seconds));
        entry("Total " + made, Long.toString(finished));
        entry(kind + " size", Long.toString(opSize));
        entry("Object size", Long.toString(opSize));
        entry("Bandwidth (MB/sec)", Shown.number(finished * opSize / MEGABYTE / seconds));
        if (deviations) {
            entry("Stddev Bandwidth", Shown.number(deviation(bands)));
            entry("Max bandwidth (MB/sec)", Shown.number(max(bands)));
            entry("Min bandwidth (MB/sec)", Shown.number(min(bands)));
        }
        entry("Average IOPS", Long.toString((long) (finished / seconds)));
        entry("Stddev IOPS", Shown.number(deviation(ops)));
        entry("Max IOPS", Long.toString((long) max(ops)));
        entry("Min IOPS", Long.toString((long) min(ops)));
        entry("Average Latency(s)", Shown.number(average));
        if (deviations) {
            double variance =
                    finished < 2
                            ? 0
                            : (latencySquares - finished * average * average) / (finished - 1);
            entry("Stddev Latency(s)", Shown.number(Math.sqrt(Math.max(0, variance))));
        }
        entry("Max latency(s)", Shown.number(latencyMax));
        entry("Min latency(s)", Shown.number(finished == 0 ? 0 : latencyMin));
        out.flush();
    }

    private void entry(String name, String value) {
        String key = name + ":";
        out.println(key + " ".repeat(Math.max(1, 24 - key.length())) + value);
    }

    private static double max(double[] values) {
        return java.util.Arrays.stream(values).max().orElse(0);
    }

    private static double min(double[] values) {
        return java.util.Arrays.stream(values).min().orElse(0);
    }

    private static double deviation(double[] values) {
        if (values.length < 2) {
            return 0;
        }
        double mean = java.util.Arrays.stream(values).average().orElse(0);
        double squares = java.util.Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        return Math.sqrt(squares / (values.length - 1));
    }
}
