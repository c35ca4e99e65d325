package io.sepiola.cluster;

import picocli.CommandLine.IVersionProvider;

/** Which release this is. */
public final class Release implements IVersionProvider {
    /** The release of Ceph whose behaviour and encodings we follow. */
    public static final String CEPH = "16.2.15";

    /** For the command line's --version. */
    public Release() {}

    /** Our own version; "development" outside of a jar. */
    public static String own() {
        String version = Release.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** What our daemons call their version, in the shape that Ceph's programs print. */
    public static String cephVersion() {
        return "ceph version " + CEPH + " (sepiola " + own() + ") pacific (stable)";
    }

    @Override
    public String[] getVersion() {
        return new String[] {"sepiola " + own() + " (Ceph " + CEPH + ")"};
    }
}
