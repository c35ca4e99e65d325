/**
 * Ceph's tools for map files as verbs: {@link io.sepiola.cluster.maptool.OsdmaptoolVerb}, {@link
 * io.sepiola.cluster.maptool.MonmaptoolVerb} and {@link io.sepiola.cluster.maptool.DencoderVerb}.
 * They need no cluster; what they read, print, write and exit with is what the genuine tools of
 * 16.2.15 do.
 */
@NullMarked
package io.sepiola.cluster.maptool;

import org.jspecify.annotations.NullMarked;
