/**
 * Daemons as processes of their own: {@code sepiola mon|mgr|osd|gateway}.
 *
 * <p>{@link io.sepiola.cluster.daemon.DaemonHost} wires daemons into a process, one here or a whole
 * cluster in {@code local}. Each verb reads {@code DaemonSettings}, that is ceph.conf as Ceph's
 * daemons read it, and hands its start to {@code DaemonProcess}, which lives until a signal.
 * Through its {@code AdminSocket} a daemon hears what its owner tells it.
 */
@NullMarked
package io.sepiola.cluster.daemon;

import org.jspecify.annotations.NullMarked;
