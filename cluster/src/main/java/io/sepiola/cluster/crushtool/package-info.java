/**
 * Ceph's {@code crushtool} as a verb: {@link io.sepiola.cluster.crushtool.CrushtoolVerb} reads the
 * command line and runs the tool's five stages (input, tunables, changes, display and test,
 * output). What it prints and exits with is what the genuine tool of Ceph 16.2 does; {@code lab}
 * compares.
 */
@NullMarked
package io.sepiola.cluster.crushtool;

import org.jspecify.annotations.NullMarked;
