package io.sepiola.osd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdInfo;
import io.sepiola.protocol.osd.CompatSet;
import io.sepiola.protocol.osd.OsdSuperblock;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.UUID;

/** When a store is taken for an older copy of itself. */
class StoreAgeTest {
    @ParameterizedTest(name = "remembered {0}, granted {1}, lost {2}: {3}")
    @CsvSource({
        "0,  0,  0,  starts", // new, or of a release that kept no record
        "9,  9,  0,  starts",
        "12, 9,  0,  starts", // asked again and was not granted, or the grant was not seen
        "8,  9,  0,  refused",
        "0,  9,  0,  refused", // an empty store under the same identity
        "8,  9,  10, starts", // given up since
        "8,  9,  9,  refused",
        "8,  9,  7,  refused", // given up before its last start
        "-1, 9,  0,  starts", // epochs are unsigned
        "9,  -1, 0,  refused",
    })
    void aStoreThatForgotAStartMayNotServe(int started, int granted, int lost, String verdict) {
        OsdSuperblock own =
                new OsdSuperblock(
                        new UUID(1, 1),
                        3,
                        0,
                        0,
                        0,
                        0,
                        new CompatSet(
                                CompatSet.Features.NONE,
                                CompatSet.Features.NONE,
                                CompatSet.Features.NONE),
                        0,
                        started,
                        new UUID(2, 2),
                        0,
                        Utime.ZERO,
                        0);
        OsdInfo info = new OsdInfo(0, granted, 0, 0, 0, lost);
        assertThat(StoreAge.refusal(own, info).isPresent()).isEqualTo(verdict.equals("refused"));
        StoreAge.refusal(own, info)
                .ifPresent(why ->
                        assertThat(why)
                                .contains("osd.3", "older copy", "osd destroy 3", "osd lost 3"));
    }
}
