package io.sepiola.cluster.local;

import io.sepiola.cluster.Refusal;

import java.util.Properties;
import java.util.UUID;

/**
 * What a local cluster was made as; kept in its directory's file {@code sepiola.cluster}.
 *
 * @param name under which the registry knows it
 * @param fsid the cluster's id
 * @param osdCount 1 to 32
 * @param replicas of each object; 1 to {@code osdCount}
 * @param address on which everything listens
 * @param monitorPort of the monitor (msgr v2)
 * @param s3Port of the S3 endpoint
 * @param dashboardPort of the dashboard
 * @param metricsPort of the metrics, in Prometheus's format
 * @param memory whether objects and maps are kept in memory only
 */
record ClusterSpec(
        String name,
        UUID fsid,
        int osdCount,
        int replicas,
        String address,
        int monitorPort,
        int s3Port,
        int dashboardPort,
        int metricsPort,
        boolean memory) {
    private static final int FORMAT = 1;

    static final int MONITOR_PORT_DEFAULT = 3300;
    static final int S3_PORT_DEFAULT = 8000;
    static final int DASHBOARD_PORT_DEFAULT = 5000;
    static final int METRICS_PORT_DEFAULT = 9283;

    String endpoint() {
        return "http://" + host() + ":" + s3Port;
    }

    String dashboard() {
        return "http://" + host() + ":" + dashboardPort;
    }

    String metrics() {
        return "http://" + host() + ":" + metricsPort + "/metrics";
    }

    /** The address as it stands before a colon and a port. */
    String host() {
        return address.contains(":") ? "[" + address + "]" : address;
    }

    Properties toProperties() {
        Properties properties = new Properties();
        properties.setProperty("format", Integer.toString(FORMAT));
        properties.setProperty("name", name);
        properties.setProperty("fsid", fsid.toString());
        properties.setProperty("osds", Integer.toString(osdCount));
        properties.setProperty("replicas", Integer.toString(replicas));
        properties.setProperty("address", address);
        properties.setProperty("monitor.port", Integer.toString(monitorPort));
        properties.setProperty("s3.port", Integer.toString(s3Port));
        properties.setProperty("dashboard.port", Integer.toString(dashboardPort));
        properties.setProperty("metrics.port", Integer.toString(metricsPort));
        properties.setProperty("memory", Boolean.toString(memory));
        return properties;
    }

    static ClusterSpec of(Properties properties, String where) {
        int format = number(properties, "format", where, 1, Integer.MAX_VALUE);
        if (format > FORMAT) {
            throw new Refusal(
                    where
                            + " was written by a later release (format "
                            + format
                            + ", this one knows "
                            + FORMAT
                            + "); use that release");
        }
        int osds = number(properties, "osds", where, 1, 32);
        int dashboard = number(properties, "dashboard.port", where, 1, 65535);
        if (!properties.containsKey("metrics.port")) {
            // Made by a release that served none.
            int metrics =
                    dashboard == DASHBOARD_PORT_DEFAULT ? METRICS_PORT_DEFAULT : dashboard + 1;
            properties.setProperty("metrics.port", Integer.toString(metrics));
        }
        return new ClusterSpec(
                text(properties, "name", where),
                UUID.fromString(text(properties, "fsid", where)),
                osds,
                number(properties, "replicas", where, 1, osds),
                text(properties, "address", where),
                number(properties, "monitor.port", where, 1, 65535),
                number(properties, "s3.port", where, 1, 65535),
                dashboard,
                number(properties, "metrics.port", where, 1, 65535),
                Boolean.parseBoolean(text(properties, "memory", where)));
    }

    private static String text(Properties properties, String key, String where) {
        String value = properties.getProperty(key);
        if (value == null) {
            throw new Refusal(
                    where + " lacks '" + key + "'; restore the file or purge the cluster");
        }
        return value;
    }

    private static int number(Properties properties, String key, String where, int min, int max) {
        String value = text(properties, key, where);
        try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException notNumber) {
            // said below
        }
        throw new Refusal(
                where + ": '" + key + "' is '" + value + "', wanted " + min + " to " + max);
    }
}
