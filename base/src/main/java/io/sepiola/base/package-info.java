/**
 * What every other module stands on, and nothing of Ceph's own nouns.
 *
 * <ul>
 *   <li><b>Bytes</b>: {@link io.sepiola.base.Bytes} (an immutable slice, possibly in several
 *       pieces), {@link io.sepiola.base.Encoder}, {@link io.sepiola.base.Decoder} and {@link
 *       io.sepiola.base.Codec}. All integers are little-endian, as Ceph writes them.
 *   <li><b>Time, chance and threads</b>: {@link io.sepiola.base.Shard} is a mailbox with one owner,
 *       its {@link io.sepiola.base.Clock} and {@link io.sepiola.base.Timers}. {@link
 *       io.sepiola.base.ThreadShard} runs it on a thread; {@link io.sepiola.base.Simulation} runs
 *       any number of them in one thread from one seed, in simulated time.
 *   <li><b>Trust</b>: {@link io.sepiola.base.Invariant} stops a daemon that has gone wrong, {@link
 *       io.sepiola.base.Mark} shows that a test reached an odd branch.
 * </ul>
 */
@NullMarked
package io.sepiola.base;

import org.jspecify.annotations.NullMarked;
