package io.sepiola.monitor;

import io.sepiola.base.Bytes;
import io.sepiola.base.Encoder;
import io.sepiola.protocol.osd.CompatSet;

import java.util.Map;
import java.util.TreeMap;

/**
 * The map of file systems, of which there are none yet.
 *
 * <p>FSMap := S(7/6){epoch:u32 next-id:u64 legacy-id:s32 CompatSet enable-multiple:u8
 * file-systems:vector roles:map standbys:map standby-epochs:map ever-enabled-multiple:u8}.
 */
final class FsMaps {
    /** Ceph's features of the metadata servers' formats, by number. */
    private static final Map<Long, String> FEATURES =
            new TreeMap<>(
                    Map.of(
                            1L, "base v0.20",
                            2L, "client writeable ranges",
                            3L, "default file layouts on dirs",
                            4L, "dir inode in separate object",
                            5L, "mds uses versioned encoding",
                            6L, "dirfrag is stored in omap",
                            8L, "no anchor table",
                            9L, "file layout v2",
                            10L, "snaprealm v2"));

    /** No file system, epoch 1. */
    static final Bytes EMPTY =
            new Encoder()
                    .struct(
                            7,
                            6,
                            body -> {
                                body.u32(1).u64(1).u32(-1);
                                CompatSet.Features incompatible =
                                        new CompatSet.Features(0x77e, FEATURES);
                                CompatSet.CODEC.encode(
                                        new CompatSet(
                                                CompatSet.Features.NONE,
                                                CompatSet.Features.NONE,
                                                incompatible),
                                        body);
                                body.bool(true).u32(0).u32(0).u32(0).u32(0).bool(true);
                            })
                    .toBytes();

    private FsMaps() {}
}
