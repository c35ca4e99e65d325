package io.sepiola.messenger;

import io.sepiola.base.Malformed;

import java.util.Locale;

/** How the bytes of a connection are protected once the peers know each other. */
public enum ConnectionMode {
    /** Checksums only. */
    CRC(1),
    /** Encrypted and authenticated, AES-128-GCM. */
    SECURE(2);

    private final int code;

    ConnectionMode(int code) {
        this.code = code;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** As options name it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The same of a number that may be no mode's. */
    static String labelOf(int code) {
        for (ConnectionMode mode : values()) {
            if (mode.code == code) {
                return mode.label();
            }
        }
        return "mode " + code;
    }

    /**
     * The mode of that number.
     *
     * @throws Malformed for an unknown number
     */
    public static ConnectionMode of(int code) {
        return switch (code) {
            case 1 -> CRC;
            case 2 -> SECURE;
            default -> throw new Malformed("unknown connection mode " + code);
        };
    }
}
