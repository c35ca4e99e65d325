package io.sepiola.manager;

import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who a manager is and how it behaves.
 *
 * @param id as in {@code mgr.x}
 * @param monitors where to begin
 * @param addr where it listens; a port of 0 is any free one
 * @param dashboard where the web page is served, if at all
 * @param metrics where metrics are served unless the monitors say otherwise; if at all
 * @param moduleOptions all that its configuration file sets, by name; a module's are {@code
 *     mgr/MODULE/OPTION}
 * @param modules whether it does what Ceph has as modules: progress, crashes, autoscaler, balancer
 * @param hostname told to the monitors
 * @param metadata told to the monitors
 * @param beaconInterval between two signs of life
 * @param reportInterval between two reports to the monitors while nothing changes
 * @param reportDelay from a change to its report; further changes go with it
 */
public record ManagerOptions(
        String id,
        List<EntityAddrVec> monitors,
        EntityAddr addr,
        Optional<InetSocketAddress> dashboard,
        Optional<InetSocketAddress> metrics,
        SortedMap<String, String> moduleOptions,
        boolean modules,
        String hostname,
        SortedMap<String, String> metadata,
        Duration beaconInterval,
        Duration reportInterval,
        Duration reportDelay) {
    /** Copies the collections. */
    public ManagerOptions {
        monitors = List.copyOf(monitors);
        moduleOptions = Collections.unmodifiableSortedMap(new TreeMap<>(moduleOptions));
        metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    }

    /** Everything else as Ceph has it; no metrics. */
    public static ManagerOptions of(
            String id,
            List<EntityAddrVec> monitors,
            EntityAddr addr,
            Optional<InetSocketAddress> dashboard,
            String hostname) {
        SortedMap<String, String> metadata = new TreeMap<>();
        metadata.put("hostname", hostname);
        metadata.put("addr", addr.toString());
        metadata.put("ceph_release", "pacific");
        return new ManagerOptions(
                id,
                monitors,
                addr,
                dashboard,
                Optional.empty(),
                new TreeMap<>(),
                true,
                hostname,
                metadata,
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                Duration.ofMillis(50));
    }

    /** The same, with metrics served there. */
    public ManagerOptions withMetrics(InetSocketAddress at) {
        return new ManagerOptions(
                id,
                monitors,
                addr,
                dashboard,
                Optional.of(at),
                moduleOptions,
                modules,
                hostname,
                metadata,
                beaconInterval,
                reportInterval,
                reportDelay);
    }

    /** The same, with those options from its configuration file. */
    public ManagerOptions withModuleOptions(SortedMap<String, String> options) {
        return new ManagerOptions(
                id,
                monitors,
                addr,
                dashboard,
                metrics,
                options,
                modules,
                hostname,
                metadata,
                beaconInterval,
                reportInterval,
                reportDelay);
    }

    /** The same, with what else is to be told of the host and the release. */
    public ManagerOptions describedBy(SortedMap<String, String> facts) {
        SortedMap<String, String> all = new TreeMap<>(facts);
        all.putAll(metadata);
        return new ManagerOptions(
                id,
                monitors,
                addr,
                dashboard,
                metrics,
                moduleOptions,
                modules,
                hostname,
                all,
                beaconInterval,
                reportInterval,
                reportDelay);
    }

    /** The same, without what Ceph has as modules. */
    public ManagerOptions withoutModules() {
        return new ManagerOptions(
                id,
                monitors,
                addr,
                dashboard,
                metrics,
                moduleOptions,
                false,
                hostname,
                metadata,
                beaconInterval,
                reportInterval,
                reportDelay);
    }
}
