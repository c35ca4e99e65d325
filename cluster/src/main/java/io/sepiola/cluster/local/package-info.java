/**
 * Clusters of one process on this machine: {@code sepiola cluster start} and its sisters.
 *
 * <p>A cluster lives in one directory ({@link io.sepiola.cluster.local.ClusterDirectory} tells what
 * is in it), under a name that {@link io.sepiola.cluster.local.ClusterRegistry} knows. The process
 * runs in the background and says how far it is in the file {@code boot}.
 */
@NullMarked
package io.sepiola.cluster.local;

import org.jspecify.annotations.NullMarked;
