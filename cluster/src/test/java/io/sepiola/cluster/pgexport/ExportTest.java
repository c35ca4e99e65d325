package io.sepiola.cluster.pgexport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Malformed;
import io.sepiola.protocol.osd.HObject;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The export of a genuine OSD, read and written again, whole and damaged. */
class ExportTest {
    private static byte[] genuine() throws IOException {
        return Files.readAllBytes(
                Path.of(System.getProperty("golden"), "pgexport/one-object.export"));
    }

    private static List<Section> read(byte[] file) throws IOException {
        ExportReader reader = new ExportReader(new ByteArrayInputStream(file));
        List<Section> sections = new ArrayList<>();
        do {
            sections.add(reader.next());
        } while (!(sections.getLast() instanceof Section.End));
        return sections;
    }

    @Test
    void sectionsAreReadInTheirOrder() throws IOException {
        List<Section> sections = read(genuine());
        assertThat(sections.stream().map(it -> it.getClass().getSimpleName()).toList())
                .containsExactly(
                        "Begin",
                        "Metadata",
                        "ObjectBegin",
                        "Data",
                        "Attrs",
                        "OmapHeader",
                        "Omap",
                        "ObjectEnd",
                        "End");
        assertThat(sections.get(0))
                .isInstanceOfSatisfying(
                        Section.Begin.class, begin -> assertThat(begin.pg()).hasToString("2.3"));
        assertThat(sections.get(2))
                .isInstanceOfSatisfying(
                        Section.ObjectBegin.class,
                        object -> {
                            HObject name = object.object().object();
                            assertThat(name).hasToString("2:ff7b1f36:::obj1:head");
                        });
        assertThat(sections.get(3))
                .isInstanceOfSatisfying(
                        Section.Data.class,
                        data -> assertThat(data.data().size()).isEqualTo(10000));
    }

    @Test
    void whatIsWrittenAgainIsReadTheSame() throws IOException {
        List<Section> sections = read(genuine());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ExportWriter writer = new ExportWriter(out);
        for (Section section : sections) {
            writer.write(section);
        }
        assertThat(read(out.toByteArray())).isEqualTo(sections);
        assertThat(out.size()).as("no field is lost").isEqualTo(genuine().length);
    }

    @Test
    void aFileCutAnywhereIsRefused() throws IOException {
        byte[] whole = genuine();
        for (int size = 0; size < whole.length; size += 97) {
            byte[] cut = java.util.Arrays.copyOf(whole, size);
            assertThatThrownBy(() -> read(cut))
                    .as("%d bytes", size)
                    .isInstanceOf(Malformed.class)
                    .hasMessage("Unexpected EOF");
        }
    }

    @Test
    void damageIsRefusedOrHarmless() throws IOException {
        Random random = new Random(4);
        int refused = 0;
        for (int i = 0; i < 2000; i++) {
            byte[] damaged = genuine();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                assertThat(read(damaged)).isNotEmpty();
            } catch (Malformed expected) {
                refused++;
            }
        }
        assertThat(refused).isBetween(50, 1999);
    }

    @Test
    void otherFilesAreRefusedByName() {
        byte[] text = new byte[64];
        assertThatThrownBy(() -> read(text)).hasMessage("Invalid magic number");
        byte[] later = new byte[64];
        System.arraycopy(new byte[] {-50, -1, -50, -1, 3}, 0, later, 0, 5);
        assertThatThrownBy(() -> read(later)).hasMessageContaining("format version=3");
    }
}
