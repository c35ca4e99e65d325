package io.sepiola.osd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.protocol.message.MConfig;
import io.sepiola.protocol.perf.PerfCounters;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Of a told, a configured and a kept value the first counts, and what counts is shown. */
class OsdSettingsTest {
    private static final String NAME = "osd_max_scrubs";

    private final List<MConfig> applied = new ArrayList<>();

    private OsdSettings settings(Map<String, String> file) {
        return new OsdSettings(0, new TreeMap<>(file), new PerfCounters(), applied::add);
    }

    private String inForce() {
        return applied.getLast().options().getOrDefault(NAME, "");
    }

    @Test
    void whatIsToldGoesBeforeTheFileAndTheFileBeforeTheMonitors() {
        OsdSettings settings = settings(Map.of(NAME, "3"));
        settings.begin();
        assertThat(inForce()).isEqualTo("3");
        settings.kept(new MConfig(Map.of(NAME, "2")));
        assertThat(inForce()).isEqualTo("3");
        settings.override(new TreeMap<>(Map.of(NAME, "4")));
        assertThat(inForce()).isEqualTo("4");
        settings.kept(new MConfig(Map.of(NAME, "5")));
        assertThat(inForce()).as("a new value of the monitors").isEqualTo("4");
        assertThat(settings.running().differences().get(NAME))
                .isEqualTo(
                        Map.of(
                                "default",
                                "1",
                                "mon",
                                "5",
                                "file",
                                "3",
                                "override",
                                "4",
                                "final",
                                "4"));
    }

    @Test
    void whatIsNotToldAnyMoreIsTheFilesAgain() {
        OsdSettings settings = settings(Map.of(NAME, "3"));
        settings.override(new TreeMap<>(Map.of(NAME, "4")));
        settings.override(new TreeMap<>());
        assertThat(inForce()).isEqualTo("3");
        assertThat(settings.name()).isEqualTo("osd.0");
    }
}
