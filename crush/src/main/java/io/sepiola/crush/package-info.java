/**
 * Where data belongs: the CRUSH map, its binary and text forms, its editing, and the mapping of a
 * number to devices, bit for bit Ceph's. {@code CrushMapper} is the entry.
 */
@NullMarked
package io.sepiola.crush;

import org.jspecify.annotations.NullMarked;
