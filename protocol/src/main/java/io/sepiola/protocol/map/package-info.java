/** The cluster's maps, and where they put a placement group. */
@NullMarked
package io.sepiola.protocol.map;

import org.jspecify.annotations.NullMarked;
