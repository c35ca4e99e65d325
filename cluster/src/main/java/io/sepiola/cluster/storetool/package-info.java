/**
 * {@code sepiola ceph-objectstore-tool}: what a stopped OSD has on its disk; see {@link
 * io.sepiola.cluster.storetool.ObjectstoreToolVerb}.
 */
@NullMarked
package io.sepiola.cluster.storetool;

import org.jspecify.annotations.NullMarked;
