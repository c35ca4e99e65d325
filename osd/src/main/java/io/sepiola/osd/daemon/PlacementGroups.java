package io.sepiola.osd.daemon;

import io.sepiola.base.Mark;
import io.sepiola.base.Shard;
import io.sepiola.client.MonClient;
import io.sepiola.messenger.Connection;
import io.sepiola.osd.OsdOptions;
import io.sepiola.osd.heartbeat.HeartbeatPeers;
import io.sepiola.osd.op.OpKinds;
import io.sepiola.osd.peering.Histories;
import io.sepiola.osd.peering.Intervals;
import io.sepiola.osd.peering.Ledger;
import io.sepiola.osd.peering.LedgerDisk;
import io.sepiola.osd.peering.Membership;
import io.sepiola.osd.peering.PgInterval;
import io.sepiola.osd.pg.ClientRequest;
import io.sepiola.osd.pg.Pg;
import io.sepiola.osd.pg.PgHost;
import io.sepiola.osd.pg.PgOptions;
import io.sepiola.osd.pg.RecoverySlots;
import io.sepiola.osd.pg.Reserver;
import io.sepiola.osd.report.OsdCounters;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.UuidCodec;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.message.MConfig;
import io.sepiola.protocol.message.MOSDBeacon;
import io.sepiola.protocol.message.MOSDOp;
import io.sepiola.protocol.message.MOSDPGCreate2;
import io.sepiola.protocol.message.MOSDPGCreated;
import io.sepiola.protocol.message.MOSDPGLog;
import io.sepiola.protocol.message.MOSDPGNotify2;
import io.sepiola.protocol.message.MOSDPGQuery2;
import io.sepiola.protocol.message.MPGStats;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.PastIntervals;
import io.sepiola.protocol.osd.PgCreate;
import io.sepiola.protocol.osd.PgHistory;
import io.sepiola.protocol.osd.PgNotify;
import io.sepiola.protocol.osd.PgPast;
import io.sepiola.store.ObjectStore;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The placement groups of an OSD: brings them their maps and messages, makes new ones, and is what
 * they find around them. Owned by the OSD's shard.
 */
final class PlacementGroups implements PgHost {
    private static final Logger LOG = LoggerFactory.getLogger(PlacementGroups.class);
    private static final int WAITING_COUNT_MAX = 10_000;

    /** A message that came before the map, or the group, that it needs. */
    private record Waiting(int epoch, long clientBytes, Runnable task) {}

    private final OsdOptions options;
    private final Shard shard;
    private final ObjectStore store;
    private final OsdNetwork network;
    private final MonClient monitors;
    private final Consumer<Throwable> failed;
    private final Runnable touched;
    private final RecoverySlots slots;
    private final OsdCounters counters;
    private final Reserver localPlaces;
    private final Reserver remotePlaces;
    private final StoreRoom room;
    private final Fullness fullness;
    private final ClientThrottle throttle;
    private final ClusterLogger clusterLog;
    private final ScrubRoom scrubs;
    private final StoreCompression compression;
    private final Map<SpgId, Pg> groups = new HashMap<>();
    private final MapStep step = new MapStep(groups);
    private final MergeReadiness merging;
    private final ArrayDeque<Waiting> waitingForMap = new ArrayDeque<>();
    private final ArrayDeque<Waiting> waitingUntilUp = new ArrayDeque<>();
    private final Map<SpgId, ArrayDeque<ClientRequest>> waitingForGroup = new HashMap<>();

    /** What came for a group that is being removed here, and is perhaps ours again already. */
    private final Map<SpgId, ArrayDeque<Runnable>> waitingForRemoval = new HashMap<>();

    private final MonitorWishes wishes;
    private @Nullable MapStore mapsOrNull;
    private boolean up;
    private boolean closed;
    private long sequence;

    /**
     * None yet; see {@link #open}.
     *
     * @param touched told when a group's state changed
     */
    PlacementGroups(
            OsdOptions options,
            Shard shard,
            ObjectStore store,
            OsdNetwork network,
            MonClient monitors,
            RandomGenerator random,
            Consumer<Throwable> failed,
            Runnable touched) {
        this.options = options;
        this.shard = shard;
        this.store = store;
        this.network = network;
        this.monitors = monitors;
        this.failed = failed;
        this.touched = touched;
        this.merging = new MergeReadiness(options.id(), groups, monitors::send);
        this.wishes = new MonitorWishes(options.id(), monitors::send);
        this.slots = new RecoverySlots(options.groups().recoveryCountMax(), shard);
        this.counters = new OsdCounters(shard.clock(), slots::startedCount, slots::movedBytes);
        this.localPlaces = new Reserver(options.groups().backfillCountMax());
        this.remotePlaces = new Reserver(options.groups().backfillCountMax());
        this.throttle =
                new ClientThrottle(
                        options.groups().clientBytesMax(), this::heldBytes, shard.timers());
        this.room = new StoreRoom(store, shard.clock(), options.failsafeRatio());
        this.fullness =
                new Fullness(options.id(), shard, room, monitors, this::map, this::roomChecked);
        this.clusterLog =
                new ClusterLogger(
                        self(), monitors, shard.clock(), () -> network.publicEnd().addrs());
        this.compression = new StoreCompression(store::compression);
        this.scrubs = new ScrubRoom(shard, random, clusterLog, this::inOrder);
    }

    private MapStore maps() {
        return Objects.requireNonNull(mapsOrNull, "open comes first");
    }

    /** Loads the groups and brings them up to the newest map. */
    void open(MapStore mapStore) {
        mapsOrNull = mapStore;
        compression.update(maps().newest());
        StoredGroups stored = new StoredGroups(store);
        int oldest = maps().newest().epoch();
        for (LedgerDisk.Loaded account : stored.load()) {
            Pg pg = new Pg(this, account.ledger(), reached(account.epoch()), false);
            groups.put(pg.id(), pg);
            oldest = Math.min(oldest, pg.epoch());
        }
        for (int epoch = oldest + 1; epoch <= maps().newest().epoch(); epoch++) {
            maps().at(epoch).ifPresent(step::take);
        }
        if (maps().newest().epoch() > 0) {
            inOrder().stream()
                    .filter(pg -> MapStep.isGone(maps().newest(), pg.id().pg()))
                    .forEach(Pg::remove);
            inOrder().forEach(Pg::reached);
            stored.sweep(groups.keySet(), shard, this::failed);
        }
    }

    private OsdMap reached(int epoch) {
        return maps().at(epoch).orElseGet(() -> oldestKept(epoch));
    }

    private OsdMap oldestKept(int epoch) {
        LOG.warn(
                "osd.{}: the map of epoch {} is gone; going on from {}",
                self(),
                epoch,
                maps().oldestEpoch());
        return maps().at(maps().oldestEpoch()).orElseGet(maps()::newest);
    }

    /** Brings one that came into being after the others to where they are. */
    private void catchUp(Pg pg) {
        List<Pg> all = new ArrayList<>(List.of(pg));
        for (int epoch = pg.epoch() + 1; epoch <= maps().newest().epoch(); epoch++) {
            maps().at(epoch).ifPresent(map -> all.addAll(step.take(map, List.copyOf(all))));
        }
        if (maps().newest().epoch() > 0) {
            all.forEach(Pg::reached);
        }
    }

    private List<Pg> inOrder() {
        return new ArrayList<>(new TreeMap<>(groups).values());
    }

    int count() {
        return groups.size();
    }

    /** This OSD is up by the newest map: clients who came early are served. */
    void up() {
        up = true;
        scrubs.start();
        List<Waiting> early = new ArrayList<>(waitingUntilUp);
        waitingUntilUp.clear();
        early.forEach(waiting -> waiting.task.run());
        fullness.start();
    }

    private void roomChecked() {
        inOrder().forEach(Pg::roomChecked);
    }

    private void waitUntilUp(long clientBytes, Runnable task) {
        if (waitingUntilUp.size() >= WAITING_COUNT_MAX) {
            Mark.hit("too many operations wait until the OSD is up");
            waitingUntilUp.removeFirst();
        }
        waitingUntilUp.addLast(new Waiting(0, clientBytes, task));
    }

    /** This OSD is down by the newest map: no client is served before it is up again. */
    void down() {
        up = false;
        fullness.stop();
    }

    /** Nothing is served or made any more; the store keeps everything. */
    void close() {
        up = false;
        fullness.stop();
        closed = true;
        groups.values().forEach(Pg::close);
        scrubs.stop();
        groups.clear();
        waitingForMap.clear();
        waitingUntilUp.clear();
        waitingForGroup.clear();
        waitingForRemoval.clear();
    }

    // ---- maps

    /** One epoch further; the store of maps has it already. */
    void update(OsdMap next) {
        compression.update(next);
        step.take(next);
        inOrder().forEach(Pg::reached);
        merging.check(next);
        waitingForGroup
                .keySet()
                .removeIf(pg -> MapStep.isGhost(next, pg.pg()) || !isPrimary(next, pg));
        // Empty before its time when one of them meets a disk that fails, which ends the OSD.
        for (int left = waitingForMap.size(); left > 0 && !waitingForMap.isEmpty(); left--) {
            Waiting waiting = waitingForMap.removeFirst();
            if (waiting.epoch <= next.epoch()) {
                waiting.task.run();
            } else {
                waitingForMap.addLast(waiting);
            }
        }
    }

    private boolean isPrimary(OsdMap map, SpgId pg) {
        return Pg.membership(map, pg.pg()).primary() == self();
    }

    /** Whom to ping: those with whom groups are shared, and some more. */
    SortedSet<Integer> peers(OsdMap map) {
        TreeSet<Integer> sharing = new TreeSet<>();
        for (Pg pg : groups.values()) {
            Membership members = pg.peering().members();
            sharing.addAll(members.up());
            sharing.addAll(members.acting());
        }
        sharing.removeIf(osd -> osd < 0 || osd >= map.osdMax());
        return HeartbeatPeers.of(self(), sharing, map);
    }

    /** Maps before this epoch are needed by no group, not even after a crash. */
    int neededFrom() {
        int needed = maps().newest().epoch();
        for (Pg pg : groups.values()) {
            needed = Math.min(needed, pg.writtenEpoch());
        }
        return needed;
    }

    private void later(int epoch, long clientBytes, Runnable task) {
        if (waitingForMap.size() >= WAITING_COUNT_MAX) {
            Mark.hit("too many messages wait for a map");
            waitingForMap.removeFirst();
        }
        waitingForMap.addLast(new Waiting(epoch, clientBytes, task));
    }

    // ---- clients

    /** A client's operation has come. */
    void client(Connection connection, MOSDOp op) {
        take(connection, op);
        throttle.received(connection, ClientRequest.heldBytes(op));
    }

    private long heldBytes() {
        long[] sum = new long[1];
        waitingForMap.forEach(waiting -> sum[0] += waiting.clientBytes);
        waitingUntilUp.forEach(waiting -> sum[0] += waiting.clientBytes);
        visit((request, state) -> sum[0] += request.heldBytes());
        return sum[0];
    }

    /** Shows what clients sent and is not answered, what waits for a map aside. */
    void visit(ClientRequest.Visitor visitor) {
        waitingForGroup
                .values()
                .forEach(queue -> queue.forEach(request -> visitor.visit(request, "delayed")));
        groups.values().forEach(pg -> pg.visit(visitor));
    }

    private void take(Connection connection, MOSDOp op) {
        if (mapsOrNull == null || closed) {
            return;
        }
        OsdMap map = maps().newest();
        if (op.epoch() > map.epoch()) {
            later(op.epoch(), ClientRequest.heldBytes(op), () -> take(connection, op));
            return;
        }
        if (!up) {
            // The client's map names us, so that it will not send again when we come up by ours.
            waitUntilUp(ClientRequest.heldBytes(op), () -> take(connection, op));
            return;
        }
        ClientSession session = ClientSession.of(connection);
        session.tell(connection, op.epoch(), maps());
        ClientRequest request = request(connection, op);
        if (!session.allows(op, map)) {
            request.answer(-1, map.epoch()); // EPERM
            return;
        }
        SpgId id = SpgId.replicated(map.actualPg(op.pg().pg()));
        Pg pg = groups.get(id);
        if (pg != null && !pg.isRemoved()) {
            pg.receive(request);
        } else if (isPrimary(map, id)) {
            waitForGroup(id, request);
        } else {
            LOG.debug("osd.{}: {} came here by an old map", self(), request.id());
        }
    }

    private ClientRequest request(Connection connection, MOSDOp op) {
        OsdReqId id = op.reqId();
        EntityName name = id.name();
        if (id.tid() == 0 && name.number() == 0) {
            id = new OsdReqId(connection.peerName(), op.tid(), op.incarnation());
        }
        String key = op.locator().key();
        HObject object =
                new HObject(
                        op.locator().namespace(),
                        op.object(),
                        key.equals(op.object()) ? "" : key,
                        op.snap(),
                        op.hash(),
                        op.pg().pg().pool(),
                        false);
        return new ClientRequest(
                connection, op, id, object, OpKinds.of(op.ops()), shard.clock().nanos(), counters);
    }

    private void waitForGroup(SpgId id, ClientRequest request) {
        ArrayDeque<ClientRequest> queue =
                waitingForGroup.computeIfAbsent(id, any -> new ArrayDeque<>());
        if (queue.size() < options.groups().waitingCountMax()) {
            queue.addLast(request);
        }
    }

    /** Anything else from a client or the manager. */
    void fromClient(Connection connection, Message message) {
        if (!scrubs.asked(connection, message)
                && !ForceOrders.asked(connection, message, inOrder())) {
            LOG.debug("osd.{}: nothing to do for {}", self(), message.getClass());
        }
    }

    /** The epoch of the oldest map that is kept. */
    int oldestMap() {
        return mapsOrNull == null ? 0 : maps().oldestEpoch();
    }

    /** What the monitors say beside maps. */
    void fromMonitors(Message message) {
        if (message instanceof MConfig config) {
            compression.configure(config.options());
        }
        scrubs.fromMonitors(message);
    }

    /** A client's connection is gone. */
    void clientGone(Connection connection) {
        throttle.gone(connection);
        connection.attach(null);
    }

    // ---- other OSDs

    /** A message of another OSD. */
    void peer(int from, Message message) {
        if (mapsOrNull == null || closed) {
            return;
        }
        GroupAddress address = GroupAddress.of(message);
        if (address.epoch() > maps().newest().epoch()) {
            later(address.epoch(), 0, () -> peer(from, message));
            return;
        }
        for (SpgId id : address.groups()) {
            peer(id, from, message);
        }
    }

    private void peer(SpgId id, int from, Message message) {
        Pg pg = groups.get(id);
        if (pg != null && pg.isRemoved()) {
            // The group came back to us before we were rid of it; its primary waits for an answer.
            afterRemoval(id, () -> peer(id, from, message));
            return;
        }
        if (pg == null) {
            pg = makeFor(id, from, message);
        }
        if (pg != null) {
            pg.receive(from, message);
        }
    }

    private void afterRemoval(SpgId id, Runnable task) {
        ArrayDeque<Runnable> queue =
                waitingForRemoval.computeIfAbsent(id, any -> new ArrayDeque<>());
        if (queue.size() < WAITING_COUNT_MAX) {
            Mark.hit("a message waits for the removal of its group");
            queue.addLast(task);
        }
    }

    /** Another OSD's session ended: the map will tell whether it is gone. */
    void peerGone(int osd) {
        LOG.debug("osd.{}: the session with osd.{} is over", self(), osd);
    }

    /** A group that we do not have: the primary's word, or a former member's, may make it. */
    private @Nullable Pg makeFor(SpgId id, int from, Message message) {
        return switch (message) {
            case MOSDPGQuery2 asked -> {
                AbsentGroup.answer(this, id, from, asked.query());
                yield null;
            }
            case MOSDPGLog log ->
                    makeAt(log.epoch(), id, log.info().history(), log.pastIntervals(), false);
            case MOSDPGNotify2 told -> {
                PgNotify notify = told.notification();
                yield makeAt(
                        notify.epochSent(),
                        id,
                        notify.info().history(),
                        notify.pastIntervals(),
                        true);
            }
            default -> null; // about a group that is gone from here
        };
    }

    /**
     * Makes a group as of the epoch in which its sender spoke of it, so that we see for ourselves
     * which intervals have begun since. The sender's past intervals become ours: without them we
     * might as primary not ask those who have the newest writes.
     */
    private @Nullable Pg makeAt(
            int epoch, SpgId id, PgHistory history, PastIntervals past, boolean asPrimary) {
        Optional<OsdMap> then = maps().at(epoch);
        if (then.isEmpty() || MapStep.isGhost(then.get(), id.pg())) {
            return null;
        }
        Membership members = Pg.membership(then.get(), id.pg());
        boolean wanted =
                asPrimary
                        ? members.primary() == self()
                        : members.acting().contains(self()) || members.up().contains(self());
        return wanted ? make(id, history, Intervals.decode(past), then.get()) : null;
    }

    // ---- new groups

    /** The monitors say which groups are new; those whose primary we are come into being. */
    void create(MOSDPGCreate2 message) {
        if (closed) {
            return;
        }
        if (message.epoch() > maps().newest().epoch()) {
            later(message.epoch(), 0, () -> create(message));
            return;
        }
        new TreeMap<>(message.created())
                .forEach((id, create) ->
                        create(id, create, message.past().get(id), message.epoch()));
    }

    private void create(SpgId id, PgCreate create, @Nullable PgPast past, int epoch) {
        Pg pg = groups.get(id);
        if (pg != null && pg.isRemoved()) {
            afterRemoval(id, () -> create(id, create, past, epoch));
        } else if (pg == null && isPrimary(maps().newest(), id)) {
            makeNew(id, create, past, epoch);
        } else if (pg != null && pg.peering().isActive()) {
            created(id.pg()); // the monitors have not heard of it
        }
    }

    private void makeNew(SpgId id, PgCreate create, @Nullable PgPast past, int epoch) {
        Optional<OsdMap> first = maps().at(create.epoch());
        if (first.isPresent() && first.get().pool(id.pg().pool()).isPresent()) {
            // From the map that made the group we see for ourselves who may have served it since.
            make(id, Histories.created(create.epoch(), create.stamp()), List.of(), first.get());
            return;
        }
        OsdMap then = maps().at(epoch).orElseGet(() -> oldestKept(epoch));
        if (past == null || past.history().epochCreated() == 0) {
            make(id, Histories.created(create.epoch(), create.stamp()), List.of(), then);
        } else {
            make(id, past.history(), Intervals.decode(past.intervals()), then);
        }
    }

    private @Nullable Pg make(SpgId id, PgHistory history, List<PgInterval> past, OsdMap from) {
        if (maps().newest().pool(id.pg().pool()).isEmpty()) {
            return null;
        }
        Ledger ledger = new Ledger(id, history);
        ledger.pastIntervals.addAll(past);
        Pg pg = new Pg(this, ledger, from, true);
        groups.put(id, pg);
        catchUp(pg);
        ArrayDeque<ClientRequest> queue = waitingForGroup.remove(id);
        if (queue != null) {
            queue.forEach(pg::receive);
        }
        touched.run();
        return pg.isRemoved() ? null : pg;
    }

    // ---- what the monitors are asked

    /**
     * A new session with the monitors: what was asked and is not answered by a map is asked again.
     */
    void askAgain() {
        if (mapsOrNull == null) {
            return;
        }
        merging.askAgain(maps().newest());
        clusterLog.again();
        wishes.askAgain(maps().newest());
    }

    @Override
    public void tellMap(Connection client, int epoch) {
        if (client.isOpen()) {
            ClientSession.of(client).tell(client, epoch, maps());
        }
    }

    @Override
    public void wantUpThru(int epoch) {
        wishes.upThru(epoch, maps().newest());
    }

    @Override
    public void wantActing(PgId pg, List<Integer> want) {
        wishes.acting(pg, want, maps().newest());
    }

    @Override
    public void forgetActing(PgId pg) {
        wishes.forgetActing(pg);
    }

    @Override
    public void created(PgId pg) {
        monitors.send(new MOSDPGCreated(maps().newest().epoch(), pg));
    }

    // ---- what the manager is told

    /** This moment's report. */
    MPGStats statistics() {
        OsdMap map = mapsOrNull == null ? OsdMap.blank(UuidCodec.ZERO) : maps().newest();
        return Statistics.of(
                self(),
                inOrder(),
                map,
                room,
                counters.latency(),
                scrubs.mendedCount(),
                ++sequence,
                peersOrNone(map));
    }

    private SortedSet<Integer> peersOrNone(OsdMap map) {
        return map.epoch() == 0 ? new TreeSet<>() : peers(map);
    }

    /** This moment's sign of life. */
    MOSDBeacon beacon() {
        return Beacon.of(groups.values(), maps().newest(), options.beaconInterval());
    }

    /** The group of that name, for those who ask about it. */
    Optional<Pg> find(PgId id) {
        return Optional.ofNullable(groups.get(SpgId.replicated(id)));
    }

    // ---- what groups find around them

    @Override
    public int self() {
        return options.id();
    }

    @Override
    public Shard shard() {
        return shard;
    }

    @Override
    public ObjectStore store() {
        return store;
    }

    @Override
    public PgOptions options() {
        return options.groups();
    }

    @Override
    public Duration leaseSpan() {
        return options.heartbeats().grace().multipliedBy(8).dividedBy(10);
    }

    @Override
    public RecoverySlots slots() {
        return slots;
    }

    @Override
    public OsdCounters counters() {
        return counters;
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
        return fullness.isBackfillFull();
    }

    @Override
    public ScrubRoom scrubs() {
        return scrubs;
    }

    @Override
    public void send(int osd, Message message) {
        if (!closed) { // a commit may come after the messengers have ended
            network.send(osd, message, maps().newest());
        }
    }

    @Override
    public void stateChanged(Pg pg) {
        if (mapsOrNull != null && pg.peering().members().isPremerge()) {
            merging.check(maps().newest());
        }
        touched.run();
    }

    @Override
    public boolean isFull() {
        fullness.check();
        return room.isFull();
    }

    @Override
    public boolean isIndexFull() {
        fullness.check();
        return room.isIndexFull();
    }

    @Override
    public void failed(Throwable cause) {
        failed.accept(cause);
    }

    @Override
    public void removed(Pg pg) {
        groups.remove(pg.id(), pg);
        touched.run();
        ArrayDeque<Runnable> queue = waitingForRemoval.remove(pg.id());
        if (queue != null) {
            queue.forEach(Runnable::run);
        }
    }

    @Override
    public OsdMap map() {
        return maps().newest();
    }
}
