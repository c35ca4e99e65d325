package io.sepiola.osd.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Malformed;
import io.sepiola.protocol.message.MConfig;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Of a told, a configured and a kept value the first counts, and what counts is shown. */
class OsdSettingsTest {
    private static final String NAME = "osd_max_scrubs";

    private final List<MConfig> applied = new ArrayList<>();

    private OsdSettings settings(Map<String, String> file) {
        return new OsdSettings(new TreeMap<>(file), applied::add);
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
        assertThat(settings.set("osd-max-scrubs", "4")).isEqualTo("osd_max_scrubs = '4' ");
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
    void severalAreInjected() {
        OsdSettings settings = settings(Map.of());
        assertThat(settings.inject("--osd_max_scrubs=2 --osd-scrub-sleep 0.5"))
                .isEqualTo("osd_max_scrubs = '2' osd_scrub_sleep = '0.500000' ");
        assertThat(applied.getLast().options())
                .isEqualTo(Map.of(NAME, "2", "osd_scrub_sleep", "0.500000"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "osd_max_scrubs=2",
                "--nosuch=1",
                "--osd_max_scrubs=x",
                "--osd_max_scrubs"
            })
    void whatIsNoOptionIsRefused(String arguments) {
        OsdSettings settings = settings(Map.of());
        assertThatThrownBy(() -> settings.inject(arguments)).isInstanceOf(Malformed.class);
        assertThat(applied).isEmpty();
    }
}
