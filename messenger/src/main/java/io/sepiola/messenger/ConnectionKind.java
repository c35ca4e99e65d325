package io.sepiola.messenger;

import io.sepiola.protocol.EntityType;

import java.util.List;

/**
 * The kinds of connections whose modes are set apart, each by an option of Ceph's. The order in
 * which modes are named counts for who dials; who is dialled takes the first of them that it
 * allows.
 */
public enum ConnectionKind {
    /** Among daemons that are no monitors. */
    CLUSTER("ms_cluster_mode", ConnectionMode.CRC, ConnectionMode.SECURE),
    /** From clients, as such daemons allow it. */
    SERVICE("ms_service_mode", ConnectionMode.CRC, ConnectionMode.SECURE),
    /** To such daemons, as clients want it. */
    CLIENT("ms_client_mode", ConnectionMode.CRC, ConnectionMode.SECURE),
    /** Among monitors. */
    MON_CLUSTER("ms_mon_cluster_mode", ConnectionMode.SECURE, ConnectionMode.CRC),
    /** From whoever is no monitor, as monitors allow it. */
    MON_SERVICE("ms_mon_service_mode", ConnectionMode.SECURE, ConnectionMode.CRC),
    /** To monitors, as all others want it. */
    MON_CLIENT("ms_mon_client_mode", ConnectionMode.SECURE, ConnectionMode.CRC);

    private final String option;
    private final List<ConnectionMode> standard;

    ConnectionKind(String option, ConnectionMode... standard) {
        this.option = option;
        this.standard = List.of(standard);
    }

    /** The name of the option. */
    public String option() {
        return option;
    }

    /** The option's default. */
    List<ConnectionMode> standard() {
        return standard;
    }

    /**
     * Of which kind a connection is to the end that dials it. A daemon that dials a monitor is the
     * monitor's client, as Ceph's documentation has it; Ceph 16 itself takes ms_cluster_mode there,
     * so that what daemons and monitors say to each other is not encrypted unless asked.
     */
    static ConnectionKind dialled(EntityType self, EntityType peer) {
        if (self == EntityType.MON) {
            return peer == EntityType.MON ? MON_CLUSTER : MON_SERVICE;
        }
        if (peer == EntityType.MON) {
            return MON_CLIENT;
        }
        return isDaemon(self) ? CLUSTER : CLIENT;
    }

    /** Of which kind a connection is to the end that is dialled. */
    static ConnectionKind accepted(EntityType self, EntityType peer) {
        if (self == EntityType.MON) {
            return peer == EntityType.MON ? MON_CLUSTER : MON_SERVICE;
        }
        return isDaemon(peer) ? CLUSTER : SERVICE;
    }

    private static boolean isDaemon(EntityType type) {
        return switch (type) {
            case MON, MDS, OSD, MGR -> true;
            case NONE, CLIENT, AUTH -> false;
        };
    }
}
