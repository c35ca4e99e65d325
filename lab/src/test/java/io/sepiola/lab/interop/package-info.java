/**
 * Genuine clients against Sepiola, and Sepiola's client against a genuine Ceph.
 *
 * <p>{@link io.sepiola.lab.interop.Program} finds and runs them; a test whose program is absent is
 * skipped by name, or fails where {@code -Dstrict=true}. {@link
 * io.sepiola.lab.interop.LocalCluster} is a cluster started by {@code ./sepiola cluster start}, as
 * a person would; {@link io.sepiola.lab.interop.DaemonCluster} is one of single daemons, which may
 * run in {@link io.sepiola.lab.interop.Namespaces} where links can be cut.
 */
package io.sepiola.lab.interop;
