package io.sepiola.protocol.fs;

import io.sepiola.protocol.osd.CompatSet;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** What a metadata server must know of the formats on disk, by Ceph's numbers and names. */
public final class MdsFeatures {
    /** What a new file system starts with. */
    public static final CompatSet DEFAULT =
            incompatible(
                    0x77e,
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

    /** What a server has that does not say it: 16.2.4's and those before. */
    public static final CompatSet OLD = withInlineData(DEFAULT);

    private MdsFeatures() {}

    private static CompatSet incompatible(long bits, Map<Long, String> names) {
        return new CompatSet(
                CompatSet.Features.NONE,
                CompatSet.Features.NONE,
                new CompatSet.Features(bits, Collections.unmodifiableMap(new TreeMap<>(names))));
    }

    /** The same and feature 7, which 16.2.15 adds to every map that it reads. */
    public static CompatSet withInlineData(CompatSet set) {
        TreeMap<Long, String> names = new TreeMap<>(set.incompatible().names());
        names.putIfAbsent(7L, "mds uses inline data");
        return new CompatSet(
                set.compatible(),
                set.readOnlyCompatible(),
                new CompatSet.Features(
                        set.incompatible().bits() | 1 << 7, Collections.unmodifiableMap(names)));
    }
}
