package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

/**
 * How full a store is, in bytes (store_statfs_t).
 *
 * <p>StoreStat := S(1/1){total available internallyReserved allocated dataStored dataCompressed
 * compressedAllocated compressedOriginal omapAllocated internalMetadata, u64 each}.
 */
public record StoreStat(
        long total,
        long available,
        long internallyReserved,
        long allocated,
        long dataStored,
        long dataCompressed,
        long compressedAllocated,
        long compressedOriginal,
        long omapAllocated,
        long internalMetadata) {
    /** As in the class comment. */
    public static final Codec<StoreStat> CODEC =
            Primitives.of(StoreStat::encode, StoreStat::decode);

    private static void encode(Encoder out, StoreStat value) {
        int begun = out.beginStruct(1, 1);
        out.u64(value.total);
        out.u64(value.available);
        out.u64(value.internallyReserved);
        out.u64(value.allocated);
        out.u64(value.dataStored);
        out.u64(value.dataCompressed);
        out.u64(value.compressedAllocated);
        out.u64(value.compressedOriginal);
        out.u64(value.omapAllocated);
        out.u64(value.internalMetadata);
        out.endSized(begun);
    }

    private static StoreStat decode(Decoder in) {
        return in.struct(1, StoreStat::decodeFields);
    }

    private static StoreStat decodeFields(int layout, Decoder in) {
        long total = in.u64();
        long available = in.u64();
        long internallyReserved = in.u64();
        long allocated = in.u64();
        long dataStored = in.u64();
        long dataCompressed = in.u64();
        long compressedAllocated = in.u64();
        long compressedOriginal = in.u64();
        long omapAllocated = in.u64();
        long internalMetadata = in.u64();
        return new StoreStat(
                total,
                available,
                internallyReserved,
                allocated,
                dataStored,
                dataCompressed,
                compressedAllocated,
                compressedOriginal,
                omapAllocated,
                internalMetadata);
    }

    /** Of nothing. */
    public static final StoreStat ZERO = new StoreStat(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Both together. */
    public StoreStat plus(StoreStat other) {
        return new StoreStat(
                total + other.total,
                available + other.available,
                internallyReserved + other.internallyReserved,
                allocated + other.allocated,
                dataStored + other.dataStored,
                dataCompressed + other.dataCompressed,
                compressedAllocated + other.compressedAllocated,
                compressedOriginal + other.compressedOriginal,
                omapAllocated + other.omapAllocated,
                internalMetadata + other.internalMetadata);
    }
}
