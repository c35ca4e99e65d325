package io.sepiola.messenger;

/** What a session promises. */
public enum Policy {
    /** Lost with its connection; redialled by whoever wants it. Clients, monitors, heartbeats. */
    LOSSY,
    /** Resumed after a break by either side, nothing lost or repeated. OSD to OSD. */
    LOSSLESS_PEER,
    /** Resumed by the dialler only. Clients of metadata servers. */
    LOSSLESS_CLIENT
}
