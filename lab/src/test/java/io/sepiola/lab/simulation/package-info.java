/**
 * Whole clusters in one thread, each from one seed. {@link
 * io.sepiola.lab.simulation.SimulationTest} runs {@link io.sepiola.lab.simulation.Story}: a {@link
 * io.sepiola.lab.simulation.SimulatedCluster} of real daemons over a simulated network, on clocks
 * of their own and forgetful disks ({@link io.sepiola.lab.simulation.SimulatedStore}), several
 * clients with a {@link io.sepiola.lab.simulation.Workload} each, and the {@link
 * io.sepiola.lab.simulation.Faults} of a {@link io.sepiola.lab.simulation.FaultPlan}, by chance, or
 * in every third seed each an {@link io.sepiola.lab.simulation.Ambush} for one group. All they
 * asked and were told is the {@link io.sepiola.lab.simulation.History}; {@link
 * io.sepiola.lab.simulation.Linearization} looks for an order that explains it, {@link
 * io.sepiola.lab.simulation.Promises} looks on the disks at each answer, {@link
 * io.sepiola.lab.simulation.Copies} compares them in the end. In a third of the seeds there is more
 * ({@link io.sepiola.lab.simulation.Upkeep}): a manager, scrubs all the time, {@link
 * io.sepiola.lab.simulation.Damages} of copies on disks, and an administrator's {@link
 * io.sepiola.lab.simulation.Chores}; {@link io.sepiola.lab.simulation.ScrubWitness} hears what the
 * cluster's log says of it. A failing seed is made small by {@link
 * io.sepiola.lab.simulation.Shrinking}.
 *
 * <p>Who guards the guards: {@link io.sepiola.lab.simulation.PlantedBugsTest} puts mistakes into
 * the product, one at a time, and the oracles must object. A planted bug is a text file in the
 * resources; it names the seeds within which it is found, and is stale, and fails, when the source
 * has changed where it changes it.
 */
@NullMarked
package io.sepiola.lab.simulation;

import org.jspecify.annotations.NullMarked;
