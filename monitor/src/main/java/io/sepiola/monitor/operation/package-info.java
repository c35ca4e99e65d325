/**
 * What a monitor works on and has worked on, as {@code ops} and {@code dump_historic_ops} show it.
 * Entry class: {@code Operations}.
 */
@NullMarked
package io.sepiola.monitor.operation;

import org.jspecify.annotations.NullMarked;
