/**
 * Keeps the objects: one daemon, one store, the placement groups in it.
 *
 * <p>{@link io.sepiola.osd.Osd} is the entry. {@code daemon} brings it into the cluster and routes
 * messages; {@code pg} is one placement group; {@code peering} its members' agreement; {@code
 * scrub} the comparing of their copies; {@code op} what clients' operations do to an object; {@code
 * heartbeat} and {@code report} what peers and the manager hear.
 */
@NullMarked
package io.sepiola.osd;

import org.jspecify.annotations.NullMarked;
