package io.sepiola.protocol;

import io.sepiola.base.Malformed;

/** What kind of daemon or client; the codes are Ceph's CEPH_ENTITY_TYPE_*, and bits of a mask. */
public enum EntityType {
    /** Nobody: in a request's id that no client has filled in. Nobody connects as this. */
    NONE(0, "none"),
    /** A monitor. */
    MON(1, "mon"),
    /** A metadata server. */
    MDS(2, "mds"),
    /** An object storage daemon. */
    OSD(4, "osd"),
    /** A client. */
    CLIENT(8, "client"),
    /** A manager. */
    MGR(16, "mgr"),
    /** The authentication service of the monitors; only as a service id. */
    AUTH(32, "auth");

    private final int code;
    private final String label;

    EntityType(int code, String label) {
        this.code = code;
        this.label = label;
    }

    /** The code on the wire. */
    public int code() {
        return code;
    }

    /** As people write it: {@code osd}. */
    public String label() {
        return label;
    }

    /**
     * The type of that code.
     *
     * @throws Malformed for an unknown code
     */
    public static EntityType of(int code) {
        for (EntityType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new Malformed("unknown entity type " + code);
    }

    /**
     * The type of that label.
     *
     * @throws Malformed for an unknown label
     */
    public static EntityType of(String label) {
        for (EntityType type : values()) {
            if (type.label.equals(label)) {
                return type;
            }
        }
        throw new Malformed("unknown entity type '" + label + "'");
    }
}
