package io.sepiola.crush;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every mapping that genuine crushtool printed. */
class CrushMapperTest {
    private static final Pattern WEIGHT = Pattern.compile("--weight (\\d+) ([0-9.]+)");
    private static final Pattern SECTION = Pattern.compile("@rule (\\d+) numrep (\\d+)");

    static Stream<String> mappings() {
        return CrushGolden.names(".map");
    }

    @ParameterizedTest
    @MethodSource("mappings")
    void choosesAsCeph(String name) {
        CrushMap map =
                CrushMap.CODEC.fromBytes(
                        CrushGolden.bytes("crush/" + name.replace("-reweight", "") + ".bin"));
        int[] weights = new int[map.deviceCountMax()];
        Arrays.fill(weights, 0x10000);
        int rule = -1;
        int count = 0;
        int compared = 0;
        for (String line : CrushGolden.lines("crush/" + name + ".map")) {
            Matcher section = SECTION.matcher(line);
            if (line.startsWith("#")) {
                Matcher weight = WEIGHT.matcher(line);
                while (weight.find()) {
                    weights[Integer.parseInt(weight.group(1))] =
                            (int) (Float.parseFloat(weight.group(2)) * 0x10000);
                }
            } else if (section.lookingAt()) {
                rule = Integer.parseInt(section.group(1));
                count = Integer.parseInt(section.group(2));
            } else {
                String[] parts = line.split(" ", -1);
                int[] mapped =
                        CrushMapper.map(map, rule, Integer.parseInt(parts[0]), count, weights, 0);
                assertThat(print(mapped))
                        .as("%s rule %s: %s", name, rule, line)
                        .isEqualTo(parts[1]);
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(1000);
    }

    private static String print(int[] devices) {
        return Arrays.stream(devices)
                .mapToObj(device -> device == CrushMap.ITEM_NONE ? "-" : "" + device)
                .collect(Collectors.joining(","));
    }
}
