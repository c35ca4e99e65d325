package io.sepiola.cluster.daemon;

import io.sepiola.client.Rados;
import io.sepiola.client.RadosOptions;
import io.sepiola.cluster.Refusal;
import io.sepiola.protocol.auth.CryptoKey;

/**
 * A daemon's first talk with the monitors, as Ceph's daemons have it: a daemon that runs seeks
 * monitors for ever, one that starts says within half a minute why it is not let in.
 */
final class Introduction {
    private Introduction() {}

    /**
     * A client under the daemon's name, the caller's to close.
     *
     * @throws io.sepiola.client.RadosException when no monitor is reached or the key is refused
     * @throws Refusal when the monitors are another cluster's
     */
    static Rados of(DaemonSettings settings, CryptoKey key, DaemonHost host) {
        Rados rados = host.client(RadosOptions.of(settings.conf()), host.loop(0), key);
        settings.fsidIfSet()
                .filter(fsid -> !fsid.equals(rados.fsid()))
                .ifPresent(fsid -> {
                    String found = rados.fsid().toString();
                    rados.close();
                    throw new Refusal(
                            "the monitors are cluster "
                                    + found
                                    + "'s, the configuration says fsid = "
                                    + fsid
                                    + "; correct fsid or mon_host");
                });
        return rados;
    }
}
