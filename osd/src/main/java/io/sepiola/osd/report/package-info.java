/**
 * What an OSD tells the manager: its placement groups' state and its own; and what it has counted
 * and remembers of operations, for those who ask it.
 */
@NullMarked
package io.sepiola.osd.report;

import org.jspecify.annotations.NullMarked;
