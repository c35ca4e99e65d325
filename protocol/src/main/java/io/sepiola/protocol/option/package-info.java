/**
 * The options that a cluster's configuration may name: {@link
 * io.sepiola.protocol.option.OptionTable} knows all of Ceph 16.2's, {@link
 * io.sepiola.protocol.option.Option} what fits one, {@link
 * io.sepiola.protocol.option.RunningOptions} where a daemon's values come from.
 */
@NullMarked
package io.sepiola.protocol.option;

import org.jspecify.annotations.NullMarked;
