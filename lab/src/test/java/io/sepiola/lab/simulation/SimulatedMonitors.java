package io.sepiola.lab.simulation;

import io.sepiola.base.SimulatedClock;
import io.sepiola.base.Simulation;
import io.sepiola.messenger.ClientAuth;
import io.sepiola.messenger.Dispatcher;
import io.sepiola.messenger.Messenger;
import io.sepiola.messenger.Msgr2;
import io.sepiola.messenger.Msgr2Options;
import io.sepiola.messenger.ServerAuth;
import io.sepiola.messenger.SimulatedNetwork;
import io.sepiola.monitor.Genesis;
import io.sepiola.monitor.MemberDoor;
import io.sepiola.monitor.MemberHome;
import io.sepiola.monitor.ModelledQuorum;
import io.sepiola.monitor.Monitor;
import io.sepiola.monitor.MonitorMember;
import io.sepiola.monitor.MonitorOptions;
import io.sepiola.monitor.Quorum;
import io.sepiola.monitor.ReplicatedLog;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.auth.CryptoKey;
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
                throw new IllegalStateException("a monitor alone dials nobody");
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
            if (members.size() == 1) {
                place.join(new Alone(shard, genesis));
                return;
            }
            MemberDoor door = door(rank, shard, genesis);
            door.open();
            new MonitorMember(
                            MonitorOptions.of(letter(rank), genesis.fsid(), addr(rank)),
                            shard,
                            simulation.random(),
                            place,
                            () -> Optional.of(genesis),
                            door,
                            MemberHome.fixed(map(genesis)))
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

    private static MonMap map(Genesis begin) {
        return MonMap.of(begin.fsid(), 1, Utime.ZERO, begin.monitors());
    }

    private MemberDoor door(int rank, Simulation.SimulatedShard shard, Genesis begin) {
        MonMap map = map(begin);
        CryptoKey shared = begin.entities().get(AuthName.parse("mon.")).key();
        return new MemberDoor(
                letter(rank),
                addr(rank),
                map,
                shared,
                shard,
                simulation.random(),
                (self, dials, lets, dispatcher) ->
                        messenger(rank, shard, self, dials, lets, dispatcher));
    }

    private Messenger messenger(
            int rank,
            Simulation.SimulatedShard shard,
            EntityName self,
            ClientAuth dials,
            ServerAuth lets,
            Dispatcher dispatcher) {
        return new Msgr2(
                self,
                Msgr2Options.DEFAULT,
                new Msgr2.Parts(
                        shard,
                        network.host(ip(rank)),
                        dials,
                        lets,
                        dispatcher,
                        simulation.random()));
    }

    /** A monitor without others: it needs no door, and follows nobody. */
    private final class Alone implements Quorum.Listener {
        private final Simulation.SimulatedShard shard;
        private final Genesis begin;
        private Monitor monitor;

        Alone(Simulation.SimulatedShard shard, Genesis begin) {
            this.shard = shard;
            this.begin = begin;
        }

        @Override
        public void leads(ReplicatedLog log) {
            simulation.trace("mon.a leads");
            monitor =
                    new Monitor(
                            MonitorOptions.of("a", begin.fsid(), addr(0)),
                            shard,
                            simulation.random(),
                            log,
                            (self, auth, dispatcher) ->
                                    messenger(0, shard, self, DIALS_NOBODY, auth, dispatcher));
            monitor.start(Optional.of(begin));
        }

        @Override
        public void follows() {
            monitor.close();
        }
    }
}
