/**
 * The agreement of several monitors, by Apache Ratis (Raft). {@link io.sepiola.quorum.RatisLibrary}
 * is found as a service; {@link io.sepiola.quorum.RatisQuorum} is one member, {@link
 * io.sepiola.quorum.LedLog} its log while it leads, from where it also brings the members to what
 * the monitors' map says ({@link io.sepiola.quorum.Membership}); {@link
 * io.sepiola.quorum.RecordMachine} holds the records that are agreed, in the form in which a new
 * leader's monitor wants them; {@link io.sepiola.quorum.PeerRpc} carries the library's questions
 * over the monitors' own lines.
 *
 * <p>A member is known by its monitor's name and the life of its store ({@link
 * io.sepiola.quorum.PeerId}); who has no log finds its place by {@link
 * io.sepiola.quorum.Formation}: decision 0017.
 *
 * <p>On disk: {@code raft/member} is {@link io.sepiola.quorum.MemberFile}; {@code raft/FSID/} is
 * the library's: {@code current/} its log and its term, {@code sm/snapshot.TERM_INDEX} what {@link
 * io.sepiola.quorum.RecordMachine} kept.
 *
 * <p>Not a module of Java's: see decision 0014.
 */
@NullMarked
package io.sepiola.quorum;

import org.jspecify.annotations.NullMarked;
