/**
 * Who of the peers still answers. An OSD pings those with whom it shares placement groups, and some
 * more ({@link io.sepiola.osd.heartbeat.HeartbeatPeers}), on two networks, and tells the monitors
 * of whom it no longer hears.
 */
@NullMarked
package io.sepiola.osd.heartbeat;

import org.jspecify.annotations.NullMarked;
