/**
 * One placement group on one OSD: {@code Pg} binds peering, clients' operations, replication,
 * recovery and backfill to the store and to the other OSDs; {@code PgHost} is what it finds around
 * it.
 */
@NullMarked
package io.sepiola.osd.pg;

import org.jspecify.annotations.NullMarked;
