package io.sepiola.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

class Utf8Test {
    @Test
    void validTextIsOrdinaryUtf8() {
        for (String text : new String[] {"", "plain", "héllo", "日本語", "😀 smile", "\uFFFD"}) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            assertThat(Utf8.encode(text)).isEqualTo(utf8);
            assertThat(Utf8.decode(utf8, 0, utf8.length)).isEqualTo(text);
        }
    }

    @Test
    void anyBytesComeBack() {
        Random random = new Random(4);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            if (random.nextBoolean() && bytes.length > 3) {
                byte[] smile = "😀".getBytes(StandardCharsets.UTF_8);
                System.arraycopy(smile, 0, bytes, 0, random.nextInt(5));
            }
            String text = Utf8.decode(bytes, 0, bytes.length);
            assertThat(Utf8.encode(text)).isEqualTo(bytes);
            Encoder out = new Encoder(1);
            Bytes encoded = out.string(text).toBytes();
            assertThat(encoded.slice(4).toArray()).isEqualTo(bytes);
            assertThat(new Decoder(encoded).string()).isEqualTo(text);
        }
    }

    @Test
    void orderIsTheBytesOrder() {
        Random random = new Random(5);
        for (int round = 0; round < 20_000; round++) {
            byte[] a = new byte[random.nextInt(6)];
            byte[] b = new byte[random.nextInt(6)];
            random.nextBytes(a);
            random.nextBytes(b);
            if (random.nextBoolean()) {
                System.arraycopy(a, 0, b, 0, Math.min(a.length, b.length) / 2);
            }
            int byText = Utf8.compare(Utf8.decode(a, 0, a.length), Utf8.decode(b, 0, b.length));
            assertThat(Integer.signum(byText))
                    .isEqualTo(Integer.signum(Arrays.compareUnsigned(a, b)));
        }
        // Above the basic plane, where the order of chars is not the order of bytes.
        assertThat(Utf8.compare("\uFFFD", "😀")).isNegative();
    }
}
