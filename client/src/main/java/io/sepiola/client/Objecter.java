package io.sepiola.client;

import io.sepiola.base.Bytes;
import io.sepiola.base.Mark;
import io.sepiola.base.Shard;
import io.sepiola.messenger.CephxClient;
import io.sepiola.messenger.Connection;
import io.sepiola.messenger.Messenger;
import io.sepiola.messenger.Policy;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapFlags;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.UpActing;
import io.sepiola.protocol.message.MOSDBackoff;
import io.sepiola.protocol.message.MOSDMap;
import io.sepiola.protocol.message.MOSDOpReply;
import io.sepiola.protocol.message.MPing;
import io.sepiola.protocol.osd.HObject;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * Brings operations to the primaries of their placement groups, again and again until one answers:
 * after a new map, a broken connection, or a refusal for the time being. Operations on one object
 * go out in the order of their submission, on every attempt. Owned by its shard.
 *
 * <p>An operation is in one of three places: in {@link #queue} while too much is in flight; in
 * {@link #homeless} while no OSD serves it, or the map holds it back; or in a session.
 */
final class Objecter {
    private static final Logger LOG = LoggerFactory.getLogger(Objecter.class);
    private static final int EAGAIN = -11;
    private static final Duration TICK = Duration.ofSeconds(5);
    private static final Duration PAUSE_MIN = Duration.ofMillis(50);
    private static final int DOUBLINGS_MAX = 6;
    private static final int FULL = 1 << 1; // of the whole cluster; from old releases

    private final Shard shard;
    private final Messenger messenger;
    private final MonClient monitors;
    private final CephxClient cephx;
    private final RandomGenerator random;
    private final RadosOptions.Limits limits;
    private final MapKeeper maps = new MapKeeper();
    private final Map<PgId, UpActing> mapped = new HashMap<>(); // of the newest map
    private final TreeMap<Integer, OsdSession> sessions = new TreeMap<>();
    private final TreeMap<Long, Operation> homeless = new TreeMap<>();
    private final ArrayDeque<Operation> queue = new ArrayDeque<>();
    private final TreeMap<Integer, List<CompletableFuture<OsdMap>>> waiters = new TreeMap<>();
    private long lastTid;
    private long inFlightBytes;
    private int inFlight;
    private boolean askingNewest;
    private boolean closed;
    private volatile int epoch;

    Objecter(
            Shard shard,
            Messenger messenger,
            MonClient monitors,
            CephxClient cephx,
            RandomGenerator random,
            RadosOptions.Limits limits) {
        this.shard = shard;
        this.messenger = messenger;
        this.monitors = monitors;
        this.cephx = cephx;
        this.random = random;
        this.limits = limits;
    }

    /** Asks for the first map. */
    void start() {
        shard.own();
        monitors.subscribe("osdmap", 0, true);
        tickLater();
    }

    /** The newest map at hand; null before the first. */
    @Nullable OsdMap mapOrNull() {
        return maps.mapOrNull();
    }

    /** Of the newest map, for any thread: it is only a hint then. */
    int epoch() {
        return epoch;
    }

    /** Completes when a map of this epoch, or a newer one, is at hand. */
    CompletableFuture<OsdMap> map(int epoch) {
        shard.own();
        CompletableFuture<OsdMap> future = new CompletableFuture<>();
        OsdMap map = maps.mapOrNull();
        if (closed) {
            future.completeExceptionally(shutDown());
        } else if (map != null && Integer.compareUnsigned(map.epoch(), epoch) >= 0) {
            future.complete(map);
        } else {
            waiters.computeIfAbsent(epoch, key -> new ArrayList<>()).add(future);
            wantNextMap();
        }
        return future;
    }

    /** Completes with the newest map that the monitors have now. */
    CompletableFuture<OsdMap> newestMap() {
        return monitors.version("osdmap").thenCompose(versions -> map((int) versions.newest()));
    }

    /** Submits an operation; the answer may be an error of the OSD, the failure never is. */
    CompletableFuture<MOSDOpReply> submit(Operation.Request request) {
        shard.own();
        CompletableFuture<MOSDOpReply> answer = new CompletableFuture<>();
        if (closed) {
            answer.completeExceptionally(shutDown());
            return answer;
        }
        Operation operation = new Operation(++lastTid, request, answer);
        if (queue.isEmpty() && fits(request)) {
            begin(operation);
        } else {
            queue.addLast(operation);
        }
        return answer;
    }

    /** Gives up: whatever is unanswered fails. */
    void close() {
        shard.own();
        closed = true;
        List<Operation> open = new ArrayList<>(homeless.values());
        sessions.values().forEach(session -> open.addAll(session.operations().values()));
        open.addAll(queue);
        sessions.values().forEach(Objecter::hangUp);
        sessions.clear();
        homeless.clear();
        queue.clear();
        open.forEach(operation -> operation.answer().completeExceptionally(shutDown()));
        waiters.values().forEach(all -> all.forEach(f -> f.completeExceptionally(shutDown())));
        waiters.clear();
    }

    private static RadosException shutDown() {
        return new RadosException(Errno.ESHUTDOWN, "the client was closed");
    }

    // What is in flight.

    private boolean fits(Operation.Request request) {
        return inFlight == 0
                || inFlight < limits.operations()
                        && inFlightBytes + request.bytes() <= limits.bytes();
    }

    private void begin(Operation operation) {
        inFlight++;
        inFlightBytes += operation.request().bytes();
        place(operation);
    }

    private void finish(Operation operation) {
        inFlight--;
        inFlightBytes -= operation.request().bytes();
        while (!queue.isEmpty() && fits(queue.getFirst().request())) {
            begin(queue.removeFirst());
        }
    }

    // Where operations go.

    private void place(Operation operation) {
        OsdMap map = maps.mapOrNull();
        if (map == null) {
            homeless.put(operation.tid(), operation);
            return;
        }
        Placement placement = placementOrNull(map, operation.request().aim());
        if (placement == null) {
            homeless.put(operation.tid(), operation);
            askWhetherPoolsExist();
            return;
        }
        operation.placed(placement);
        if (isHeldBack(map, operation.request()) || !isReachable(map, placement.primary())) {
            homeless.put(operation.tid(), operation);
            wantNextMap();
            return;
        }
        OsdSession session = session(map, placement.primary());
        session.operations().put(operation.tid(), operation);
        send(session, operation);
    }

    private @Nullable Placement placementOrNull(OsdMap map, Aim aim) {
        PgPool pool = map.pools().get(aim.pool());
        if (pool == null) {
            return null;
        }
        int hash =
                switch (aim) {
                    case Aim.ForListing listing -> listing.cursor().hash();
                    case Aim.ForObject object ->
                            map.rawPg(object.locator(), object.object()).seed();
                };
        PgId pg = new PgId(aim.pool(), pool.pgSeed(hash));
        UpActing osds = mapped.computeIfAbsent(pg, map::map);
        int shardId = pool.isErasure() ? osds.actingIndex(osds.actingPrimary()) : SpgId.NO_SHARD;
        return new Placement(map.epoch(), new SpgId(pg, shardId), hash, pool.pgNum(), osds);
    }

    private static boolean isHeldBack(OsdMap map, Operation.Request request) {
        if (request.isRead() && map.hasFlag(OsdMapFlags.PAUSERD)) {
            return true;
        }
        boolean full =
                map.hasFlag(FULL)
                        || map.pool(request.aim().pool())
                                .filter(pool -> pool.hasFlag(PgPool.FLAG_FULL))
                                .isPresent();
        return request.isWrite()
                && (map.hasFlag(OsdMapFlags.PAUSEWR) || full && request.respectsFull());
    }

    private static boolean isReachable(OsdMap map, int osd) {
        return osd >= 0 && map.isUp(osd) && map.addrs(osd).msgr2().isPresent();
    }

    private OsdSession session(OsdMap map, int osd) {
        EntityAddrVec addrs = map.addrs(osd);
        OsdSession session = sessions.get(osd);
        if (session == null) {
            session = new OsdSession(osd, addrs);
            sessions.put(osd, session);
            dial(session);
        }
        return session;
    }

    private void dial(OsdSession session) {
        Connection connection = messenger.connect(EntityType.OSD, session.addrs(), Policy.LOSSY);
        connection.attach(session);
        session.connected(connection);
    }

    private static void hangUp(OsdSession session) {
        Connection connection = session.connectionOrNull();
        session.broken();
        if (connection != null) {
            connection.close();
        }
    }

    private void send(OsdSession session, Operation operation) {
        Connection connection = session.connectionOrNull();
        if (connection == null) {
            return; // goes out when the pause ends
        }
        HObject object = object(operation);
        Placement placement = operation.placementOrNull();
        if (placement != null && session.isBlocked(placement.pg().pg(), object)) {
            Mark.hit("operation held back by a backoff");
            return;
        }
        connection.send(operation.nextAttempt());
    }

    /** As the OSD's backoffs name it. */
    private static HObject object(Operation operation) {
        Aim aim = operation.request().aim();
        Placement placement = operation.placementOrNull();
        int hash = placement == null ? 0 : placement.hash();
        return switch (aim) {
            case Aim.ForListing listing -> listing.cursor();
            case Aim.ForObject object ->
                    new HObject(
                            object.locator().namespace(),
                            object.object(),
                            object.locator().key(),
                            HObject.HEAD,
                            hash,
                            object.pool(),
                            false);
        };
    }

    // Maps.

    /** A map came, from a monitor or an OSD. */
    void received(MOSDMap message) {
        shard.own();
        if (closed) {
            return;
        }
        TreeMap<Long, Operation> moved = new TreeMap<>();
        MapKeeper.Learned learned =
                maps.learn(message, (map, skipped) -> takeMoved(map, skipped, moved));
        epoch = maps.epoch();
        monitors.received("osdmap", Integer.toUnsignedLong(maps.epoch()));
        if (learned == MapKeeper.Learned.BROKEN) {
            monitors.subscribe("osdmap", 0, true);
        } else if (learned != MapKeeper.Learned.NOTHING) {
            moved.putAll(homeless);
            homeless.clear();
        }
        moved.values().forEach(this::place); // before waiters, who look for the homeless
        if (learned != MapKeeper.Learned.BROKEN && learned != MapKeeper.Learned.NOTHING) {
            tellWaiters();
        }
        boolean wanting = !homeless.isEmpty() || !waiters.isEmpty();
        if (learned == MapKeeper.Learned.GAP || wanting && learned != MapKeeper.Learned.BROKEN) {
            wantNextMap();
        }
    }

    /**
     * What one map, be it the newest or one before it, takes away from its OSD: members who left
     * and came back within one message have dropped what was sent to them, although the newest map
     * is like the one before.
     */
    private void takeMoved(OsdMap map, boolean skipped, Map<Long, Operation> moved) {
        mapped.clear();
        for (OsdSession session : List.copyOf(sessions.values())) {
            boolean gone =
                    !isReachable(map, session.osd())
                            || !map.addrs(session.osd()).equals(session.addrs());
            if (gone) {
                Mark.hit("session ended by a map");
                sessions.remove(session.osd());
                hangUp(session);
            }
            if (gone || skipped) {
                moved.putAll(session.operations());
                session.operations().clear();
            } else {
                takeMoved(map, session, moved);
            }
        }
    }

    private void takeMoved(OsdMap map, OsdSession session, Map<Long, Operation> moved) {
        session.operations()
                .values()
                .removeIf(operation -> {
                    boolean moves = mustMove(map, operation);
                    if (moves) {
                        moved.put(operation.tid(), operation);
                    }
                    return moves;
                });
    }

    private boolean mustMove(OsdMap map, Operation operation) {
        Placement before = operation.placementOrNull();
        Placement now = placementOrNull(map, operation.request().aim());
        if (before == null || now == null || now.differs(before)) {
            return true;
        }
        if (isHeldBack(map, operation.request())) {
            return true;
        }
        PgPool pool = map.pools().get(operation.request().aim().pool());
        return pool != null && Integer.compareUnsigned(pool.forcedResend(), before.epoch()) > 0;
    }

    private void tellWaiters() {
        OsdMap map = maps.mapOrNull();
        while (map != null && !waiters.isEmpty()) {
            Map.Entry<Integer, List<CompletableFuture<OsdMap>>> first = waiters.firstEntry();
            if (Integer.compareUnsigned(first.getKey(), map.epoch()) > 0) {
                return;
            }
            waiters.pollFirstEntry();
            first.getValue().forEach(future -> future.complete(map));
        }
    }

    private void wantNextMap() {
        long next = maps.mapOrNull() == null ? 0 : Integer.toUnsignedLong(maps.epoch()) + 1;
        monitors.subscribe("osdmap", next, true);
    }

    /** An operation's pool may be newer than our map, or deleted: the newest map decides. */
    private void askWhetherPoolsExist() {
        if (askingNewest) {
            return;
        }
        askingNewest = true;
        newestMap()
                .whenComplete((map, failure) -> {
                    askingNewest = false;
                    if (map != null && !closed) {
                        failPoolless(map);
                    }
                });
    }

    private void failPoolless(OsdMap map) {
        List<Operation> lost = new ArrayList<>();
        homeless.values()
                .removeIf(operation -> {
                    long pool = operation.request().aim().pool();
                    boolean missing = !map.pools().containsKey(pool);
                    if (missing) {
                        lost.add(operation);
                    }
                    return missing;
                });
        for (Operation operation : lost) {
            Mark.hit("operation failed because its pool is gone");
            finish(operation);
            operation
                    .answer()
                    .completeExceptionally(
                            new RadosException(
                                    Errno.ENOENT,
                                    "there is no pool " + operation.request().aim().pool()));
        }
    }

    // What OSDs say.

    /** An OSD's message, except for maps; what is none of ours is passed over. */
    void received(Connection connection, Message message) {
        shard.own();
        if (!(connection.attachmentOrNull() instanceof OsdSession session)
                || session.connectionOrNull() != connection) {
            return;
        }
        session.heard();
        switch (message) {
            case MOSDOpReply reply -> replied(session, reply);
            case MOSDBackoff backoff -> backoff(session, connection, backoff);
            default -> {}
        }
    }

    private void replied(OsdSession session, MOSDOpReply reply) {
        Operation inSession = session.operations().get(reply.tid());
        Operation operation = inSession != null ? inSession : heldBackOrNull(session, reply.tid());
        if (operation == null || !operation.isLastAttempt(reply.attempt())) {
            Mark.hit("answer to an earlier attempt ignored");
            return;
        }
        session.operations().remove(reply.tid());
        homeless.remove(reply.tid());
        if (reply.result() == EAGAIN) {
            Mark.hit("operation refused for the time being");
            homeless.put(operation.tid(), operation);
            shard.timers().after(PAUSE_MIN, () -> placeAgain(operation));
            return;
        }
        finish(operation);
        operation.answer().complete(reply);
    }

    /** What the OSD may have done before it heard what holds such operations back now. */
    private @Nullable Operation heldBackOrNull(OsdSession session, long tid) {
        OsdMap map = maps.mapOrNull();
        Operation operation = homeless.get(tid);
        if (map == null || operation == null || !isHeldBack(map, operation.request())) {
            return null;
        }
        Placement placement = operation.placementOrNull();
        return placement != null && placement.primary() == session.osd() ? operation : null;
    }

    private void placeAgain(Operation operation) {
        if (homeless.remove(operation.tid(), operation)) {
            place(operation);
        }
    }

    private void backoff(OsdSession session, Connection connection, MOSDBackoff backoff) {
        if (backoff.op() == MOSDBackoff.BLOCK) {
            session.block(backoff);
            connection.send(
                    new MOSDBackoff(
                            backoff.pg(),
                            backoff.epoch(),
                            MOSDBackoff.ACK_BLOCK,
                            backoff.id(),
                            backoff.begin(),
                            backoff.end()));
        } else if (backoff.op() == MOSDBackoff.UNBLOCK) {
            session.unblock(backoff);
            PgId pg = backoff.pg().pg();
            for (Operation operation : List.copyOf(session.operations().values())) {
                Placement placement = operation.placementOrNull();
                if (placement != null
                        && placement.pg().pg().equals(pg)
                        && OsdSession.covers(backoff, object(operation))) {
                    send(session, operation);
                }
            }
        }
    }

    /** A connection is gone. */
    void reset(Connection connection) {
        shard.own();
        if (!(connection.attachmentOrNull() instanceof OsdSession session)
                || session.connectionOrNull() != connection
                || closed) {
            return;
        }
        int failures = session.broken();
        if (sessions.get(session.osd()) != session) {
            return;
        }
        LOG.debug("connection to osd.{} broke, {} times in a row", session.osd(), failures + 1);
        wantNextMap();
        if (session.operations().isEmpty()) {
            sessions.remove(session.osd());
        } else if (failures == 0) {
            resume(session);
        } else {
            long max = PAUSE_MIN.toMillis() << Math.min(failures, DOUBLINGS_MAX);
            Duration pause = Duration.ofMillis(max / 2 + random.nextLong(max / 2 + 1));
            shard.timers().after(pause, () -> resume(session));
        }
    }

    /** Nobody listens where the map says that an OSD is. */
    void refused(Connection connection) {
        if (connection.attachmentOrNull() instanceof OsdSession) {
            connection.close();
            reset(connection);
        }
    }

    /** The OSD does not take our ticket, or we have none: another one is wanted. */
    void denied(Connection connection, String reason) {
        if (connection.attachmentOrNull() instanceof OsdSession session) {
            LOG.warn("osd.{} does not let us in: {}", session.osd(), reason);
            cephx.forget(EntityType.OSD);
            monitors.renewTickets();
        }
    }

    private void resume(OsdSession session) {
        if (sessions.get(session.osd()) != session || session.connectionOrNull() != null) {
            return;
        }
        Mark.hit("operations sent again after a break");
        dial(session);
        Collection<Operation> all = List.copyOf(session.operations().values());
        all.forEach(operation -> send(session, operation));
    }

    // The slow and the stuck.

    private void tickLater() {
        shard.timers()
                .after(
                        TICK,
                        () -> {
                            if (!closed) {
                                tick();
                                tickLater();
                            }
                        });
    }

    /** Whoever owes answers is asked for a sign of life, so that a dead connection shows. */
    private void tick() {
        boolean stuck = !homeless.isEmpty();
        for (OsdSession session : List.copyOf(sessions.values())) {
            Connection connection = session.connectionOrNull();
            if (session.operations().isEmpty()) {
                continue;
            }
            stuck = true;
            if (connection != null && !connection.isOpen()) {
                Mark.hit("operations found on a connection that was closed");
                reset(connection);
            } else if (connection != null) {
                connection.send(new MPing(Bytes.EMPTY));
            }
        }
        if (stuck) {
            wantNextMap();
        }
    }
}
