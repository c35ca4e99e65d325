package io.sepiola.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.Golden;
import io.sepiola.protocol.Message;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

class MessagesTest {
    static List<String> implementedFiles() {
        return Golden.names("messages", ".jsonl").stream()
                .filter(name -> Messages.types().contains(type(name)))
                .toList();
    }

    static int type(String fileName) {
        return Integer.parseInt(fileName.substring(0, fileName.indexOf('-')));
    }

    static EncodedMessage read(String line, int type) {
        return new EncodedMessage(
                type,
                (int) Golden.number(line, "version"),
                (int) Golden.number(line, "compat_version"),
                (int) Golden.number(line, "priority"),
                Golden.number(line, "tid"),
                Golden.hex(line, "front"),
                Golden.hex(line, "middle"),
                Golden.hex(line, "data"));
    }

    static List<EncodedMessage> samples(String file) {
        List<EncodedMessage> samples = new ArrayList<>();
        for (String line : Golden.lines("messages/" + file)) {
            // Operations and their replies are in osd-ops.
            samples.add(read(line, type(file)));
        }
        return samples;
    }

    @ParameterizedTest
    @MethodSource("implementedFiles")
    void everySampleIsWrittenAsItWasRead(String file) {
        String name = file.substring(file.indexOf('-') + 1, file.indexOf('.'));
        for (EncodedMessage sample : samples(file)) {
            Message message = Messages.decode(sample);
            EncodedMessage again = Messages.encode(message);
            assertThat(message.getClass().getSimpleName()).isEqualTo(name);
            assertThat(again.type()).isEqualTo(sample.type());
            assertThat(again.version()).isEqualTo(sample.version());
            assertThat(again.tid()).isEqualTo(sample.tid());
            assertThat(again.front().toHex()).isEqualTo(sample.front().toHex());
            assertThat(again.middle().toHex()).isEqualTo(sample.middle().toHex());
            assertThat(again.data().toHex()).isEqualTo(sample.data().toHex());
            assertThat(Messages.decode(again)).isEqualTo(message);
        }
    }

    @ParameterizedTest
    @MethodSource("implementedFiles")
    void damagedBytesAreMalformedOrAnotherMessage(String file) {
        for (EncodedMessage sample : samples(file)) {
            byte[] front = sample.front().toArray();
            int step = Math.max(1, front.length / 1500);
            for (int at = 0; at < front.length; at += step) {
                attempt(sample, Bytes.of(front).slice(0, at), sample.data());
                byte[] flipped = front.clone();
                flipped[at] ^= (byte) (1 << (at % 8));
                attempt(sample, Bytes.of(flipped), sample.data());
                flipped[at] = (byte) 0xff;
                attempt(sample, Bytes.of(flipped), sample.data());
            }
            int dataStep = Math.max(1, sample.data().size() / 500);
            for (int at = 0; at < sample.data().size(); at += dataStep) {
                attempt(sample, sample.front(), sample.data().slice(0, at));
                byte[] flipped = sample.data().toArray();
                flipped[at] ^= (byte) (1 << (at % 8));
                attempt(sample, sample.front(), Bytes.of(flipped));
            }
        }
    }

    static void attempt(EncodedMessage sample, Bytes front, Bytes data) {
        try {
            Messages.decode(
                    new EncodedMessage(
                            sample.type(),
                            sample.version(),
                            sample.compatVersion(),
                            sample.priority(),
                            sample.tid(),
                            front,
                            Bytes.EMPTY,
                            data));
        } catch (Malformed expected) {
            assertThat(expected.getMessage()).isNotEmpty();
        }
    }

    @Test
    void unknownTypesAreMalformed() {
        assertThatThrownBy(() ->
                        Messages.decode(
                                new EncodedMessage(
                                        9999, 1, 1, 127, 0, Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY)))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("9999");
    }

    @Test
    void laterIncompatibleVersionsAreMalformed() {
        assertThatThrownBy(() ->
                        Messages.decode(
                                new EncodedMessage(
                                        4, 9, 9, 127, 0, Bytes.zeros(4), Bytes.EMPTY, Bytes.EMPTY)))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("MMonMap");
    }

    @Test
    void whichSamplesHaveNoCodecYet() {
        TreeSet<String> missing = new TreeSet<>(Golden.names("messages", ".jsonl"));
        missing.removeAll(implementedFiles());
        System.out.println("Message types without a codec: " + missing);
        assertThat(implementedFiles()).isNotEmpty();
    }
}
