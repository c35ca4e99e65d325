package io.sepiola.lab.placement;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * {@code docs/placement.md} and its pictures are what the study finds. {@code -Dplacement.write}
 * (or {@code lab/bin/placement-report}) writes them.
 */
class PlacementReportTest {
    private static final Path DOCS = Path.of(System.getProperty("root"), "docs");
    private static final boolean WRITE = Boolean.getBoolean("placement.write");

    @Test
    void theReportTellsWhatTheStudyFinds() throws IOException {
        PlacementStudy study = new PlacementStudy();
        assertThat(study.sharedRacks).isZero();
        assertThat(study.missingCopies).isZero();
        PlacementStudy.Movement join = study.movements.getFirst();
        assertThat(join.kind()).isEqualTo("straw2");
        assertThat(join.moved()).isBetween(0.0099, 0.03);
        same("placement.md", text(study));
        same("placement/evenness.svg", PlacementPlots.evenness(study.evenness));
        same("placement/movement.svg", PlacementPlots.movements(study.movements));
    }

    private static void same(String file, String text) throws IOException {
        Path path = DOCS.resolve(file);
        if (WRITE) {
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
        }
        assertThat(path).as("written by lab/bin/placement-report").hasContent(text);
    }

    private static String text(PlacementStudy study) throws IOException {
        try (var template = PlacementReportTest.class.getResourceAsStream("placement.md")) {
            assertThat(template).isNotNull();
            return new String(template.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                    .replace("@MAPPINGS@", String.format(Locale.ROOT, "%,d", study.mappings))
                    .replace("@SHARED@", Long.toString(study.sharedRacks))
                    .replace("@MISSING@", Long.toString(study.missingCopies))
                    .replace("@EVENNESS@\n", evenness(study))
                    .replace("@MOVEMENT@\n", movement(study));
        }
    }

    private static String evenness(PlacementStudy study) {
        StringBuilder rows = new StringBuilder();
        for (PlacementStudy.Evenness one : study.evenness) {
            rows.append(
                    String.format(
                            Locale.ROOT,
                            "| %s | %d | %.1f | %.1f | %.1f %% | %.1f %% | %.2f | %.2f |%n",
                            one.kind(),
                            one.weight(),
                            one.expected(),
                            one.mean(),
                            100 * one.spread(),
                            100 * one.chance(),
                            one.least(),
                            one.most()));
        }
        return rows.toString();
    }

    private static String movement(PlacementStudy study) {
        StringBuilder rows = new StringBuilder();
        for (PlacementStudy.Movement one : study.movements) {
            rows.append(
                    String.format(
                            Locale.ROOT,
                            one.possible()
                                    ? "| %s | %s | %.3f %% | %.3f %% | %.2f |%n"
                                    : "| %s | %s | %.3f %% | not possible | |%n",
                            one.change(),
                            one.kind(),
                            100 * one.minimum(),
                            100 * one.moved(),
                            one.ratio()));
        }
        return rows.toString();
    }
}
