package io.sepiola.protocol.map;

import io.sepiola.base.Codec;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;

/**
 * The epochs of an OSD's life (osd_info_t); all unsigned, 0 is never.
 *
 * <p>OsdInfo := u8 1, clean-begin:u32 clean-end:u32 up-from:u32 up-thru:u32 down-at:u32
 * lost-at:u32.
 *
 * @param lastCleanBegin its present store was first started; in Ceph the last run that ended in
 *     order began
 * @param lastCleanEnd its present store was last started; in Ceph that run ended
 * @param upFrom it came up
 * @param upThru it certainly was up until
 * @param downAt it went down
 * @param lostAt the operator gave its data up
 */
public record OsdInfo(
        int lastCleanBegin, int lastCleanEnd, int upFrom, int upThru, int downAt, int lostAt) {
    /** An OSD never seen. */
    public static final OsdInfo NONE = new OsdInfo(0, 0, 0, 0, 0, 0);

    /** As in the class comment. */
    public static final Codec<OsdInfo> CODEC =
            Primitives.of(
                    (out, info) -> {
                        out.u8(1).u32(info.lastCleanBegin).u32(info.lastCleanEnd);
                        out.u32(info.upFrom).u32(info.upThru).u32(info.downAt).u32(info.lostAt);
                    },
                    in -> {
                        int version = in.u8();
                        if (version != 1) {
                            throw new Malformed("osd_info_t of version " + version);
                        }
                        return new OsdInfo(
                                in.u32(), in.u32(), in.u32(), in.u32(), in.u32(), in.u32());
                    });

    OsdInfo withLastClean(int begin, int end) {
        return new OsdInfo(begin, end, upFrom, upThru, downAt, lostAt);
    }

    OsdInfo withUpFrom(int epoch) {
        return new OsdInfo(lastCleanBegin, lastCleanEnd, epoch, upThru, downAt, lostAt);
    }

    OsdInfo withUpThru(int epoch) {
        return new OsdInfo(lastCleanBegin, lastCleanEnd, upFrom, epoch, downAt, lostAt);
    }

    OsdInfo withDownAt(int epoch) {
        return new OsdInfo(lastCleanBegin, lastCleanEnd, upFrom, upThru, epoch, lostAt);
    }

    OsdInfo withLostAt(int epoch) {
        return new OsdInfo(lastCleanBegin, lastCleanEnd, upFrom, upThru, downAt, epoch);
    }
}
