package io.sepiola.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What is not there is not believed. */
class DecoderTest {
    private static Decoder of(String hex) {
        return new Decoder(Bytes.hex(hex));
    }

    @Test
    void nothingIsReadBehindTheEnd() {
        assertThatThrownBy(() -> of("").u8()).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> of("01").u16()).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> of("010203").u32()).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> of("01020304050607").u64()).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> of("01").skip(2)).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> of("01").raw(-1)).isInstanceOf(Malformed.class);
    }

    @Test
    void lengthsBeyondTheEndAreRefused() {
        assertThatThrownBy(() -> of("05000000" + "01020304").blob()).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> of("ffffffff" + "01").string()).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> of("ffffff7f" + "01").blob()).isInstanceOf(Malformed.class);
    }

    @Test
    void countsBeyondWhatRemainsAreRefused() {
        assertThatThrownBy(() -> of("ffffff7f" + "01").list(Primitives.U8))
                .isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> of("ffffffff" + "01").map(Primitives.U8, Primitives.U8))
                .isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> of("03000000" + "0102030405").count(2))
                .isInstanceOf(Malformed.class);
        assertThat(of("02000000" + "0102030405").count(2)).isEqualTo(2);
    }

    @Test
    void aRepeatedKeyIsRefused() {
        assertThatThrownBy(() -> of("02000000" + "0101" + "0102").map(Primitives.U8, Primitives.U8))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("twice");
    }

    @Test
    void leftoversAreRefused() {
        Decoder in = of("0102");
        in.u8();
        assertThatThrownBy(in::expectEnd)
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("1 bytes");
    }

    @Test
    void aLaterVersionsFieldsArePassedOver() {
        Decoder in = of("0502" + "03000000" + "07" + "aabb" + "09");
        assertThat(in.<Integer>struct(2, (version, body) -> version * 10 + body.u8()))
                .isEqualTo(57);
        assertThat(in.u8()).isEqualTo(9);
    }

    @Test
    void anIncompatibleVersionIsRefused() {
        assertThatThrownBy(() -> of("0503" + "00000000").struct(2, (version, body) -> 0))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("version 3");
    }

    @Test
    void aStructEndsWhereItsLengthSays() {
        Decoder in = of("0101" + "02000000" + "0102" + "0304");
        assertThatThrownBy(() -> in.struct(1, (version, body) -> body.u32()))
                .isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> of("0101" + "05000000" + "0102").struct(1, (version, body) -> 0))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void aPartLeavesTheRestReadable() {
        Decoder in = of("0102030405");
        assertThat(in.<Integer>sized(3, body -> body.u8() + body.remaining())).isEqualTo(3);
        assertThat(in.position()).isEqualTo(3);
        assertThat(in.rest()).isEqualTo(Bytes.hex("0405"));
    }
}
