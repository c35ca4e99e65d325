/**
 * The manager: gathers what OSDs report of themselves and their placement groups, sums it up for
 * the monitors, answers questions about it, and shows it on a page.
 *
 * <p>Entry: {@link io.sepiola.manager.Manager}. A report comes in through {@code OsdReports},
 * becomes part of the {@code PgMap}, and leaves as a {@code Digest} and {@code PgHealth} for the
 * monitors, or as the answer to a command ({@code Commands}). The web page ({@code Dashboard}) and
 * the metrics ({@code Metrics}) read the same.
 */
@NullMarked
package io.sepiola.manager;

import org.jspecify.annotations.NullMarked;
