package io.sepiola.osd.daemon;

import io.sepiola.base.Malformed;
import io.sepiola.protocol.message.MConfig;
import io.sepiola.protocol.option.RunningOptions;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An OSD's options, from its ceph.conf, from the monitors, and from who tells it while it runs.
 * Owned by the OSD's shard.
 */
final class OsdSettings {
    /** Of {@code injectargs}: {@code --osd_max_scrubs=4} or {@code --osd-max-scrubs 4}. */
    private static final Pattern INJECTED =
            Pattern.compile("--([A-Za-z0-9_-]{1,128})(?:=|\\s+)(\\S{1,1024})\\s*");

    private final Consumer<MConfig> applied;
    private RunningOptions running;

    /**
     * Only those of the file are known yet.
     *
     * @param applied takes over what is in force, whenever it changes
     */
    OsdSettings(SortedMap<String, String> file, Consumer<MConfig> applied) {
        this.applied = applied;
        this.running = new RunningOptions(List.of(new RunningOptions.Layer("file", file)));
    }

    /** The file's are taken over. */
    void begin() {
        apply();
    }

    RunningOptions running() {
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

    /**
     * A value for as long as the OSD runs.
     *
     * @return what is said of it
     * @throws Malformed when it is none of an option
     */
    String set(String name, String value) {
        String canonical = name.replace('-', '_').replace(' ', '_');
        running = running.overridden(canonical, value);
        apply();
        return canonical + " = '" + running.value(canonical).orElse("") + "' ";
    }

    /**
     * Several, as {@code injectargs} has them.
     *
     * @throws Malformed when one is no option; those before it are set
     */
    String inject(String arguments) {
        Matcher found = INJECTED.matcher(arguments.strip());
        StringBuilder said = new StringBuilder();
        int reached = 0;
        while (found.find() && found.start() == reached) {
            said.append(set(found.group(1), found.group(2)));
            reached = found.end();
        }
        if (reached == 0 || reached < arguments.strip().length()) {
            throw new Malformed(
                    "'" + arguments + "' is not of the form --OPTION=VALUE [--OPTION=VALUE...]");
        }
        return said.toString();
    }

    private void apply() {
        applied.accept(new MConfig(running.set()));
    }
}
