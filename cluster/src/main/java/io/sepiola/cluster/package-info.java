/**
 * Wiring, {@code main()}, and the command line.
 *
 * <p>{@link io.sepiola.cluster.Main} takes the verb. {@code local} keeps clusters of one process;
 * {@code daemon} runs single daemons, and wires them for both; {@code cli} holds Ceph's programs as
 * verbs.
 */
@NullMarked
package io.sepiola.cluster;

import org.jspecify.annotations.NullMarked;
