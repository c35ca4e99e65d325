/**
 * How the members of a placement group come to one log: phases, past intervals, the choice of the
 * authoritative log and of the acting members, merging, and what of it is on disk ({@code
 * LedgerDisk} has the format).
 */
@NullMarked
package io.sepiola.osd.peering;

import org.jspecify.annotations.NullMarked;
