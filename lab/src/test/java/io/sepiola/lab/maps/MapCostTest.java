package io.sepiola.lab.maps;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The small form of {@code lab/bin/bench-maps}: what must hold of a map's cost at any speed. */
class MapCostTest {
    @Test
    void aMappingAllocatesNothingAndAStepCostsWhatItChanges() {
        MapCost cost = new MapCost(1000, 1 << 14);
        MapCost.Pass pass = cost.mapAll(2);
        System.out.println(pass);
        assertThat(pass.bytesPerMapping()).isLessThan(1);
        long small = new MapCost(500, 256).bytesPerStep();
        long large = new MapCost(8000, 256).bytesPerStep();
        System.out.println("bytes allocated by a step: " + small + " and " + large);
        // Sixteen times as many OSDs; the step is the same.
        assertThat(large).isLessThan(4 * small + 20_000);
    }
}
