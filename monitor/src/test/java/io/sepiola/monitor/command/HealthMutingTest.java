package io.sepiola.monitor.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.monitor.health.Health;
import io.sepiola.monitor.health.Health.Severity;
import io.sepiola.monitor.health.MuteRules;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** What is muted, what is shown of it, and when it is told of again. */
class HealthMutingTest {
    private final Typist typist = new Typist();

    private void wrong(String code, long count) {
        String summary = count + " things are wrong";
        typist.facts.checks.put(
                code, new Health.Check(Severity.WARN, summary, count, List.of("one of them")));
    }

    private String health(Object... members) {
        return typist.type("health", members).output().toUtf8();
    }

    private List<String> ended() {
        return MuteRules.due(typist.facts.health(typist.state), typist.facts.now).stream()
                .map(step -> {
                    typist.state = typist.state.apply(step.change());
                    return step.text();
                })
                .filter(text -> !text.isEmpty())
                .toList();
    }

    @Test
    void aMutedCheckIsNoWarning() {
        wrong("OSD_DOWN", 2);
        wrong("POOL_FULL", 1);
        assertThat(typist.type("health mute", "code", "OSD_DOWN").result()).isZero();
        assertThat(health()).isEqualTo("HEALTH_WARN 1 things are wrong; (muted: OSD_DOWN)\n");
        assertThat(typist.type("health mute", "code", "POOL_FULL", "ttl", "90m").result()).isZero();
        assertThat(health()).isEqualTo("HEALTH_OK (muted: OSD_DOWN POOL_FULL(90m))\n");
        assertThat(health("detail", "detail"))
                .contains("(MUTED) [WRN] OSD_DOWN: 2 things are wrong\n    one of them\n")
                .contains("(MUTED ttl 90m) [WRN] POOL_FULL: ");
        assertThat(health("format", "json"))
                .contains("\"status\":\"HEALTH_OK\"", "\"muted\":true", "\"sticky\":false");
        assertThat(typist.type("health unmute").result()).isZero();
        assertThat(health()).startsWith("HEALTH_WARN 2 things are wrong; 1 things are wrong");
    }

    @Test
    void aMuteEndsWithItsTimeOrItsCheckOrWhenItGetsWorse() {
        wrong("A", 2);
        wrong("B", 2);
        wrong("C", 2);
        typist.type("health mute", "code", "A", "ttl", "1h");
        typist.type("health mute", "code", "B");
        typist.type("health mute", "code", "C", "sticky", true);
        wrong("B", 1);
        assertThat(ended()).isEmpty();
        wrong("B", 2); // worse than it has become
        wrong("C", 9);
        assertThat(ended())
                .containsExactly("Health alert mute B cleared (count increased from 1 to 2)");
        typist.facts.checks.clear();
        assertThat(ended()).containsExactly("Health alert mute A cleared (health alert cleared)");
        typist.facts.now = typist.facts.now.plus(Duration.ofDays(300));
        assertThat(ended()).isEmpty();
        assertThat(typist.state.mutes()).containsOnlyKeys("C");
    }

    @Test
    void timeEndsAStickyOneToo() {
        typist.type("health mute", "code", "X", "ttl", "2 days 3h", "sticky", true);
        typist.facts.now = typist.facts.now.plus(Duration.ofHours(50));
        assertThat(ended()).isEmpty();
        typist.facts.now = typist.facts.now.plus(Duration.ofHours(1));
        assertThat(ended()).singleElement().asString().contains("passed TTL");
    }

    @Test
    void whatIsNotThereOrNoSpanIsRefused() {
        assertThat(typist.type("health mute", "code", "X").text())
                .isEqualTo("health alert X is not currently raised");
        for (String ttl : List.of("0", "x", "5 parsecs", "", "-1h", "1h x")) {
            assertThat(typist.type("health mute", "code", "X", "ttl", ttl).result())
                    .as(ttl)
                    .isEqualTo(-22);
        }
        assertThat(typist.type("health mute", "code", "").result()).isEqualTo(-22);
    }
}
