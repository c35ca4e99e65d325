/**
 * Exceptions to CRUSH that even out how many groups each OSD serves: {@link
 * io.sepiola.protocol.upmap.UpmapBalancer} makes them, {@link
 * io.sepiola.protocol.upmap.UpmapCleanup} finds those that are no longer allowed or of use. Neither
 * breaks the separation that a pool's rule asks for. Nothing here has state.
 */
@NullMarked
package io.sepiola.protocol.upmap;

import org.jspecify.annotations.NullMarked;
