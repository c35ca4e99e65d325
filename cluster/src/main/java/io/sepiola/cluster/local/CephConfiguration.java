package io.sepiola.cluster.local;

/** The ceph.conf of a local cluster, for Ceph's programs and ours. */
final class CephConfiguration {
    private CephConfiguration() {}

    static void write(ClusterDirectory directory, ClusterSpec spec) {
        directory.write("ceph.conf", out -> out.write(text(directory, spec)));
    }

    private static String text(ClusterDirectory directory, ClusterSpec spec) {
        return """
        # Made by 'sepiola cluster start %s'. Use it as: ceph -c %s -s
        [global]
        fsid = %s
        mon host = v2:%s:%d
        keyring = %s
        auth cluster required = cephx
        auth service required = cephx
        auth client required = cephx
        osd pool default size = %d
        osd pool default pg num = 32
        admin socket = %s
        [client]
        log file =
        admin socket =
        [%s]
        admin socket = %s
        """
                .formatted(
                        spec.name(),
                        directory.cephConf(),
                        spec.fsid(),
                        spec.host(),
                        spec.monitorPort(),
                        directory.keyring(),
                        spec.replicas(),
                        directory.adminSocket("$name"),
                        ClusterKeys.GATEWAY,
                        directory.adminSocket("$name"));
    }
}
