/**
 * The nouns of Ceph and their encodings at the level of Ceph 16 (pacific).
 *
 * <ul>
 *   <li>this package: who speaks ({@link io.sepiola.protocol.EntityName}, {@link
 *       io.sepiola.protocol.EntityAddr}), where data belongs ({@link io.sepiola.protocol.PgId}),
 *       and what is said ({@link io.sepiola.protocol.Message}).
 *   <li>{@code map}: the cluster's maps and the computation of a placement group's OSDs.
 *   <li>{@code osd}: objects, placement groups, their logs, operations and transactions.
 *   <li>{@code auth}: cephx; {@code caps}: what those who have proved themselves may do.
 *   <li>{@code message}: every message, one record each, and their table.
 * </ul>
 *
 * Values are immutable records; each type's codec is its {@code CODEC}.
 */
@NullMarked
package io.sepiola.protocol;

import org.jspecify.annotations.NullMarked;
