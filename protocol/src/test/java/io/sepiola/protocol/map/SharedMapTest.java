package io.sepiola.protocol.map;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** The map and the array that share are what the plain ones are, and copies never disturb. */
class SharedMapTest {
    @Test
    void agreesWithATreeMapAndCopiesStayAsTheyWere() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        TreeMap<Integer, Integer> plain = new TreeMap<>();
        SharedMap<Integer, Integer> shared = new SharedMap<>();
        List<SharedMap<Integer, Integer>> copies = new ArrayList<>();
        List<TreeMap<Integer, Integer>> then = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            int key = random.nextInt(500);
            if (random.nextInt(3) == 0) {
                assertThat(shared.remove(key)).as("seed %s", seed).isEqualTo(plain.remove(key));
            } else {
                assertThat(shared.put(key, i)).as("seed %s", seed).isEqualTo(plain.put(key, i));
            }
            if (i % 500 == 0) {
                copies.add(shared.copy());
                then.add(new TreeMap<>(plain));
            }
            int at = random.nextInt(520) - 10;
            assertThat(shared.floorKey(at)).isEqualTo(plain.floorKey(at));
            assertThat(shared.higherKey(at)).isEqualTo(plain.higherKey(at));
            assertThat(shared.lowerKey(at)).isEqualTo(plain.lowerKey(at));
            assertThat(shared.ceilingKey(at)).isEqualTo(plain.ceilingKey(at));
        }
        assertThat(shared.entrySet()).containsExactlyElementsOf(plain.entrySet());
        assertThat(shared.subMap(100, true, 200, false))
                .isEqualTo(plain.subMap(100, true, 200, false));
        assertThat(shared.size()).isEqualTo(plain.size());
        for (int i = 0; i < copies.size(); i++) {
            assertThat(new ArrayList<>(copies.get(i).entrySet()))
                    .isEqualTo(new ArrayList<>(then.get(i).entrySet()));
        }
        assertThat(new ArrayList<>(SharedMap.of(plain).entrySet()))
                .isEqualTo(new ArrayList<>(plain.entrySet()));
    }

    @Test
    void anArrayGrowsShrinksAndSharesWithoutDisturbing() {
        SharedArray<String> array = new SharedArray<>("");
        array.resize(1000);
        array.set(999, "last");
        array.set(5, "five");
        SharedArray<String> copy = array.copy();
        copy.set(5, "other");
        copy.resize(300);
        copy.resize(1000);
        assertThat(array.get(5)).isEqualTo("five");
        assertThat(array.get(999)).isEqualTo("last");
        assertThat(copy.get(5)).isEqualTo("other");
        assertThat(copy.get(999)).isEmpty();
        assertThat(copy.toList()).hasSize(1000);
    }
}
