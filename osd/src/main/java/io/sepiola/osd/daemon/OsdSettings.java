package io.sepiola.osd.daemon;

import io.sepiola.protocol.message.MConfig;
import io.sepiola.protocol.option.RunningOptions;
import io.sepiola.protocol.perf.PerfCounters;
import io.sepiola.protocol.tell.CommonCommands;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * An OSD's options, from its ceph.conf, from the monitors, and from who tells it while it runs.
 * With what the OSD counts, that is what the commands of all daemons are about. Owned by the OSD's
 * shard.
 */
final class OsdSettings implements CommonCommands.Daemon {
    private final int id;
    private final PerfCounters counters;
    private final Consumer<MConfig> applied;
    private RunningOptions running;

    /**
     * Only those of the file are known yet.
     *
     * @param counters what the OSD counts
     * @param applied takes over what is in force, whenever it changes
     */
    OsdSettings(
            int id,
            SortedMap<String, String> file,
            PerfCounters counters,
            Consumer<MConfig> applied) {
        this.id = id;
        this.counters = counters;
        this.applied = applied;
        this.running = new RunningOptions(List.of(new RunningOptions.Layer("file", file)));
    }

    /** The file's are taken over. */
    void begin() {
        apply();
    }

    @Override
    public RunningOptions running() {
        return running;
    }

    /** The monitors have these for this OSD. */
    void kept(MConfig config) {
        List<RunningOptions.Layer> layers = new ArrayList<>();
        running.layers().stream()
                .filter(layer -> !layer.label().equals("mon"))
                .forEach(layers::add);
        layers.add(new RunningOptions.Layer("mon", new TreeMap<>(config.options())));
        running = new RunningOptions(layers);
        apply();
    }

    @Override
    public void override(SortedMap<String, String> values) {
        running = running.withOverrides(values);
        apply();
    }

    @Override
    public String name() {
        return "osd." + id;
    }

    @Override
    public PerfCounters counters() {
        return counters;
    }

    private void apply() {
        applied.accept(new MConfig(running.set()));
    }
}
