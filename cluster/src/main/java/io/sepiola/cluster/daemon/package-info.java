/** The home of a single OSD on disk: its store and its own id. */
@NullMarked
package io.sepiola.cluster.daemon;

import org.jspecify.annotations.NullMarked;
