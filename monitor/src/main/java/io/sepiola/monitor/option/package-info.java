/**
 * The options that a cluster's configuration may name: {@link
 * io.sepiola.monitor.option.OptionTable} knows all of Ceph 16.2's, {@link
 * io.sepiola.monitor.option.Option} what fits one.
 */
@NullMarked
package io.sepiola.monitor.option;

import org.jspecify.annotations.NullMarked;
