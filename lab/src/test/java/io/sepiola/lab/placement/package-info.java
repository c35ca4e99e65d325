/**
 * Placement held against genuine {@code crushtool}: random maps compiled, printed and mapped by
 * both, every verb of the tool's command line, bad input, and speed.
 */
@NullMarked
package io.sepiola.lab.placement;

import org.jspecify.annotations.NullMarked;
