package io.sepiola.protocol.osd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

class TransactionCodecTest {
    private static List<Bytes> golden(String file, String field) throws IOException {
        List<Bytes> found = new ArrayList<>();
        Pattern value = Pattern.compile("\"" + field + "\":\"([0-9a-f]+)\"");
        for (String line : Files.readAllLines(Path.of(System.getProperty("golden"), file))) {
            Matcher matcher = value.matcher(line);
            assertThat(matcher.find()).isTrue();
            found.add(Bytes.hex(matcher.group(1)));
        }
        return found;
    }

    private static List<Bytes> samples() throws IOException {
        List<Bytes> all = new ArrayList<>(golden("corpus/ObjectStore.Transaction.jsonl", "hex"));
        all.addAll(golden("messages/112-MOSDRepOp.jsonl", "data"));
        return all;
    }

    @Test
    void recordedTransactionsComeBackToTheByte() throws IOException {
        assertThat(samples()).hasSizeGreaterThanOrEqualTo(6);
        for (Bytes sample : samples()) {
            Transaction decoded = Transaction.CODEC.fromBytes(sample);
            assertThat(Transaction.CODEC.toBytes(decoded).toHex()).isEqualTo(sample.toHex());
        }
    }

    /** As ObjectStore::Transaction::try_rename of release 16 fills a record. */
    @Test
    void aRenameIsWrittenAsCephDoes() {
        GhObject from = GhObject.of(new HObject("", "a", "", HObject.HEAD, 1, 1, false));
        GhObject to = GhObject.of(new HObject("", "b", "", HObject.HEAD, 2, 1, false));
        Transaction rename =
                new Transaction(List.of(new Transaction.TryRename(CollectionId.META, from, to)));
        Bytes encoded = Transaction.CODEC.toBytes(rename);
        assertThat(Transaction.CODEC.fromBytes(encoded)).isEqualTo(rename);
        // After the header of 6 bytes, no data, and the size of the ops: code 41, objects 0 and 1.
        assertThat(encoded.slice(14, 72).toHex())
                .isEqualTo("29000000" + "00".repeat(28) + "01000000" + "00".repeat(36));
    }

    @Test
    void aCutTransactionIsMalformed() throws IOException {
        for (Bytes sample : samples()) {
            for (int size = 0; size < sample.size(); size += 1 + sample.size() / 300) {
                Bytes cut = sample.slice(0, size);
                assertThatThrownBy(() -> Transaction.CODEC.fromBytes(cut))
                        .isInstanceOf(Malformed.class);
            }
        }
    }

    @Test
    void aFlippedBitIsMalformedOrAnotherTransaction() throws IOException {
        for (Bytes sample : samples()) {
            for (int bit = 0; bit < Math.min(sample.size() * 8, 20_000); bit += 3) {
                byte[] flipped = sample.toArray();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                try {
                    assertThat(Transaction.CODEC.fromBytes(Bytes.of(flipped)).ops()).isNotNull();
                } catch (Malformed expected) {
                    assertThat(expected).hasMessageMatching("(?s).+");
                }
            }
        }
    }
}
