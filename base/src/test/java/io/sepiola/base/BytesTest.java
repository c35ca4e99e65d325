package io.sepiola.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.Random;

class BytesTest {
    private static final byte[] TEXT =
            "the quick brown fox".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    /** The same bytes, cut at random. */
    static Bytes cut(byte[] array, Random random) {
        Bytes all = Bytes.EMPTY;
        for (int at = 0; at < array.length; ) {
            int size = Math.min(array.length - at, random.nextInt(5));
            all = Bytes.concat(all, Bytes.of(array, at, size));
            at += size;
        }
        return all;
    }

    @Test
    void piecesMakeNoDifference() {
        Random random = new Random(1);
        Bytes whole = Bytes.of(TEXT);
        for (int round = 0; round < 200; round++) {
            Bytes pieces = cut(TEXT, random);
            int offset = random.nextInt(TEXT.length + 1);
            int length = random.nextInt(TEXT.length - offset + 1);
            assertThat(pieces).isEqualTo(whole).hasSameHashCodeAs(whole);
            assertThat(pieces.slice(offset, length)).isEqualTo(whole.slice(offset, length));
            assertThat(pieces.slice(offset, length).toHex())
                    .isEqualTo(whole.slice(offset, length).toHex());
            assertThat(pieces.toUtf8()).isEqualTo("the quick brown fox");
            assertThat(pieces.crc32c(7)).isEqualTo(whole.crc32c(7));
            assertThat(pieces.compact()).isEqualTo(whole);
            assertThat(pieces.detach().toArray()).isEqualTo(TEXT);
            byte[] copy = new byte[TEXT.length + 2];
            pieces.copyTo(offset, copy, 1, length);
            assertThat(Bytes.of(copy, 1, length)).isEqualTo(whole.slice(offset, length));
            int sum = 0;
            for (ByteBuffer buffer : pieces.buffers()) {
                sum += buffer.remaining();
            }
            assertThat(sum).isEqualTo(TEXT.length);
            if (offset < TEXT.length) {
                assertThat(pieces.at(offset)).isEqualTo(TEXT[offset]);
            }
        }
    }

    @Test
    void differentBytesDiffer() {
        assertThat(Bytes.hex("0102")).isNotEqualTo(Bytes.hex("0103"));
        assertThat(Bytes.hex("0102")).isNotEqualTo(Bytes.hex("010200"));
        assertThat(Bytes.concat(Bytes.hex("01"), Bytes.hex("02"))).isNotEqualTo(Bytes.hex("0103"));
    }

    @Test
    void nothingOutsideCanBeReached() {
        Bytes bytes = Bytes.of(TEXT).slice(4, 5);
        assertThat(bytes.toUtf8()).isEqualTo("quick");
        assertThatThrownBy(() -> bytes.at(5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> bytes.at(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> bytes.slice(1, 5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> bytes.slice(2, Integer.MAX_VALUE))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> bytes.copyTo(3, new byte[9], 0, 3))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Bytes.of(TEXT, 10, 10))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void detachLetsGoOfALargerArray() {
        byte[] large = new byte[1000];
        Bytes small = Bytes.of(large, 10, 5).detach();
        small.forEachPiece((array, offset, length) -> assertThat(array).hasSize(5));
    }
}
