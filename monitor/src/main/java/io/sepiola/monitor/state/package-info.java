/**
 * What the monitors agree on: an immutable state, and the changes that lead from one to the next.
 * Everything here is pure; the log decides which changes happen.
 */
@NullMarked
package io.sepiola.monitor.state;

import org.jspecify.annotations.NullMarked;
