/**
 * The map of file systems as the wire shows it: {@link io.sepiola.protocol.fs.FsMap} holds a {@link
 * io.sepiola.protocol.fs.MdsMap} for each file system, which lists its metadata servers. The
 * layouts are pacific's; what later releases append is read past.
 */
@NullMarked
package io.sepiola.protocol.fs;

import org.jspecify.annotations.NullMarked;
