/**
 * An OSD around its placement groups: its superblock and maps on disk, its four messengers, its way
 * into the cluster and out of it.
 *
 * <p>Kept in {@link io.sepiola.protocol.osd.CollectionId#META}: {@code osd_superblock} (an {@code
 * OsdSuperblock}), {@code osdmap.N} (the map of epoch N in Ceph's encoding) and {@code
 * inc_osdmap.N} (the change that led to it), from the oldest to the newest epoch that the
 * superblock names.
 */
@NullMarked
package io.sepiola.osd.daemon;

import org.jspecify.annotations.NullMarked;
