package io.sepiola.monitor;

import io.sepiola.monitor.state.MonitorState;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.option.Option;
import io.sepiola.protocol.option.OptionTable;
import io.sepiola.protocol.option.RunningOptions;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What a monitor is told when it is built.
 *
 * @param name such as {@code a}
 * @param fsid the cluster's; a log of another cluster is refused
 * @param addr where it listens; its nonce is 0
 * @param settings options of ceph.conf, by Ceph's names; what the cluster has agreed goes before
 * @param version the release, as {@code ceph version} shows it
 * @param metadata what it says about itself, such as {@code hostname}
 */
public record MonitorOptions(
        String name,
        UUID fsid,
        EntityAddr addr,
        SortedMap<String, String> settings,
        String version,
        SortedMap<String, String> metadata) {
    /** Copies the maps. */
    public MonitorOptions {
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
        SortedMap<String, String> described = new TreeMap<>(metadata);
        described.putIfAbsent("ceph_version", version);
        described.putIfAbsent("ceph_release", "pacific");
        metadata = Collections.unmodifiableSortedMap(described);
    }

    /** With settings and metadata that hold nothing but the release. */
    public static MonitorOptions of(String name, UUID fsid, EntityAddr addr) {
        return new MonitorOptions(
                name,
                fsid,
                addr,
                new TreeMap<>(),
                "ceph version 16.2.15 (sepiola) pacific (stable)",
                new TreeMap<>(Map.of("ceph_version_short", "16.2.15")));
    }

    /** The same with other settings. */
    public MonitorOptions with(Map<String, String> newSettings) {
        return new MonitorOptions(name, fsid, addr, new TreeMap<>(newSettings), version, metadata);
    }

    /** The value of an option: as agreed, as in ceph.conf, or Ceph's own; empty when unknown. */
    String value(MonitorState from, String option) {
        String said = agreed(from).get(option);
        String known = said != null ? said : settings.get(option);
        return known != null
                ? known
                : OptionTable.STANDARD.find(option).map(Option::inDaemons).orElse("");
    }

    /** Where values come from; told ones go before what is agreed, and that before ceph.conf. */
    RunningOptions running(MonitorState from, SortedMap<String, String> told) {
        return new RunningOptions(
                List.of(
                        new RunningOptions.Layer(RunningOptions.OVERRIDE, told),
                        new RunningOptions.Layer("mon", agreed(from)),
                        new RunningOptions.Layer("file", settings)));
    }

    /** The options of this monitor that the monitors have agreed on. */
    SortedMap<String, String> agreed(MonitorState from) {
        return from.settingsOf(
                new AuthName(EntityType.MON, name), metadata.getOrDefault("hostname", ""));
    }
}
