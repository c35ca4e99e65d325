/**
 * Sessions with other daemons and clients: Ceph's msgr2.1 with cephx, over a transport.
 *
 * <p>{@link io.sepiola.messenger.Msgr2} is the entry. What it needs: a {@link
 * io.sepiola.messenger.Transport} ({@link io.sepiola.messenger.NettyTransport} over TCP, {@link
 * io.sepiola.messenger.InProcessTransport} within the process, {@link
 * io.sepiola.messenger.SimulatedNetwork} in a simulation), who we are ({@link
 * io.sepiola.messenger.CephxClient}), how to check others ({@link
 * io.sepiola.messenger.CephxMonitorAuth} at monitors, {@link io.sepiola.messenger.CephxServiceAuth}
 * at all other daemons), and a {@link io.sepiola.messenger.Dispatcher}.
 *
 * <p>Layers, from the bottom: a link carries bytes; {@code FrameReader} and {@code FrameWriter}
 * turn them into frames, in crc or secure mode; {@code Wire} brings a link to a session; {@code
 * Session} keeps messages in order over any number of links. Everything of one messenger runs on
 * its shard.
 *
 * <p>The mode is agreed at the login: who dials offers what its option for the {@link
 * io.sepiola.messenger.ConnectionKind} says, in that order, and gets the first that the other end's
 * option allows. {@link io.sepiola.messenger.ConnectionModes} holds the six options; {@link
 * io.sepiola.messenger.Messenger#modes} changes them for connections made later.
 */
@NullMarked
package io.sepiola.messenger;

import org.jspecify.annotations.NullMarked;
