package io.sepiola.lab.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.lab.interop.Program;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * Jazzer on the decoders of maps, from genuine maps as seeds, in little memory and with a limit of
 * time for each try. {@code -Dfuzz.seconds=N} gives each decoder more.
 */
class MapFuzzTest {
    private static final int SECONDS = Integer.getInteger("fuzz.seconds", 10);

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({
        "io.sepiola.lab.placement.BinaryMapFuzz,crush,.bin",
        "io.sepiola.lab.placement.TextMapFuzz,crush,.txt",
        "io.sepiola.lab.placement.OsdMapFuzz,osdmap/chain-small,.69.bin",
        "io.sepiola.lab.placement.OsdMapStepFuzz,osdmap/chain-small,.bin",
        "io.sepiola.lab.placement.MonMapFuzz,monmap,.bin"
    })
    void refusesByNameOrServes(String target, String from, String suffix) throws IOException {
        Path corpus = Files.createDirectory(folder.resolve("corpus"));
        try (Stream<Path> maps = Files.list(Path.of(System.getProperty("golden"), from))) {
            for (Path map : maps.filter(file -> file.toString().endsWith(suffix)).toList()) {
                Files.copy(map, corpus.resolve(map.getFileName()));
            }
        }
        Program.Result result =
                Program.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-Xmx512m",
                                "-Xss1m",
                                "-XX:+EnableDynamicAgentLoading",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "com.code_intelligence.jazzer.Jazzer",
                                "--target_class=" + target,
                                "--instrumentation_includes=io.sepiola.**",
                                "--reproducer_path=" + folder,
                                "-artifact_prefix=" + folder + "/",
                                "-max_total_time=" + SECONDS,
                                "-max_len=20000",
                                "-timeout=20",
                                corpus)
                        .within(Duration.ofSeconds(120 + 2L * SECONDS))
                        .run();
        assertThat(result.code()).as("%s%n%s", result.out(), result.err()).isZero();
        assertThat(result.err()).contains("Done ");
        System.out.println("fuzz: " + target + ": " + result.err().lines().toList().getLast());
    }
}
