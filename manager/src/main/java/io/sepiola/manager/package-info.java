/**
 * The manager: gathers what OSDs report of themselves and their placement groups, sums it up for
 * the monitors, answers questions about it, and shows it on a page.
 *
 * <p>Entry: {@link io.sepiola.manager.Manager}. A report comes in through {@code OsdReports},
 * becomes part of the {@code PgMap}, and leaves as a {@code Digest} and {@code PgHealth} for the
 * monitors, or as the answer to a command ({@code Commands}; {@link
 * io.sepiola.manager.ManagerCommands} tells which there are). The web page ({@code Dashboard}) and
 * the metrics ({@code Metrics}) read the same.
 *
 * <p>What Ceph has as modules is a {@code Module} each: {@code Progress}, {@code Crashes}, {@code
 * Autoscaler}, {@code Balancer}. They look at the {@code PgMap} from time to time, tell the
 * monitors what to do, and keep what must outlive the manager with the monitors ({@code
 * ModuleStore}); so any manager can take over from any other.
 */
@NullMarked
package io.sepiola.manager;

import org.jspecify.annotations.NullMarked;
