/**
 * {@code sepiola ceph-objectstore-tool} and {@code ceph-bluestore-tool}: a stopped OSD's store
 * shown, carried elsewhere and mended; see {@link io.sepiola.cluster.storetool.ObjectstoreToolVerb}
 * and {@link io.sepiola.cluster.storetool.BluestoreToolVerb}.
 *
 * <p>Everything goes through the store itself, under its lock ({@code ToolStore}); what an OSD has
 * in it is {@link io.sepiola.osd.StoppedOsd}'s to know. {@code GroupExport} and {@code GroupImport}
 * carry groups in the format of {@link io.sepiola.cluster.pgexport}.
 */
@NullMarked
package io.sepiola.cluster.storetool;

import org.jspecify.annotations.NullMarked;
