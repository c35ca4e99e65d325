package io.sepiola.osd;

import io.sepiola.osd.heartbeat.Heartbeats;
import io.sepiola.osd.pg.PgOptions;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;

import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How one OSD is set up.
 *
 * @param id the OSD's number
 * @param monitors where the monitors are
 * @param publicAddr where clients reach it; port 0 for any free one
 * @param clusterAddr where other OSDs reach it; port 0 for any free one
 * @param hostname told to the monitors
 * @param crushLocation where it stands in the hierarchy: {@code host=a root=default}; empty to
 *     leave that to the administrator
 * @param deviceClass {@code hdd}, {@code ssd}, {@code nvme}; empty for none
 * @param crushWeight in the hierarchy; by custom the size in TiB
 * @param metadata as {@code ceph osd metadata} shows it
 * @param heartbeats interval and grace
 * @param beaconInterval between two signs of life to the monitors
 * @param groups bounds of placement groups
 * @param failsafeRatio the share of the store beyond which nothing may grow, whatever the map says
 *     (osd_failsafe_full_ratio)
 * @param configured options by name, of the OSD's ceph.conf; they go before those that the monitors
 *     have for it
 * @param complaint the age from which an operation is slow (osd_op_complaint_time)
 */
public record OsdOptions(
        int id,
        List<EntityAddrVec> monitors,
        EntityAddr publicAddr,
        EntityAddr clusterAddr,
        String hostname,
        SortedMap<String, String> crushLocation,
        String deviceClass,
        double crushWeight,
        SortedMap<String, String> metadata,
        Heartbeats.Options heartbeats,
        Duration beaconInterval,
        PgOptions groups,
        double failsafeRatio,
        SortedMap<String, String> configured,
        Duration complaint) {
    /** Copies the list. */
    public OsdOptions {
        monitors = List.copyOf(monitors);
    }

    /** With Ceph's usual intervals and bounds. */
    public static OsdOptions of(
            int id,
            List<EntityAddrVec> monitors,
            EntityAddr addr,
            String hostname,
            SortedMap<String, String> crushLocation,
            String deviceClass,
            double crushWeight,
            SortedMap<String, String> metadata) {
        return new OsdOptions(
                id,
                monitors,
                addr,
                addr,
                hostname,
                crushLocation,
                deviceClass,
                crushWeight,
                metadata,
                Heartbeats.Options.DEFAULT,
                Duration.ofSeconds(300),
                PgOptions.DEFAULT,
                0.97,
                new TreeMap<>(),
                Duration.ofSeconds(30));
    }

    /** The same with other times for noticing failures. */
    public OsdOptions withTimes(Heartbeats.Options beats, Duration beacons) {
        return new OsdOptions(
                id,
                monitors,
                publicAddr,
                clusterAddr,
                hostname,
                crushLocation,
                deviceClass,
                crushWeight,
                metadata,
                beats,
                beacons,
                groups,
                failsafeRatio,
                configured,
                complaint);
    }

    /** The same with another address for the other OSDs. */
    public OsdOptions withClusterAddr(EntityAddr addr) {
        return new OsdOptions(
                id,
                monitors,
                publicAddr,
                addr,
                hostname,
                crushLocation,
                deviceClass,
                crushWeight,
                metadata,
                heartbeats,
                beaconInterval,
                groups,
                failsafeRatio,
                configured,
                complaint);
    }

    /** The same with options of a ceph.conf. */
    public OsdOptions withConfigured(SortedMap<String, String> settings) {
        return new OsdOptions(
                id,
                monitors,
                publicAddr,
                clusterAddr,
                hostname,
                crushLocation,
                deviceClass,
                crushWeight,
                metadata,
                heartbeats,
                beaconInterval,
                groups,
                failsafeRatio,
                settings,
                complaint);
    }

    /** The same with another age from which an operation is slow. */
    public OsdOptions withComplaint(Duration age) {
        return new OsdOptions(
                id,
                monitors,
                publicAddr,
                clusterAddr,
                hostname,
                crushLocation,
                deviceClass,
                crushWeight,
                metadata,
                heartbeats,
                beaconInterval,
                groups,
                failsafeRatio,
                configured,
                age);
    }
}
