package io.sepiola.protocol.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.Utime;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Instant;
import java.util.SplittableRandom;

/** Both types of keys: how they are written, and what they seal. */
class CryptoKeyTest {
    private static final byte[] RFC_KEY =
            Bytes.hex("6d404d37faf79f9df0d33568d320669800eb4836472ea8a026d16b7182460c52").toArray();

    private final SplittableRandom random = new SplittableRandom(1);

    private CryptoKey key(KeyType type) {
        return CryptoKey.generate(type, random, Instant.EPOCH);
    }

    /** RFC 8009, appendix A: derived keys of aes256-cts-hmac-sha384-192 for use 2. */
    @ParameterizedTest
    @CsvSource({
        "0x99, ef5718be86cc84963d8bbb5031e9f5c4ba41f28faf69e73d",
        "0xaa, 56ab22bee63d82d7bc5227f6773f8ea7a5eb1c825160c38312980c442e5c7e49",
        "0x55, 69b16514e3cd8e56b82010d5c73012b622c4d00ffc23ed1f",
    })
    void keysAreDerivedAsTheRfcDoes(String purpose, String derived) {
        Bytes wanted = Bytes.hex(derived);
        byte[] got = AesCtsHmac.derived(RFC_KEY, 2, Integer.decode(purpose), wanted.size());
        assertThat(Bytes.of(got)).isEqualTo(wanted);
    }

    /** RFC 8009, appendix A: sample encryptions, with the confounders that it names. */
    @ParameterizedTest
    @CsvSource({
        "'', f764e9fa15c276478b2c7d0c4e5f58e4, "
            + "41f53fa5bfe7026d91faf9be959195a058707273a96a40f0a01960621ac612748b9bbfbe7eb4ce3c",
        "000102030405, b80d3251c1f6471494256ffe712d0b9a, "
                + "4ed7b37c2bcac8f74f23c1cf07e62bc7b75fb3f637b9"
                + "f559c7f664f69eab7b6092237526ea0d1f61cb20d69d10f2",
        "000102030405060708090a0b0c0d0e0f, 53bf8a0d105265d4e276428624ce5e63, "
                + "bc47ffec7998eb91e8115cf8d19dac4bbbe2e163e87dd37f49beca92027764f6"
                + "8cf51f14d798c2273f35df574d1f932e40c4ff255b36a266",
        "000102030405060708090a0b0c0d0e0f1011121314, 763e65367e864f02f55153c7e3b58af1, "
                + "40013e2df58e8751957d2878bcd2d6fe101ccfd556cb1eae79db3c3ee86429f2b2a602ac86"
                + "fef6ecb647d6295fae077a1feb517508d2c16b4192e01f62",
    })
    void textsAreEncryptedAsTheRfcDoes(String plain, String confounder, String sealed) {
        AesCtsHmac cipher = new AesCtsHmac(RFC_KEY, 2);
        byte[] text = Bytes.hex(plain).toArray();
        assertThat(cipher.encrypt(Bytes.hex(confounder).toArray(), text))
                .isEqualTo(Bytes.hex(sealed));
        assertThat(cipher.decrypt(Bytes.hex(sealed).toArray())).isEqualTo(Bytes.hex(plain));
        AesCtsHmac otherUse = new AesCtsHmac(RFC_KEY, 3);
        assertThatThrownBy(() -> otherUse.decrypt(Bytes.hex(sealed).toArray()))
                .isInstanceOf(Malformed.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"AES", "AES256K"})
    void aKeyIsWrittenAndRead(KeyType type) {
        CryptoKey key = key(type);
        assertThat(CryptoKey.parse(key.toBase64())).isEqualTo(key);
        assertThat(key.secret().size()).isEqualTo(type == KeyType.AES ? 16 : 32);
        assertThat(key.toString()).doesNotContain(key.secret().slice(0, 4).toHex());
        Bytes bytes = CryptoKey.CODEC.toBytes(key);
        for (int size = 0; size < bytes.size(); size++) {
            Bytes cut = bytes.slice(0, size);
            assertThatThrownBy(() -> CryptoKey.CODEC.fromBytes(cut)).isInstanceOf(Malformed.class);
        }
    }

    /** As a Ceph of today writes one: type 2, a time, 32 bytes. */
    @Test
    void aGenuineKeyIsRead() {
        CryptoKey key =
                CryptoKey.parse("AgAAAAAAAAAAACAAIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiI=");
        assertThat(key.type()).isEqualTo(KeyType.AES256K);
        assertThat(key.secret()).isEqualTo(Bytes.hex("22".repeat(32)));
    }

    @Test
    void wrongTypesAndSizesAreRefused() {
        assertThatThrownBy(() -> new CryptoKey(KeyType.AES256K, Utime.ZERO, Bytes.zeros(31)))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("aes256k of 31");
        assertThatThrownBy(() -> new CryptoKey(KeyType.AES, Utime.ZERO, Bytes.zeros(32)))
                .isInstanceOf(Malformed.class);
        assertThatThrownBy(
                        () -> CryptoKey.CODEC.fromBytes(Bytes.hex("0300000000000000000000" + "00")))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("unknown key type 3");
        assertThat(KeyType.labelled("aes256k")).contains(KeyType.AES256K);
        assertThat(KeyType.labelled("des")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"AES", "AES256K"})
    void whatIsSealedOpensWithTheSameKeyOnly(KeyType type) {
        CryptoKey one = key(type);
        CryptoKey two = key(type);
        Bytes sealed = one.seal(KeyUse.TICKET, random, out -> out.string("secret"));
        assertThat(one.open(KeyUse.TICKET, sealed).string()).isEqualTo("secret");
        for (CryptoKey wrong :
                new CryptoKey[] {two, key(KeyType.AES), key(KeyType.AES256K), CryptoKey.NONE}) {
            assertThatThrownBy(() -> wrong.open(KeyUse.TICKET, sealed))
                    .isInstanceOf(Malformed.class);
        }
        for (int size = 0; size < sealed.size(); size++) {
            Bytes cut = sealed.slice(size + 1);
            assertThatThrownBy(() -> one.open(KeyUse.TICKET, cut)).isInstanceOf(Malformed.class);
        }
    }

    @Test
    void whatWasSealedForOneUseIsNotTakenForAnother() {
        CryptoKey key = key(KeyType.AES256K);
        Bytes sealed = key.seal(KeyUse.CHALLENGE, random, out -> out.u64(1));
        assertThatThrownBy(() -> key.open(KeyUse.AUTHORIZED, sealed)).isInstanceOf(Malformed.class);
        assertThat(key.seal(KeyUse.CHALLENGE, random, out -> out.u64(1)))
                .as("the same again looks different")
                .isNotEqualTo(sealed);
    }

    @Test
    void everyFlippedBitIsNoticed() {
        CryptoKey key = key(KeyType.AES256K);
        byte[] sealed =
                key.seal(KeyUse.TICKET, random, out -> out.string("a".repeat(99))).toArray();
        for (int bit = 0; bit < 8 * sealed.length; bit++) {
            byte[] bad = sealed.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> key.open(KeyUse.TICKET, Bytes.of(bad)))
                    .as("bit %s", bit)
                    .isInstanceOf(Malformed.class);
        }
    }

    /** The first was recorded of Ceph 16.2, the second of a client of Ceph 19.2.6. */
    @Test
    void proofsComeOutAsCephs() {
        CryptoKey aes =
                new CryptoKey(
                        KeyType.AES, Utime.ZERO, Bytes.hex("9fbe674ca0e685fca5842652fd092780"));
        assertThat(aes.proof(0x605aeffe631a0480L, 0xabcdefL)).isEqualTo(0xf22cf0c4d661ab7dL);
        Bytes counted =
                Bytes.hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
        CryptoKey aes256k = new CryptoKey(KeyType.AES256K, Utime.ZERO, counted);
        assertThat(aes256k.proof(0x1122334455667788L, 0x0102030405060708L))
                .isEqualTo(0xff603040e5eb4b04L);
        assertThatThrownBy(() -> CryptoKey.NONE.proof(1, 2)).isInstanceOf(Malformed.class);
    }
}
