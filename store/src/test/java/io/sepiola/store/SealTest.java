package io.sepiola.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.osd.GhObject;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;

/** A block passes only as what it is, and where it belongs. */
class SealTest {
    private static final byte[] KEY = key(ObjectStoreContract.A);

    private static byte[] key(GhObject object) {
        return IndexKeys.object(ObjectStoreContract.PG, object);
    }

    @Test
    void theSameBytesHaveAnotherChecksumInEveryPlace() {
        Set<Integer> seen = new HashSet<>();
        int count = 0;
        for (long nid : new long[] {1, 2, 3, 77, 1L << 31}) {
            Bytes zeros = Bytes.zeros(200 * Extent.BLOCK_SIZE);
            for (int checksum : new Seal(nid).checksums(0, zeros)) {
                seen.add(checksum);
                count++;
            }
        }
        assertThat(seen).hasSize(count);
    }

    @Test
    void carriesOverWithoutTheData() {
        Bytes data = ObjectStoreContract.bytes(3 * Extent.BLOCK_SIZE, 1);
        Extents extents = new Extents();
        extents.add(new Extent(5, 100, new Seal(9).checksums(5, data)));
        Extents other = extents.resealed(new Seal(9), new Seal(10));
        assertThat(other.all())
                .singleElement()
                .satisfies(extent ->
                        assertThat(extent.checksums()).isEqualTo(new Seal(10).checksums(5, data)));
    }

    @Test
    void anEntryOfTheIndexIsHeldAgainstItsKey() {
        Extents extents = new Extents();
        Bytes data = ObjectStoreContract.bytes(Extent.BLOCK_SIZE, 1);
        extents.add(new Extent(1, 7, new Seal(3).checksums(1, data)));
        Onode onode = new Onode(3, 8192, true, 0, Bytes.EMPTY, new TreeMap<>(), extents);
        byte[] value = onode.encode(KEY);
        assertThat(Onode.decode(KEY, value).encode(KEY)).isEqualTo(value);
        assertThatThrownBy(() -> Onode.decode(key(ObjectStoreContract.B), value))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("another's");
        for (int at = 0; at < value.length; at++) {
            byte[] damaged = value.clone();
            damaged[at] ^= 4;
            assertThatThrownBy(() -> Onode.decode(KEY, damaged)).isInstanceOf(Malformed.class);
        }
    }

    @Test
    void aBlockInTheWrongPlaceIsCorruptWhoeverSaysSo() {
        Bytes data = ObjectStoreContract.bytes(2 * Extent.BLOCK_SIZE, 1);
        FakeDisk disk = new FakeDisk();
        Disk.File file = disk.open("block");
        try {
            file.write(0, ByteBuffer.wrap(data.toArray()));
        } catch (java.io.IOException impossible) {
            throw new AssertionError(impossible);
        }
        BlockReader reader = new BlockReader(file);
        int[] checksums = new Seal(3).checksums(0, data);
        Extents right = new Extents();
        right.add(new Extent(0, 0, checksums));
        assertThat(reader.plan("o", 3, right, 0, data.size(), disk0 -> null).run()).isEqualTo(data);
        Extents shifted = new Extents();
        shifted.add(new Extent(1, 0, checksums));
        assertCorrupt(() -> reader.plan("o", 3, shifted, 4096, 100, disk0 -> null).run());
        assertCorrupt(() -> reader.plan("o", 4, right, 0, 100, disk0 -> null).run());
    }

    private static void assertCorrupt(org.assertj.core.api.ThrowableAssert.ThrowingCallable read) {
        assertThatThrownBy(read)
                .isInstanceOfSatisfying(
                        StoreException.class,
                        e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.CORRUPT));
    }
}
