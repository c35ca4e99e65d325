package io.sepiola.messenger;

/** The feature bits that peers show each other; every encoding of ours follows from them. */
final class Features {
    /** All that Ceph 16.2 offers. */
    static final long SUPPORTED = 0x3f01cfbdfffdffffL;

    /** What we require of peers of lossless sessions that we dial. */
    static final long REQUIRED = 0x800000000000000L;

    /** What we require of peers of lossy sessions that we dial. */
    static final long REQUIRED_LOSSY = 0x800000000001000L;

    private Features() {}
}
