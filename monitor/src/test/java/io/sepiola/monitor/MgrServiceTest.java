package io.sepiola.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.monitor.health.Health;

import org.junit.jupiter.api.Test;

class MgrServiceTest {
    /** Ceph's health_status_t counts from the worst. */
    @Test
    void severitiesCountFromTheWorst() {
        assertThat(MgrService.severity(0)).isEqualTo(Health.Severity.ERR);
        assertThat(MgrService.severity(1)).isEqualTo(Health.Severity.WARN);
        assertThat(MgrService.severity(2)).isEqualTo(Health.Severity.OK);
    }
}
