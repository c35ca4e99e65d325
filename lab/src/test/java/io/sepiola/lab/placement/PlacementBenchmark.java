package io.sepiola.lab.placement;

import io.sepiola.crush.CrushMap;
import io.sepiola.crush.CrushText;
import io.sepiola.crush.RuleRun;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Three replicas across racks, mapped one input after another on one core. */
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.SECONDS)
public class PlacementBenchmark {
    private static final int BATCH = 500;
    private static final int COUNT = 3;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** How many OSDs the map has. */
    @Param({"100", "1000", "10000"})
    public int devices;

    private RuleRun run;
    private int input;
    private final int[] result = new int[COUNT];

    /** The thread's own time: the machine's cores are shared, so that the clock tells less. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Spent {
        /** Of the mappings below. */
        public long cpuNanos;

        /** How many. */
        public long mappings;

        /** Begins an iteration. */
        @Setup(org.openjdk.jmh.annotations.Level.Iteration)
        public void begin() {
            cpuNanos = 0;
            mappings = 0;
        }
    }

    /** Makes the map. */
    @Setup
    public void build() {
        CrushMap map = CrushText.compile(text(devices));
        int[] weights = new int[devices];
        Arrays.fill(weights, 0x10000);
        run = new RuleRun(map, map.rule(0).orElseThrow(), COUNT, weights, null);
    }

    /** 10 OSDs a host, 10 hosts a rack, or as near as the number of devices allows. */
    static String text(int devices) {
        int perRack = devices >= 1000 ? 100 : 20;
        StringBuilder text = new StringBuilder();
        text.append("tunable choose_local_tries 0\ntunable choose_local_fallback_tries 0\n");
        text.append("tunable choose_total_tries 50\ntunable chooseleaf_descend_once 1\n");
        text.append("tunable chooseleaf_vary_r 1\ntunable chooseleaf_stable 1\n");
        text.append("tunable straw_calc_version 1\ntunable allowed_bucket_algs 54\n");
        for (int i = 0; i < devices; i++) {
            text.append("device ").append(i).append(" osd.").append(i).append('\n');
        }
        text.append("type 0 osd\ntype 1 host\ntype 3 rack\ntype 10 root\n");
        StringBuilder racks = new StringBuilder();
        StringBuilder root = new StringBuilder("root default {\n alg straw2\n hash 0\n");
        for (int rack = 0; rack < devices / perRack; rack++) {
            racks.append("rack r").append(rack).append(" {\n alg straw2\n hash 0\n");
            for (int host = rack * perRack / 10; host < (rack + 1) * perRack / 10; host++) {
                text.append("host h").append(host).append(" {\n alg straw2\n hash 0\n");
                for (int osd = host * 10; osd < host * 10 + 10; osd++) {
                    String weight = osd % 3 == 0 ? "1.819" : osd % 7 == 0 ? "7.277" : "3.638";
                    text.append(" item osd.").append(osd).append(" weight ").append(weight);
                    text.append('\n');
                }
                text.append("}\n");
                racks.append(" item h").append(host).append('\n');
            }
            racks.append("}\n");
            root.append(" item r").append(rack).append('\n');
        }
        text.append(racks).append(root).append("}\n");
        text.append("rule spread {\n id 0\n type replicated\n min_size 1\n max_size 10\n");
        text.append(" step take default\n step chooseleaf firstn 0 type rack\n step emit\n}\n");
        return text.toString();
    }

    /** One batch. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void map(Spent spent, Blackhole sink) {
        long begin = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < BATCH; i++) {
            sink.consume(run.map(input++, result));
            sink.consume(result[0]);
        }
        spent.cpuNanos += THREADS.getCurrentThreadCpuTime() - begin;
        spent.mappings += BATCH;
    }
}
