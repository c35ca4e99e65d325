package io.sepiola.osd.daemon;

import io.sepiola.protocol.map.OsdInfo;
import io.sepiola.protocol.osd.OsdSuperblock;

import java.util.Optional;

/**
 * Tells a store from an older copy of itself: a disk image put back, a snapshot of a virtual
 * machine, files copied away and back.
 *
 * <p>Before an OSD asks to be marked up it writes the epoch at which it asks into its superblock
 * ({@code mounted}), durably, and the monitors keep the epoch of the last start that they granted
 * ({@code last_clean_end} of its osd_info_t). A store that remembers no start as late as the one
 * granted has lost what it acknowledged since. Ceph does not look; its groups trust such a store
 * when nobody else is left of an interval.
 */
final class StoreAge {
    private StoreAge() {}

    /**
     * Why the store may not serve, or nothing when it may.
     *
     * @param info what the newest map says of the OSD
     */
    static Optional<String> refusal(OsdSuperblock own, OsdInfo info) {
        int granted = info.lastCleanEnd();
        boolean remembers = Integer.compareUnsigned(own.mounted(), granted) >= 0;
        // Who calls an OSD lost says that nobody need wait for what it had until then.
        boolean givenUp = Integer.compareUnsigned(info.lostAt(), granted) > 0;
        if (remembers || givenUp) {
            return Optional.empty();
        }
        return Optional.of(
                "osd."
                        + own.osd()
                        + "'s store is empty or an older copy of itself: it was last started at"
                        + " epoch "
                        + Integer.toUnsignedString(granted)
                        + ", and the store remembers none after epoch "
                        + Integer.toUnsignedString(own.mounted())
                        + ". What it acknowledged in between is not in it. To fill it anew: 'ceph"
                        + " osd destroy "
                        + own.osd()
                        + " --yes-i-really-mean-it', then make it again as a new OSD. Only if no"
                        + " other copy is left: 'ceph osd lost "
                        + own.osd()
                        + " --yes-i-really-mean-it' lets it start with what it has");
    }
}
