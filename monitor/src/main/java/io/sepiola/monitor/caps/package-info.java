/** What an entity may do at the monitors. */
@NullMarked
package io.sepiola.monitor.caps;

import org.jspecify.annotations.NullMarked;
