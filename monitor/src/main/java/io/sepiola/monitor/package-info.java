/**
 * Keeps the cluster's maps, lets clients and daemons in, and answers commands.
 *
 * <ul>
 *   <li>Entry: {@link io.sepiola.monitor.Monitor}, built from {@link
 *       io.sepiola.monitor.MonitorOptions}, a shard, a {@link io.sepiola.monitor.ReplicatedLog} and
 *       a {@link io.sepiola.monitor.MessengerFactory}; a new cluster begins with a {@link
 *       io.sepiola.monitor.Genesis}.
 *   <li>Monitors that are several, or may come to be: a {@link io.sepiola.monitor.MonitorMember}
 *       each, in a {@link io.sepiola.monitor.Quorum}, behind a {@link
 *       io.sepiola.monitor.MemberDoor}. {@link io.sepiola.monitor.LoneQuorum} is that of one until
 *       others come, {@link io.sepiola.monitor.ModelledQuorum} the simulator's.
 *   <li>Whoever leads is a {@code Monitor}; the others serve as a {@code Follower} each, which
 *       hands to the leader what its clients say. {@code Following} looks for the leader, {@code
 *       Followers} is the leader's side (decision 0016).
 *   <li>States: everything agreed is one immutable value (package {@code state}). A decision drafts
 *       changes against it, the log commits them, and only then they are seen or answered.
 *   <li>Formats: {@code LocalLog} describes the files, {@code state.ChangeCodec} the records,
 *       {@code state.MonitorState} the snapshots.
 *   <li>{@code command}: the one table of commands, which {@link
 *       io.sepiola.monitor.MonitorCommands} shows; {@code health}: what is wrong; {@code text}: how
 *       answers look. Who may give which command is {@code protocol.caps}' answer.
 * </ul>
 */
@NullMarked
package io.sepiola.monitor;

import org.jspecify.annotations.NullMarked;
