package io.sepiola.osd.pg;

import io.sepiola.base.Shard;
import io.sepiola.base.Simulation;
import io.sepiola.crush.CrushEditor;
import io.sepiola.messenger.Connection;
import io.sepiola.osd.op.OpKinds;
import io.sepiola.osd.peering.Histories;
import io.sepiola.osd.peering.Infos;
import io.sepiola.osd.peering.Intervals;
import io.sepiola.osd.peering.Ledger;
import io.sepiola.osd.peering.LedgerDisk;
import io.sepiola.osd.peering.PgInterval;
import io.sepiola.osd.scrub.ScrubHost;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.message.EncodedMessage;
import io.sepiola.protocol.message.MOSDOp;
import io.sepiola.protocol.message.MOSDPGLog;
import io.sepiola.protocol.message.MOSDPGNotify2;
import io.sepiola.protocol.message.MOSDPGQuery2;
import io.sepiola.protocol.message.MOSDPGRemove;
import io.sepiola.protocol.message.Messages;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.PastIntervals;
import io.sepiola.protocol.osd.PgHistory;
import io.sepiola.protocol.osd.PgLog;
import io.sepiola.protocol.osd.PgMissing;
import io.sepiola.protocol.osd.PgNotify;
import io.sepiola.protocol.osd.PgQuery;
import io.sepiola.store.MemoryStore;
import io.sepiola.store.ObjectStore;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A handful of OSDs with one pool, a monitor that grants what it is asked, and a network that
 * delays and never loses, in one simulation. Messages are encoded and decoded on their way.
 */
final class GroupWorld {
    static final long POOL = 1;
    static final Duration LEASE = Duration.ofSeconds(2);
    private static final UUID FSID = new UUID(1, 2);

    final Simulation simulation;
    final RandomGenerator random;
    final List<Node> nodes = new ArrayList<>();
    final TreeMap<Integer, OsdMap> maps = new TreeMap<>();
    OsdMap map;
    private final Shard monitor;
    private final PgOptions options;
    private int nonce = 1;

    GroupWorld(long seed, int osdCount, int size, int minSize, int pgNum, PgOptions options) {
        this.simulation = new Simulation(seed);
        this.random = simulation.random();
        this.monitor = simulation.shard("mon");
        this.options = options;
        CrushEditor crush = new CrushEditor(CrushEditor.initial("osd"));
        for (int osd = 0; osd < osdCount; osd++) {
            crush.createOrMove(
                    osd, "osd." + osd, 0x10000, Map.of("root", "default", "host", "h" + osd));
        }
        map = OsdMap.initial(FSID, Utime.ZERO, crush.build());
        maps.put(map.epoch(), map);
        change(step -> {
            step.osdMax(osdCount);
            for (int osd = 0; osd < osdCount; osd++) {
                markUp(step, osd);
                step.newWeight(osd, OsdMap.WEIGHT_IN);
            }
        });
        change(step -> {
            step.poolMax(POOL);
            step.newPoolName(POOL, "p");
            step.newPool(
                    POOL,
                    PgPool.builder()
                            .size(size)
                            .minSize(minSize)
                            .pgs(pgNum)
                            .lastChange(3)
                            .flags(PgPool.FLAG_HASHPSPOOL)
                            .build());
        });
        for (int osd = 0; osd < osdCount; osd++) {
            nodes.add(new Node(osd));
        }
        for (int seed2 = 0; seed2 < pgNum; seed2++) {
            SpgId pg = SpgId.replicated(new PgId(POOL, seed2));
            Node primary = nodes.get(map.map(pg.pg()).actingPrimary());
            primary.shard.execute(() ->
                    primary.make(pg, Histories.created(3, Utime.ZERO), List.of(), maps.get(3)));
        }
    }

    private void markUp(OsdMapIncremental.Builder step, int osd) {
        EntityAddrVec at = address(osd, nonce++);
        step.newUp(osd, at, at, at, at);
        step.newUuid(osd, new UUID(7, osd));
    }

    private static EntityAddrVec address(int osd, int nonce) {
        return EntityAddrVec.of(
                EntityAddr.msgr2(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 6800 + osd),
                        nonce));
    }

    /** The next map. */
    void change(Consumer<OsdMapIncremental.Builder> what) {
        OsdMapIncremental.Builder step = OsdMapIncremental.after(map);
        what.accept(step);
        map = map.apply(step.build());
        maps.put(map.epoch(), map);
        for (Node node : nodes) {
            if (node.alive) {
                node.tellMap(map.epoch());
            }
        }
    }

    private void afterwards(Runnable task) {
        monitor.timers().after(Duration.ofNanos(random.nextLong(5_000_000)), task);
    }

    /** Kills an OSD; a little later the map says so. */
    void crash(int osd) {
        Node node = nodes.get(osd);
        node.shard.kill();
        node.alive = false;
        // What it had sent arrives up to some moment, and nothing of it after that.
        node.lastWordNanos = simulation.clock().nanos() + random.nextLong(2_000_000);
        node.store = node.store.crash(random);
        monitor.timers()
                .after(
                        Duration.ofMillis(5 + random.nextInt(50)),
                        () -> {
                            if (!node.alive && map.isUp(osd)) {
                                down(osd, random.nextInt(4) != 0);
                            }
                        });
    }

    /** The map says that it is down; and perhaps that it is dead. */
    void down(int osd, boolean dead) {
        change(step -> {
            step.down(osd);
            if (dead) {
                step.newXinfo(osd, map.xinfo(osd).withDeadEpoch(map.epoch() + 1));
            }
        });
    }

    /** It lives and serves clients, and hears nothing of the others and the monitor. */
    void cut(int osd) {
        nodes.get(osd).cut = true;
    }

    /** It is heard and hears again. */
    void heal(int osd) {
        nodes.get(osd).cut = false;
        nodes.get(osd).tellMap(map.epoch());
    }

    /** Starts it again with what its store has. */
    void restart(int osd) {
        if (map.isUp(osd)) {
            change(step -> step.down(osd));
        }
        Node node = nodes.get(osd);
        node.begin();
        change(step -> markUp(step, osd));
    }

    /** Starts it again with an empty store; the map says that it was made again. */
    void replace(int osd) {
        nodes.get(osd).store = freshStore();
        change(step -> step.newLastClean(osd, map.epoch(), map.epoch()));
        restart(osd);
    }

    private MemoryStore freshStore() {
        return new MemoryStore(
                new MemoryStore.Options(
                        new MemoryStore.CommitDelay.Between(
                                Duration.ofNanos(50_000), Duration.ofMillis(3), random),
                        1L << 30));
    }

    boolean isAllClean() {
        for (int seed = 0; seed < map.pools().get(POOL).pgNum(); seed++) {
            PgId pg = new PgId(POOL, seed);
            var osds = map.map(pg);
            if (osds.actingPrimary() < 0) {
                return false;
            }
            Pg group = nodes.get(osds.actingPrimary()).groups.get(SpgId.replicated(pg));
            boolean full = osds.acting().length == map.pools().get(POOL).size();
            if (group == null
                    || group.epoch() != map.epoch()
                    || (group.state() & PgReport.ACTIVE) == 0
                    || full && (group.state() & PgReport.CLEAN) == 0
                    || group.recovery().isBusy()
                    || group.recovery().isBackfilling()) {
                return false;
            }
        }
        return true;
    }

    String states() {
        StringBuilder text = new StringBuilder("map " + map.epoch());
        for (Node node : nodes) {
            node.groups.forEach((id, pg) ->
                    text.append("\nosd." + node.id + (node.alive ? "" : " (dead)"))
                            .append(" " + id + " e" + pg.epoch())
                            .append(" " + pg.peering().phase())
                            .append(" " + pg.ledger().lastUpdate)
                            .append(" missing " + pg.ledger().missing)
                            .append(" state " + Long.toHexString(pg.state())));
        }
        return text.toString();
    }

    /** One OSD. */
    final class Node implements PgHost {
        final int id;
        Simulation.SimulatedShard shard;
        MemoryStore store = freshStore();
        boolean alive;
        boolean cut;
        private long lastWordNanos;
        Map<SpgId, Pg> groups = new TreeMap<>();
        OsdMap reached;
        private RecoverySlots slots;
        private Reserver localPlaces = new Reserver(1);
        private Reserver remotePlaces = new Reserver(1);
        boolean backfillFull;
        final Set<GhObject> damaged = new HashSet<>();
        private ScrubWorld scrubHost = new ScrubWorld(random);
        private final Map<Integer, Long> linkDue = new HashMap<>();
        private ArrayDeque<Early> early = new ArrayDeque<>();

        private record Early(int epoch, Runnable task) {}

        Node(int id) {
            this.id = id;
            this.reached = map;
            this.shard = simulation.shard("osd." + id);
            begin();
        }

        void begin() {
            shard = simulation.shard("osd." + id);
            alive = true;
            groups = new TreeMap<>();
            early = new ArrayDeque<>();
            slots = new RecoverySlots(3, shard);
            localPlaces = new Reserver(1);
            remotePlaces = new Reserver(1);
            scrubHost = new ScrubWorld(random);
            reached = map;
            Simulation.SimulatedShard mine = shard;
            mine.execute(() -> {
                for (CollectionId collection : store.collections()) {
                    if (collection instanceof CollectionId.Pg(SpgId pg)) {
                        LedgerDisk.Loaded loaded = LedgerDisk.load(store, collection, pg);
                        OsdMap then = maps.get(loaded.epoch());
                        Pg group = new Pg(this, loaded.ledger(), then, false);
                        groups.put(pg, group);
                        lead(group);
                    }
                }
                tellMap(map.epoch());
            });
        }

        void tellMap(int epoch) {
            shard.timers()
                    .after(
                            Duration.ofNanos(random.nextLong(4_000_000)),
                            () -> {
                                while (!cut && reached.epoch() < epoch) {
                                    reach(maps.get(reached.epoch() + 1));
                                }
                            });
        }

        private void reach(OsdMap next) {
            reached = next;
            for (Pg pg : List.copyOf(groups.values())) {
                lead(pg);
            }
            for (int count = early.size(); count > 0; count--) {
                Early first = early.removeFirst();
                if (first.epoch <= reached.epoch()) {
                    first.task.run();
                } else {
                    early.addLast(first);
                }
            }
        }

        private void lead(Pg pg) {
            while (!pg.isRemoved() && pg.epoch() < reached.epoch()) {
                pg.advance(maps.get(pg.epoch() + 1));
            }
            pg.reached();
        }

        @Nullable Pg make(SpgId pg, PgHistory history, List<PgInterval> past, OsdMap then) {
            Ledger ledger = new Ledger(pg, history);
            ledger.pastIntervals.addAll(past);
            Pg group = new Pg(this, ledger, then, true);
            groups.put(pg, group);
            lead(group);
            return group;
        }

        void when(int epoch, Runnable task) {
            if (epoch <= reached.epoch()) {
                task.run();
            } else {
                early.addLast(new Early(epoch, task));
            }
        }

        void client(Connection connection, MOSDOp op) {
            when(
                    op.epoch(),
                    () -> {
                        Pg pg = groups.get(op.pg());
                        boolean expected =
                                reached.map(op.pg().pg()).actingPrimary() == id && pg == null;
                        if (expected) { // a peer will make it known, or a new map
                            shard.timers()
                                    .after(Duration.ofMillis(1), () -> client(connection, op));
                        } else if (pg != null) {
                            OsdReqId request =
                                    new OsdReqId(new EntityName(EntityType.CLIENT, 1), op.tid(), 0);
                            pg.receive(
                                    new ClientRequest(
                                            connection,
                                            op,
                                            request,
                                            op.target().withSnap(HObject.HEAD),
                                            OpKinds.of(op.ops()),
                                            shard.clock().nanos(),
                                            counters()));
                        }
                    });
        }

        private void peer(int from, Message message) {
            Envelope about = Envelope.of(message);
            when(
                    about.epoch(),
                    () -> {
                        if (!reached.isUp(from)) {
                            return;
                        }
                        Pg pg = groups.get(about.pg());
                        if (pg == null) {
                            pg = unknown(from, about, message);
                        }
                        if (pg != null) {
                            pg.receive(from, message);
                        }
                    });
        }

        private @Nullable Pg unknown(int from, Envelope about, Message message) {
            OsdMap then = maps.get(about.epoch());
            var members = Pg.membership(then, about.pg().pg());
            return switch (message) {
                case MOSDPGQuery2 m -> {
                    answerNothing(from, m);
                    yield null;
                }
                case MOSDPGNotify2 m ->
                        members.primary() == id
                                ? make(
                                        about.pg(),
                                        m.notification().info().history(),
                                        Intervals.decode(m.notification().pastIntervals()),
                                        then)
                                : null;
                case MOSDPGLog m ->
                        members.acting().contains(id) || members.up().contains(id)
                                ? make(
                                        about.pg(),
                                        m.info().history(),
                                        Intervals.decode(m.pastIntervals()),
                                        then)
                                : null;
                default -> null;
            };
        }

        private void answerNothing(int to, MOSDPGQuery2 m) {
            var nothing = Infos.empty(m.pg(), m.query().history());
            int asked = m.query().epochSent();
            if (m.query().kind() == PgQuery.INFO) {
                send(
                        to,
                        new MOSDPGNotify2(
                                m.pg(),
                                new PgNotify(
                                        asked,
                                        reached.epoch(),
                                        nothing,
                                        -1,
                                        -1,
                                        PastIntervals.NONE)));
            } else {
                send(
                        to,
                        new MOSDPGLog(
                                reached.epoch(),
                                nothing,
                                PgLog.EMPTY,
                                PgMissing.NONE,
                                asked,
                                PastIntervals.NONE,
                                -1,
                                -1,
                                Optional.empty()));
            }
        }

        @Override
        public int self() {
            return id;
        }

        @Override
        public Shard shard() {
            return shard;
        }

        @Override
        public ObjectStore store() {
            return new DamagedStore(store, damaged);
        }

        @Override
        public PgOptions options() {
            return options;
        }

        @Override
        public Duration leaseSpan() {
            return LEASE;
        }

        @Override
        public ScrubHost scrubs() {
            return scrubHost;
        }

        @Override
        public RecoverySlots slots() {
            return slots;
        }

        @Override
        public Reserver localPlaces() {
            return localPlaces;
        }

        @Override
        public Reserver remotePlaces() {
            return remotePlaces;
        }

        @Override
        public boolean isBackfillFull() {
            return backfillFull;
        }

        @Override
        public void send(int osd, Message message) {
            if (!reached.isUp(osd) || cut || nodes.get(osd).cut) {
                return;
            }
            EncodedMessage encoded = Messages.encode(message);
            Message arriving = Messages.decode(encoded);
            Node to = nodes.get(osd);
            Simulation.SimulatedShard target = to.shard;
            Simulation.SimulatedShard source = shard;
            EntityAddrVec meant = reached.addrs(osd);
            long now = simulation.clock().nanos();
            long due = Math.max(linkDue.getOrDefault(osd, 0L), now + random.nextLong(2_000_000));
            linkDue.put(osd, due);
            target.timers()
                    .after(
                            Duration.ofNanos(due - now),
                            () -> {
                                // A restarted process has another address: the session is over.
                                boolean sent =
                                        alive && shard == source
                                                || simulation.clock().nanos() < lastWordNanos;
                                if (sent
                                        && !cut
                                        && !to.cut
                                        && to.shard == target
                                        && map.addrs(osd).equals(meant)) {
                                    to.peer(id, arriving);
                                }
                            });
        }

        @Override
        public void tellMap(Connection client, int epoch) {}

        @Override
        public void wantUpThru(int epoch) {
            afterwards(() -> {
                if (!cut && map.isUp(id) && map.upThru(id) < epoch) {
                    change(step -> step.newUpThru(id, epoch));
                }
            });
        }

        @Override
        public void wantActing(PgId pg, List<Integer> want) {
            afterwards(() -> {
                List<Integer> now = map.pgTemp().getOrDefault(pg, List.of());
                if (!cut && !now.equals(want) && want.stream().allMatch(map::isUp)) {
                    change(step -> step.newPgTemp(pg, want));
                }
            });
        }

        @Override
        public void forgetActing(PgId pg) {}

        @Override
        public void created(PgId pg) {}

        @Override
        public void stateChanged(Pg pg) {}

        @Override
        public boolean isFull() {
            return false;
        }

        @Override
        public boolean isIndexFull() {
            return false;
        }

        @Override
        public void failed(Throwable cause) {
            throw new AssertionError(cause);
        }

        @Override
        public void removed(Pg pg) {
            groups.remove(pg.id(), pg);
        }

        @Override
        public OsdMap map() {
            return reached;
        }
    }

    /** Which group a message is about, and the epoch of its sender. */
    private record Envelope(SpgId pg, int epoch) {
        static Envelope of(Message message) {
            if (message instanceof MOSDPGRemove m) {
                return new Envelope(m.pgs().getFirst(), m.epoch());
            }
            return switch (message) {
                case MOSDPGNotify2 m -> new Envelope(m.pg(), m.notification().epochSent());
                case MOSDPGQuery2 m -> new Envelope(m.pg(), m.query().epochSent());
                case MOSDPGLog m -> new Envelope(m.info().pg(), m.epoch());
                case io.sepiola.protocol.message.MOSDRepOp m -> new Envelope(m.pg(), m.epoch());
                case io.sepiola.protocol.message.MOSDRepOpReply m ->
                        new Envelope(m.pg(), m.epoch());
                case io.sepiola.protocol.message.MOSDPGInfo2 m ->
                        new Envelope(m.pg(), m.epochSent());
                case io.sepiola.protocol.message.MOSDPGLease m -> new Envelope(m.pg(), m.epoch());
                case io.sepiola.protocol.message.MOSDPGLeaseAck m ->
                        new Envelope(m.pg(), m.epoch());
                case io.sepiola.protocol.message.MOSDPGPush m -> new Envelope(m.pg(), m.epoch());
                case io.sepiola.protocol.message.MOSDPGPull m -> new Envelope(m.pg(), m.epoch());
                case io.sepiola.protocol.message.MOSDPGPushReply m ->
                        new Envelope(m.pg(), m.epoch());
                case io.sepiola.protocol.message.MBackfillReserve m ->
                        new Envelope(SpgId.replicated(m.pg()), m.epoch());
                case io.sepiola.protocol.message.MRecoveryReserve m ->
                        new Envelope(SpgId.replicated(m.pg()), m.epoch());
                case io.sepiola.protocol.message.MOSDPGScan m -> new Envelope(m.pg(), m.epoch());
                case io.sepiola.protocol.message.MOSDPGBackfill m ->
                        new Envelope(m.pg(), m.epoch());
                case io.sepiola.protocol.message.MOSDPGRecoveryDelete m ->
                        new Envelope(m.pg(), m.epoch());
                case io.sepiola.protocol.message.MOSDPGRecoveryDeleteReply m ->
                        new Envelope(m.pg(), m.epoch());
                case io.sepiola.protocol.message.MOSDScrubReserve m ->
                        new Envelope(m.pg(), m.epoch());
                case io.sepiola.protocol.message.MOSDRepScrub m -> new Envelope(m.pg(), m.epoch());
                case io.sepiola.protocol.message.MOSDRepScrubMap m ->
                        new Envelope(m.pg(), m.epoch());
                default -> throw new AssertionError("unexpected " + message);
            };
        }
    }
}
