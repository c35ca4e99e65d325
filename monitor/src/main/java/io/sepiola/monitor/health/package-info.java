/** The cluster's health, and what the manager says of the placement groups. */
@NullMarked
package io.sepiola.monitor.health;

import org.jspecify.annotations.NullMarked;
