/** The monitor's commands: their one table, the checks of their arguments, and what they do. */
@NullMarked
package io.sepiola.monitor.command;

import org.jspecify.annotations.NullMarked;
