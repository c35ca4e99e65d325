/**
 * The agreement of several monitors, by Apache Ratis (Raft). {@link io.sepiola.quorum.RatisLibrary}
 * is found as a service; {@link io.sepiola.quorum.RatisQuorum} is one member; {@link
 * io.sepiola.quorum.RecordMachine} holds the records that are agreed, in the form in which a new
 * leader's monitor wants them; {@link io.sepiola.quorum.PeerRpc} carries the library's questions
 * over the monitors' own lines.
 *
 * <p>On disk: {@code raft/FSID/} is the library's: {@code current/} its log and its term, {@code
 * sm/snapshot.TERM_INDEX} what {@link io.sepiola.quorum.RecordMachine} kept.
 *
 * <p>Not a module of Java's: see decision 0014.
 */
@NullMarked
package io.sepiola.quorum;

import org.jspecify.annotations.NullMarked;
