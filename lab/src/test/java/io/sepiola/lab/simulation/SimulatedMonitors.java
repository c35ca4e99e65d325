package io.sepiola.lab.simulation;

import io.sepiola.base.SimulatedClock;
import io.sepiola.base.Simulation;
import io.sepiola.messenger.ClientAuth;
import io.sepiola.messenger.Msgr2;
import io.sepiola.messenger.Msgr2Options;
import io.sepiola.messenger.SimulatedNetwork;
import io.sepiola.monitor.Genesis;
import io.sepiola.monitor.ModelledQuorum;
import io.sepiola.monitor.Monitor;
import io.sepiola.monitor.MonitorMember;
import io.sepiola.monitor.MonitorOptions;
import io.sepiola.monitor.Quorum;
import io.sepiola.monitor.ReplicatedLog;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.map.MonMap;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The monitors, each on a host of its own, over one log that is modelled. They die, stand still,
 * are cut off, and come back. Owned by the simulation.
 */
final class SimulatedMonitors {
    private static final int PORT = 3300;
    private static final ClientAuth DIALS_NOBODY =
            peer -> {
                throw new IllegalStateException("monitors dial nobody");
            };

    /** One monitor over its lives. */
    private final class Member {
        private final int rank;
        private final SimulatedClock clock = simulation.hostClock();
        private Simulation.SimulatedShard shard = simulation.shard(name(), clock);
        private Quorum place;
        private boolean alive;
        private int lives;

        Member(int rank) {
            this.rank = rank;
        }

        private String name() {
            return "mon." + letter(rank);
        }

        void start(Genesis genesis) {
            alive = true;
            place = quorum.place(rank, shard);
            Simulation.SimulatedShard own = shard;
            new MonitorMember(
                            letter(rank),
                            own,
                            place,
                            Optional.of(genesis),
                            log -> monitor(rank, own, genesis, log))
                    .start();
        }

        void crash() {
            if (alive) {
                simulation.trace(name() + " crashes");
                alive = false;
                shard.kill();
                network.kill(ip(rank));
                place.close();
            }
        }

        void restart(Genesis genesis) {
            if (!alive) {
                simulation.trace(name() + " restarts");
                shard = simulation.shard(name() + "/" + ++lives, clock);
                start(genesis);
            }
        }
    }

    private final Simulation simulation;
    private final SimulatedNetwork network;
    private final ModelledQuorum quorum;
    private final List<Member> members = new ArrayList<>();
    private Genesis genesis;

    /** So many, which do not run yet. */
    SimulatedMonitors(Simulation simulation, SimulatedNetwork network, int count) {
        this.simulation = simulation;
        this.network = network;
        this.quorum =
                new ModelledQuorum(
                        simulation.shard("quorum"), simulation.random(), count, this::reaches);
        for (int rank = 0; rank < count; rank++) {
            members.add(new Member(rank));
        }
    }

    private boolean reaches(int from, int to) {
        return network.isOpen(ip(from), ip(to))
                && !members.get(from).shard.isStopped()
                && !members.get(to).shard.isStopped();
    }

    private static String letter(int rank) {
        return String.valueOf((char) ('a' + rank));
    }

    static String ip(int rank) {
        return "10.0.0." + (rank + 1);
    }

    int count() {
        return members.size();
    }

    /** Where they serve, by rank. */
    List<EntityAddrVec> addrs() {
        List<EntityAddrVec> addrs = new ArrayList<>();
        for (int rank = 0; rank < members.size(); rank++) {
            addrs.add(EntityAddrVec.of(addr(rank)));
        }
        return addrs;
    }

    private static EntityAddr addr(int rank) {
        return EntityAddr.msgr2(new InetSocketAddress(ip(rank), PORT), 0);
    }

    /** What the map of a new cluster says of them. */
    List<MonMap.MonInfo> infos() {
        List<MonMap.MonInfo> infos = new ArrayList<>();
        for (int rank = 0; rank < members.size(); rank++) {
            infos.add(new MonMap.MonInfo(letter(rank), EntityAddrVec.of(addr(rank))));
        }
        return infos;
    }

    /** Starts all. */
    void start(Genesis begin) {
        genesis = begin;
        members.forEach(member -> member.start(begin));
    }

    void crash(int rank) {
        members.get(rank).crash();
    }

    void restart(int rank) {
        members.get(rank).restart(genesis);
    }

    SimulatedClock clock(int rank) {
        return members.get(rank).clock;
    }

    Simulation.SimulatedShard shard(int rank) {
        return members.get(rank).shard;
    }

    private Monitor monitor(
            int rank, Simulation.SimulatedShard shard, Genesis begin, ReplicatedLog log) {
        simulation.trace("mon." + letter(rank) + " leads");
        return new Monitor(
                MonitorOptions.of(letter(rank), begin.fsid(), addr(rank)),
                shard,
                simulation.random(),
                log,
                (self, auth, dispatcher) ->
                        new Msgr2(
                                self,
                                Msgr2Options.DEFAULT,
                                new Msgr2.Parts(
                                        shard,
                                        network.host(ip(rank)),
                                        DIALS_NOBODY,
                                        auth,
                                        dispatcher,
                                        simulation.random())));
    }
}
