package io.sepiola.protocol.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.Golden;
import io.sepiola.protocol.Utime;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The structures of cephx read and write genuine bytes. */
class AuthCorpusTest {
    private static final Map<String, Codec<?>> TYPES =
            Map.of(
                    "AuthCapsInfo", AuthCaps.CODEC,
                    "AuthTicket", AuthTicket.CODEC,
                    "CephXServiceTicket", ServiceTicket.CODEC,
                    "CephXServiceTicketInfo", ServiceTicketInfo.CODEC,
                    "CephXTicketBlob", TicketBlob.CODEC,
                    "CryptoKey", CryptoKey.CODEC,
                    "EntityAuth", EntityAuth.CODEC,
                    "ExpiringCryptoKey", ExpiringKey.CODEC,
                    "RotatingSecrets", RotatingSecrets.CODEC);

    @Test
    void everySampleReencodesToTheSameBytes() {
        TYPES.forEach((type, codec) -> {
            List<Bytes> samples = Golden.corpus(type);
            assertThat(samples).as(type).isNotEmpty();
            samples.forEach(
                    sample -> assertThat(reencoded(codec, sample)).as(type).isEqualTo(sample));
        });
    }

    private static <T> Bytes reencoded(Codec<T> codec, Bytes bytes) {
        return codec.toBytes(codec.fromBytes(bytes));
    }

    @Test
    void aKeyOfNoAlgorithmIsRefusedWhereAKeyringHasOne() {
        String none = CryptoKey.NONE.toBase64();
        assertThatThrownBy(() -> CryptoKey.parse(none)).isInstanceOf(Malformed.class);
    }

    @Test
    void everyCutIsRefused() {
        TYPES.forEach((type, codec) -> {
            Bytes sample = Golden.corpus(type).getFirst();
            for (int size = 0; size < sample.size(); size++) {
                Bytes cut = sample.slice(0, size);
                assertThatThrownBy(() -> codec.fromBytes(cut))
                        .as(type)
                        .isInstanceOf(Malformed.class);
            }
        });
    }

    @Test
    void aKeyringsKeyIsReadAndWritten() {
        CryptoKey key = CryptoKey.parse("AQDBrgBrmtcjKxAAn75nTKDmhfylhCZS/QkngA==");
        assertThat(key.secret()).isEqualTo(Bytes.hex("9fbe674ca0e685fca5842652fd092780"));
        assertThat(key.toBase64()).isEqualTo("AQDBrgBrmtcjKxAAn75nTKDmhfylhCZS/QkngA==");
        assertThat(key.toString()).doesNotContain("9fbe");
        assertThatThrownBy(() -> CryptoKey.parse("not a key!")).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> CryptoKey.parse("AQDBrgBr")).isInstanceOf(Malformed.class);
    }

    @Test
    void secretsRotateOneByOne() {
        SplittableRandom random = new SplittableRandom(1);
        Instant now = Instant.parse("2030-01-01T00:00:00Z");
        Duration hour = Duration.ofHours(1);
        RotatingSecrets first = RotatingSecrets.EMPTY.rotated(KeyType.AES, now, hour, random);
        assertThat(first.secrets().keySet()).containsExactly(1L, 2L, 3L);
        assertThat(first.current().getKey()).isEqualTo(2L);
        assertThat(first.rotated(KeyType.AES, now.plusSeconds(7199), hour, random))
                .isEqualTo(first);
        RotatingSecrets second = first.rotated(KeyType.AES, now.plusSeconds(7200), hour, random);
        assertThat(second.secrets().keySet()).containsExactly(2L, 3L, 4L);
        assertThat(second.secret(3)).isEqualTo(first.secret(3));
        // After a long sleep the current one is new, and valid.
        RotatingSecrets later =
                second.rotated(KeyType.AES, now.plus(Duration.ofDays(9)), hour, random);
        assertThat(later.secrets().keySet()).containsExactly(4L, 5L, 6L);
        assertThat(later.current().getValue().expires())
                .isGreaterThan(Utime.of(now.plus(Duration.ofDays(9))));
    }
}
