package io.sepiola.cluster.daemon;

import java.io.Serial;

/** The monitor was taken out of the cluster: it ends of its own will, as Ceph's does. */
final class RemovedException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    RemovedException() {
        super("it was removed from the cluster's monitors");
    }
}
