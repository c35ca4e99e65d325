package io.sepiola.protocol.map;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;

import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.UUID;

/**
 * One step from an OSD map to the next (OSDMap::Incremental). Immutable. The layout is in {@link
 * OsdMapIncrementalCodec}.
 *
 * @param fsid the cluster
 * @param epoch the epoch that this leads to
 * @param modified when
 * @param poolMax the highest pool id ever given; -1 keeps it
 * @param flags the cluster's flags; -1 keeps them
 * @param fullMap when not empty, the whole map that replaces everything
 * @param crush when not empty, the new CRUSH map, encoded
 * @param osdMax one more than the highest OSD; -1 keeps it
 * @param newPools pools made or changed
 * @param newPoolNames pools named
 * @param oldPools pools deleted
 * @param newUp OSDs that came up, with their public addresses
 * @param newState state bits to be flipped; 0 stands for the up bit
 * @param newWeight weights, 0x10000 in and 0 out
 * @param newPgTemp acting sets for the time being; empty removes
 * @param newPrimaryTemp primaries for the time being; -1 removes
 * @param newAffinity primary affinities, 0x10000 is one
 * @param newEcProfiles erasure code profiles
 * @param oldEcProfiles profiles deleted
 * @param newUpmap exceptions to CRUSH, whole
 * @param oldUpmap and deleted
 * @param newUpmapItems exceptions to CRUSH, by OSD
 * @param oldUpmapItems and deleted
 * @param newRemovedSnaps snapshots removed, by pool
 * @param newPurgedSnaps snapshots that no OSD holds any longer
 * @param lastUpChange zero keeps it
 * @param lastInChange zero keeps it
 * @param newHeartbeatBack of those that came up
 * @param newUpThru epochs through which OSDs certainly were up
 * @param newLastClean intervals that ended with a clean shutdown
 * @param newLost epochs at which OSDs were given up
 * @param newBlocklist addresses shut out, until when
 * @param oldBlocklist addresses let in again
 * @param newUpCluster of those that came up
 * @param snapshot of old
 * @param newUuid identities of OSDs
 * @param newXinfo more about OSDs
 * @param newHeartbeatFront of those that came up
 * @param encodeFeatures by which the full map is encoded
 * @param nearfullRatio -1 keeps it
 * @param fullRatio -1 keeps it
 * @param backfillfullRatio -1 keeps it
 * @param minCompatClient a release; 255 keeps it
 * @param requireOsdRelease a release; 255 keeps it
 * @param newCrushNodeFlags state flags of CRUSH nodes; 0 removes
 * @param newDeviceClassFlags state flags of device classes; 0 removes
 * @param stretch the change of stretch mode, when there is one
 * @param fullCrc of the encoded map that results
 */
public record OsdMapIncremental(
        UUID fsid,
        int epoch,
        Utime modified,
        long poolMax,
        int flags,
        Bytes fullMap,
        Bytes crush,
        int osdMax,
        NavigableMap<Long, PgPool> newPools,
        NavigableMap<Long, String> newPoolNames,
        NavigableSet<Long> oldPools,
        NavigableMap<Integer, EntityAddrVec> newUp,
        NavigableMap<Integer, Integer> newState,
        NavigableMap<Integer, Integer> newWeight,
        NavigableMap<PgId, List<Integer>> newPgTemp,
        NavigableMap<PgId, Integer> newPrimaryTemp,
        NavigableMap<Integer, Integer> newAffinity,
        NavigableMap<String, NavigableMap<String, String>> newEcProfiles,
        List<String> oldEcProfiles,
        NavigableMap<PgId, List<Integer>> newUpmap,
        NavigableSet<PgId> oldUpmap,
        NavigableMap<PgId, List<UpmapItem>> newUpmapItems,
        NavigableSet<PgId> oldUpmapItems,
        NavigableMap<Long, List<SnapInterval>> newRemovedSnaps,
        NavigableMap<Long, List<SnapInterval>> newPurgedSnaps,
        Utime lastUpChange,
        Utime lastInChange,
        NavigableMap<Integer, EntityAddrVec> newHeartbeatBack,
        NavigableMap<Integer, Integer> newUpThru,
        NavigableMap<Integer, Interval> newLastClean,
        NavigableMap<Integer, Integer> newLost,
        NavigableMap<EntityAddr, Utime> newBlocklist,
        List<EntityAddr> oldBlocklist,
        NavigableMap<Integer, EntityAddrVec> newUpCluster,
        String snapshot,
        NavigableMap<Integer, UUID> newUuid,
        NavigableMap<Integer, OsdXinfo> newXinfo,
        NavigableMap<Integer, EntityAddrVec> newHeartbeatFront,
        long encodeFeatures,
        float nearfullRatio,
        float fullRatio,
        float backfillfullRatio,
        int minCompatClient,
        int requireOsdRelease,
        NavigableMap<Integer, Integer> newCrushNodeFlags,
        NavigableMap<Integer, Integer> newDeviceClassFlags,
        Optional<StretchChange> stretch,
        int fullCrc) {
    /** The features that shape pacific's maps. */
    public static final long ENCODE_FEATURES = 0x0f00088010212a04L;

    /** As in {@link OsdMapIncrementalCodec}; its checksum is verified and computed. */
    public static final Codec<OsdMapIncremental> CODEC = new OsdMapIncrementalCodec();

    /** Starts a change that leads to {@code epoch}. */
    public static Builder builder(UUID fsid, int epoch) {
        return new Builder(fsid, epoch);
    }

    /** Starts the change that follows {@code map}. */
    public static Builder after(OsdMap map) {
        return new Builder(map.fsid(), map.epoch() + 1);
    }

    /** The first epoch: all of {@code map}. */
    public static OsdMapIncremental whole(OsdMap map) {
        Bytes encoded = map.encoded();
        Builder builder = new Builder(map.fsid(), map.epoch());
        builder.modified = map.modified();
        builder.fullMap = encoded;
        return builder.build().withFullCrc(map.crc());
    }

    /** The same with the checksum of the map that it leads to from {@code before}. */
    public OsdMapIncremental sealed(OsdMap before) {
        return withFullCrc(before.apply(this).crc());
    }

    /**
     * Ceph's bytes, with both checksums: applies this to {@code before}, encodes the result, and
     * puts its checksum in.
     */
    public Bytes seal(OsdMap before) {
        return CODEC.toBytes(sealed(before));
    }

    /** The same with that checksum of the resulting map. */
    public OsdMapIncremental withFullCrc(int crc) {
        return new OsdMapIncremental(
                fsid,
                epoch,
                modified,
                poolMax,
                flags,
                fullMap,
                crush,
                osdMax,
                newPools,
                newPoolNames,
                oldPools,
                newUp,
                newState,
                newWeight,
                newPgTemp,
                newPrimaryTemp,
                newAffinity,
                newEcProfiles,
                oldEcProfiles,
                newUpmap,
                oldUpmap,
                newUpmapItems,
                oldUpmapItems,
                newRemovedSnaps,
                newPurgedSnaps,
                lastUpChange,
                lastInChange,
                newHeartbeatBack,
                newUpThru,
                newLastClean,
                newLost,
                newBlocklist,
                oldBlocklist,
                newUpCluster,
                snapshot,
                newUuid,
                newXinfo,
                newHeartbeatFront,
                encodeFeatures,
                nearfullRatio,
                fullRatio,
                backfillfullRatio,
                minCompatClient,
                requireOsdRelease,
                newCrushNodeFlags,
                newDeviceClassFlags,
                stretch,
                crc);
    }

    /**
     * A span of epochs.
     *
     * <p>Interval := begin:u32 end:u32.
     */
    public record Interval(int begin, int end) {
        static final Codec<Interval> CODEC =
                Primitives.of(
                        (out, interval) -> out.u32(interval.begin).u32(interval.end),
                        in -> new Interval(in.u32(), in.u32()));
    }

    /** Stretch mode as it shall be. */
    public record StretchChange(
            boolean change,
            int bucketCount,
            int degradedMode,
            int recoveringMode,
            int modeBucket,
            boolean enabled) {}

    /** Collects changes; the same keys may be given again. Owned by one caller. */
    public static final class Builder extends OsdMapChanges<Builder> {
        Builder(UUID fsid, int epoch) {
            this.fsid = fsid;
            this.epoch = epoch;
        }

        @Override
        Builder self() {
            return this;
        }
    }
}
