/**
 * Whole clusters in one thread, each from one seed. {@link
 * io.sepiola.lab.simulation.SimulationTest} runs {@link io.sepiola.lab.simulation.Story}: a {@link
 * io.sepiola.lab.simulation.SimulatedCluster} of real daemons over a simulated network and
 * forgetful disks, a {@link io.sepiola.lab.simulation.Workload}, {@link
 * io.sepiola.lab.simulation.Faults}, and at the end the comparison with a {@link
 * io.sepiola.lab.simulation.Model} and of the {@link io.sepiola.lab.simulation.Copies}.
 */
@NullMarked
package io.sepiola.lab.simulation;

import org.jspecify.annotations.NullMarked;
