/**
 * Genuine clients against Sepiola, and Sepiola's client against a genuine Ceph.
 *
 * <p>{@link io.sepiola.lab.interop.Program} finds and runs them; a test whose program is absent is
 * skipped by name, or fails where {@code -Dstrict=true}. {@link
 * io.sepiola.lab.interop.LocalCluster} is a cluster started by {@code ./sepiola cluster start}, as
 * a person would.
 */
package io.sepiola.lab.interop;
