/**
 * Where data belongs: the CRUSH map, its binary and text forms, its editing, and the mapping of a
 * number to devices, bit for bit Ceph's. {@code CrushMapper} is the entry; {@code RuleRun} is for
 * many inputs. Maps are changed in two ways: {@code CrushEditor} serves the cluster's commands,
 * {@code CrushChanges} does what crushtool does.
 */
@NullMarked
package io.sepiola.crush;

import org.jspecify.annotations.NullMarked;
