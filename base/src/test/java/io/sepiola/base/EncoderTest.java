package io.sepiola.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What the encoder writes, and that the decoder reads it back from pieces of any size. */
class EncoderTest {
    private static void primitives(Encoder out) {
        out.u8(0xfe).bool(true).u16(0xfedc).u32(0xfedcba98).u64(0x0123456789abcdefL);
        out.f32(1.5f).f64(-2.25).string("héllo").string("").blob(Bytes.hex("0a0b")).zeros(3);
        out.list(List.of(1, 2), Primitives.U32);
        out.map(Map.of("k", 7L), Primitives.STRING, Primitives.U64);
    }

    private static final String PRIMITIVES =
            "fe"
                    + "01"
                    + "dcfe"
                    + "98badcfe"
                    + "efcdab8967452301"
                    + "0000c03f"
                    + "00000000000002c0"
                    + "0600000068c3a96c6c6f"
                    + "00000000"
                    + "020000000a0b"
                    + "000000"
                    + "020000000100000002000000"
                    + "01000000010000006b0700000000000000";

    @Test
    void integersAreLittleEndian() {
        Encoder out = new Encoder(1);
        primitives(out);
        assertThat(out.toBytes().toHex()).isEqualTo(PRIMITIVES);
        assertThat(out.size()).isEqualTo(PRIMITIVES.length() / 2);
    }

    @Test
    void whatIsWrittenIsReadFromPiecesOfAnySize() {
        Encoder out = new Encoder();
        primitives(out);
        byte[] array = out.toBytes().toArray();
        Random random = new Random(2);
        for (int round = 0; round < 200; round++) {
            Decoder in = new Decoder(BytesTest.cut(array, random));
            assertThat(in.u8()).isEqualTo(0xfe);
            assertThat(in.bool()).isTrue();
            assertThat(in.u16()).isEqualTo(0xfedc);
            assertThat(in.u32()).isEqualTo(0xfedcba98);
            assertThat(in.u64()).isEqualTo(0x0123456789abcdefL);
            assertThat(in.f32()).isEqualTo(1.5f);
            assertThat(in.f64()).isEqualTo(-2.25);
            assertThat(in.string()).isEqualTo("héllo");
            assertThat(in.string()).isEmpty();
            assertThat(in.blob()).isEqualTo(Bytes.hex("0a0b"));
            in.skip(3);
            assertThat(in.list(Primitives.U32)).containsExactly(1, 2);
            assertThat(in.position() + in.remaining()).isEqualTo(array.length);
            assertThat(in.map(Primitives.STRING, Primitives.U64)).isEqualTo(Map.of("k", 7L));
            in.expectEnd();
        }
    }

    @Test
    void structsHaveTheirLength() {
        Encoder out = new Encoder();
        out.u8(9).struct(3, 2, body -> body.u32(1).struct(1, 1, inner -> inner.u8(5))).u8(8);
        assertThat(out.toBytes().toHex())
                .isEqualTo("09" + "03020b000000" + "01000000" + "010101000000" + "05" + "08");
    }

    @Test
    void aLongPayloadWithinAStructIsTakenByReference() {
        byte[] array = new byte[10_000];
        array[0] = 1;
        Bytes payload = Bytes.of(array);
        Encoder out = new Encoder(16);
        int outer = out.u16(7).beginStruct(2, 1);
        int inner = out.u8(1).beginStruct(1, 1);
        out.blob(payload).u8(2);
        out.endSized(inner);
        out.blob(payload).u8(3);
        out.endSized(outer);
        Bytes bytes = out.toBytes();

        boolean[] shared = new boolean[1];
        bytes.forEachPiece((piece, offset, length) -> shared[0] |= piece == array);
        assertThat(shared[0]).isTrue();
        Decoder in = new Decoder(bytes);
        assertThat(in.u16()).isEqualTo(7);
        int sum =
                in.struct(
                        2,
                        (version, body) -> {
                            int first = body.u8();
                            int second =
                                    body.struct(
                                            1,
                                            (innerVersion, innerBody) -> {
                                                assertThat(innerBody.blob()).isEqualTo(payload);
                                                int last = innerBody.u8();
                                                innerBody.expectEnd();
                                                return last;
                                            });
                            assertThat(body.blob()).isEqualTo(payload);
                            int last = body.u8();
                            body.expectEnd();
                            return first * 100 + second * 10 + last;
                        });
        in.expectEnd();
        assertThat(sum).isEqualTo(123);
    }

    @Test
    void nestedStructsOfAnySizeComeBack() {
        Random random = new Random(3);
        for (int round = 0; round < 300; round++) {
            Encoder out = new Encoder(1 + random.nextInt(40));
            Encoder slow = new Encoder();
            nest(out, slow, random, 0);
            assertThat(out.toBytes()).isEqualTo(slow.toBytes());
        }
    }

    // The slow twin builds each part on its own and copies it.
    private static void nest(Encoder out, Encoder slow, Random random, int depth) {
        int parts = random.nextInt(5);
        for (int i = 0; i < parts; i++) {
            Bytes payload = Bytes.of(new byte[random.nextInt(4) == 0 ? 3000 : random.nextInt(50)]);
            out.blob(payload).u8(i);
            slow.u32(payload.size()).raw(payload.toArray()).u8(i);
            if (depth < 4 && random.nextBoolean()) {
                Encoder inner = new Encoder();
                out.struct(1, 1, body -> nest(body, inner, random, depth + 1));
                slow.u8(1).u8(1).u32(inner.size()).raw(inner.toBytes().toArray());
            }
        }
    }

    @Test
    void whatWasGivenOutStaysAsItWas() {
        Encoder out = new Encoder(16);
        out.u32(1);
        Bytes before = out.toBytes();
        out.u32(2).string("more");
        assertThat(before.toHex()).isEqualTo("01000000");
        assertThat(out.toBytes().toHex()).isEqualTo("0100000002000000040000006d6f7265");
    }

    @Test
    void mapsKeepTheirOrder() {
        Map<String, Long> map = new LinkedHashMap<>();
        map.put("z", 1L);
        map.put("a", 2L);
        Encoder out = new Encoder();
        out.map(map, Primitives.STRING, Primitives.U64);
        Map<String, Long> read = new Decoder(out.toBytes()).map(Primitives.STRING, Primitives.U64);
        assertThat(read.keySet()).containsExactly("z", "a");
        assertThatThrownBy(() -> read.put("b", 3L))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
