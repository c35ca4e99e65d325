package io.sepiola.monitor;

import io.sepiola.base.Bytes;
import io.sepiola.messenger.CephxMonitorAuth;
import io.sepiola.messenger.Identity;
import io.sepiola.monitor.command.CommandTable;
import io.sepiola.monitor.command.Errno;
import io.sepiola.monitor.command.MonStatus;
import io.sepiola.monitor.command.PoolChange;
import io.sepiola.monitor.command.Refused;
import io.sepiola.monitor.command.Reply;
import io.sepiola.monitor.health.PgDigest;
import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.state.MonitorState;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.caps.MonCaps;
import io.sepiola.protocol.map.MonMap;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.message.LogEntry;
import io.sepiola.protocol.message.MAuth;
import io.sepiola.protocol.message.MAuthReply;
import io.sepiola.protocol.message.MCommand;
import io.sepiola.protocol.message.MCommandReply;
import io.sepiola.protocol.message.MGetPoolStats;
import io.sepiola.protocol.message.MGetPoolStatsReply;
import io.sepiola.protocol.message.MLog;
import io.sepiola.protocol.message.MLogAck;
import io.sepiola.protocol.message.MMgrBeacon;
import io.sepiola.protocol.message.MMgrDigest;
import io.sepiola.protocol.message.MMonCommand;
import io.sepiola.protocol.message.MMonCommandAck;
import io.sepiola.protocol.message.MMonGetMap;
import io.sepiola.protocol.message.MMonGetVersion;
import io.sepiola.protocol.message.MMonGetVersionReply;
import io.sepiola.protocol.message.MMonMap;
import io.sepiola.protocol.message.MMonMgrReport;
import io.sepiola.protocol.message.MMonSubscribe;
import io.sepiola.protocol.message.MOSDAlive;
import io.sepiola.protocol.message.MOSDBeacon;
import io.sepiola.protocol.message.MOSDBoot;
import io.sepiola.protocol.message.MOSDFailure;
import io.sepiola.protocol.message.MOSDFull;
import io.sepiola.protocol.message.MOSDMarkMeDown;
import io.sepiola.protocol.message.MOSDPGCreated;
import io.sepiola.protocol.message.MOSDPGReadyToMerge;
import io.sepiola.protocol.message.MOSDPGTemp;
import io.sepiola.protocol.message.MPing;
import io.sepiola.protocol.message.MPoolOp;
import io.sepiola.protocol.message.MPoolOpReply;
import io.sepiola.protocol.message.MStatfs;
import io.sepiola.protocol.message.MStatfsReply;
import io.sepiola.protocol.osd.PoolStat;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;

/** Answers what sessions send. Owned by the monitor's shard. */
final class Requests {
    private static final Logger LOG = LoggerFactory.getLogger(Requests.class);
    private static final Duration DIGEST_PERIOD = Duration.ofSeconds(5);
    private static final int LOG_ENTRIES_MAX = 1000; // of one message
    private static final int PROTOCOL_CEPHX = 2;

    private final Monitor monitor;
    private Instant digestSent = Instant.EPOCH;

    Requests(Monitor monitor) {
        this.monitor = monitor;
    }

    private MonitorState state() {
        return monitor.state();
    }

    private Instant now() {
        return monitor.clock().now();
    }

    void handle(Session session, Message message) {
        switch (message) {
            case MMonGetMap _ -> session.send(new MMonMap(MonMap.CODEC.toBytes(state().monMap())));
            case MMonSubscribe m -> subscribe(session, m);
            case MMonGetVersion m -> version(session, m);
            case MAuth m -> session.send(auth(monitor.auth(), session.identity, m));
            case MMonCommand m -> command(session, m);
            case MCommand m -> tell(session, m);
            case MPing _ -> session.send(new MPing(monitor.pingText()));
            case MStatfs m -> statfs(session, m);
            case MGetPoolStats m -> poolStats(session, m);
            case MPoolOp m -> poolOp(session, m);
            case MLog m -> log(session, m);
            default -> daemon(session, message);
        }
    }

    private void daemon(Session session, Message message) {
        MonCaps caps = session.caps(monitor.keys());
        if (session.osd() >= 0 && caps.allows("osd", "rwx")) {
            osd(session, session.osd(), message);
        } else if (session.type() == EntityType.MGR && caps.allows("mgr", "rwx")) {
            mgr(session, message);
        } else {
            LOG.warn("{} may not send {}", session, message.getClass().getSimpleName());
        }
    }

    private void osd(Session session, int osd, Message message) {
        switch (message) {
            case MOSDBoot m -> boot(session, osd, m);
            case MOSDFailure m -> {
                monitor.osds().failure(osd, m, now());
                mapsLater(session, m.epoch());
            }
            case MOSDMarkMeDown m -> {
                monitor.osds().markMeDown(osd, m, now());
                if (m.wantAnswer()) {
                    session.osdMapSent = -1; // it goes; maps would only keep it busy
                    monitor.committer()
                            .whenCommitted(() ->
                                    session.send(
                                            new MOSDMarkMeDown(
                                                    m.version(),
                                                    m.fsid(),
                                                    m.osd(),
                                                    m.addrs(),
                                                    m.epoch(),
                                                    false,
                                                    m.downAndDead())));
                }
            }
            case MOSDAlive m -> {
                monitor.osds().alive(osd, m);
                mapsLater(session, (int) m.version());
            }
            case MOSDFull m -> {
                monitor.osds().full(osd, m, now());
                mapsLater(session, m.epoch());
            }
            case MOSDPGTemp m -> {
                monitor.osds().pgTemp(osd, m);
                mapsLater(session, m.epoch());
            }
            case MOSDBeacon m -> monitor.osds().beacon(osd, m, now());
            case MOSDPGCreated m -> monitor.osds().created(m);
            case MOSDPGReadyToMerge m -> PgMerges.ready(monitor.committer().draft(), m);
            default -> LOG.debug("{} sent {}", session, message.getClass().getSimpleName());
        }
    }

    private void boot(Session session, int osd, MOSDBoot m) {
        boolean accepted = monitor.osds().boot(osd, session.addrs(), m, now());
        if (!accepted) {
            return;
        }
        monitor.committer()
                .whenCommitted(() -> {
                    int known = m.superblock().currentEpoch();
                    session.sendMaps(state().osdMaps(), Math.max(known + 1, 1));
                    session.osdMapSent = monitor.osdMap().epoch();
                });
    }

    /** After the commit: the maps after {@code known}, unless it has been sent them meanwhile. */
    private void mapsLater(Session session, int known) {
        monitor.committer()
                .whenCommitted(() -> {
                    int sent = Math.max(known, session.osdMapSent);
                    if (sent < monitor.osdMap().epoch()) {
                        session.sendMaps(state().osdMaps(), Math.max(sent + 1, 1));
                    }
                });
    }

    private void mgr(Session session, Message message) {
        switch (message) {
            case MMgrBeacon m -> monitor.mgrs().beacon(m, now());
            case MMonMgrReport m -> {
                monitor.mgrs().report(m);
                monitor.serviceMap(m.serviceMap());
            }
            default -> LOG.debug("{} sent {}", session, message.getClass().getSimpleName());
        }
    }

    private void subscribe(Session session, MMonSubscribe m) {
        monitor.subscriptions().wish(session, m);
        if (m.what().containsKey("mgrdigest")) {
            session.send(digest());
        }
    }

    /** From time to time: what managers wish to hear regularly. */
    void tick(Instant now) {
        if (now.isBefore(digestSent.plus(DIGEST_PERIOD))) {
            return;
        }
        digestSent = now;
        monitor.followers().tell(this::digest);
        monitor.sessions().stream()
                .filter(session -> session.wishes.containsKey("mgrdigest"))
                .forEach(session -> session.send(digest()));
    }

    /** The cluster's status and health, as managers wish to hear them. */
    MMgrDigest digest() {
        String status = JsonText.compact(MonStatus.json(state(), monitor.facts()));
        String health = JsonText.compact(monitor.facts().health(state()).json(true));
        return new MMgrDigest(Bytes.utf8(status), Bytes.utf8(health));
    }

    private void version(Session session, MMonGetVersion m) {
        long newest;
        long oldest = 1;
        switch (m.what()) {
            case "osdmap" -> {
                newest = monitor.osdMap().epoch();
                oldest = state().osdMaps().oldestEpoch();
            }
            case "monmap" -> newest = state().monMap().epoch();
            case "mgrmap" -> newest = state().mgrMap().epoch();
            case "fsmap", "mdsmap" -> newest = 1;
            default -> {
                LOG.debug("{} asks for the version of '{}'", session, m.what());
                newest = 0;
                oldest = 0;
            }
        }
        session.send(new MMonGetVersionReply(m.handle(), newest, oldest));
    }

    /** Answers for tickets and secrets; every monitor can. */
    static MAuthReply auth(CephxMonitorAuth auth, Identity who, MAuth m) {
        if (m.protocol() != PROTOCOL_CEPHX) {
            return new MAuthReply(
                    m.protocol(), Errno.EOPNOTSUPP, 0, Bytes.EMPTY, "only cephx is known");
        }
        CephxMonitorAuth.Answer answer = auth.answer(who, m.payload());
        return new MAuthReply(
                PROTOCOL_CEPHX, answer.result(), who.globalId(), answer.payload(), "");
    }

    private boolean isOurs(UUID fsid) {
        return fsid.equals(state().monMap().fsid());
    }

    private void command(Session session, MMonCommand m) {
        if (!isOurs(m.fsid())) {
            ack(session, m, new Reply(Errno.EPERM, "wrong fsid", Bytes.EMPTY));
            return;
        }
        CommandTable.Asked asked =
                new CommandTable.Asked(
                        m.command(), m.input(), session.name(), session.caps(monitor.keys()));
        CommandTable.Answer answer =
                CommandTable.STANDARD.run(asked, monitor.facts(), state(), monitor.draft());
        if (answer.awaitsCommit()) {
            monitor.committer().whenCommitted(() -> ack(session, m, answer.reply()));
        } else {
            ack(session, m, answer.reply());
        }
    }

    private void ack(Session session, MMonCommand m, Reply reply) {
        session.send(
                new MMonCommandAck(
                        m.tid(),
                        monitor.osdMap().epoch(),
                        reply.result(),
                        reply.text(),
                        m.command(),
                        reply.output()));
    }

    private void tell(Session session, MCommand m) {
        // Through the quorum each command has its own caps; one monitor is told by those who may
        // all.
        MonCaps caps = session.caps(monitor.keys());
        tell(session.name(), caps, m, session::send);
    }

    /** Answers whoever may all. */
    void tell(AuthName who, MonCaps caps, MCommand m, Consumer<MCommandReply> to) {
        CommandTable.Asked asked = new CommandTable.Asked(m.command(), m.input(), who, caps);
        CommandTable.Answer answer =
                caps.allows("mon", "rwx")
                        ? CommandTable.TELL.run(asked, monitor.facts(), state(), monitor.draft())
                        : CommandTable.DENIED;
        Runnable send = () -> to.accept(answer.reply().to(m));
        if (answer.awaitsCommit()) {
            monitor.committer().whenCommitted(send);
        } else {
            send.run();
        }
    }

    private boolean readsUsage(Session session) {
        return session.caps(monitor.keys()).allows("pg", "r");
    }

    private void statfs(Session session, MStatfs m) {
        if (!readsUsage(session) || !isOurs(m.fsid())) {
            return;
        }
        PgDigest digest = monitor.facts().digest();
        PgDigest.Storage storage = digest.storage();
        long objects = m.pool().map(digest::pool).orElse(digest.all()).objects();
        session.send(
                new MStatfsReply(
                        m.tid(),
                        m.fsid(),
                        monitor.osdMap().epoch(),
                        storage.total() >> 10,
                        storage.used() >> 10,
                        storage.avail() >> 10,
                        objects));
    }

    private void poolStats(Session session, MGetPoolStats m) {
        if (!readsUsage(session) || !isOurs(m.fsid())) {
            return;
        }
        OsdMap map = monitor.osdMap();
        Map<String, PoolStat> stats = new TreeMap<>();
        for (String name : m.pools()) {
            map.poolId(name)
                    .ifPresent(id -> {
                        PoolStat stat = monitor.mgrs().poolStats().get(id);
                        if (stat != null) {
                            stats.put(name, stat);
                        }
                    });
        }
        session.send(new MGetPoolStatsReply(m.tid(), map.epoch(), m.fsid(), stats, true));
    }

    private void poolOp(Session session, MPoolOp m) {
        int result = 0;
        try {
            if (!isOurs(m.fsid())) {
                throw new Refused(Errno.EPERM, "wrong fsid");
            }
            if (!session.caps(monitor.keys()).allows("osd", "w")) {
                throw new Refused(Errno.EPERM, "access denied");
            }
            PoolChange change = new PoolChange(monitor.draft(), monitor.facts());
            switch (m.op()) {
                case MPoolOp.CREATE -> create(change, m);
                case MPoolOp.DELETE -> change.delete(Integer.toUnsignedLong(m.pool()));
                default -> throw new Refused(Errno.EOPNOTSUPP, "snapshots are not supported yet");
            }
        } catch (Refused refused) {
            LOG.info("{}: pool operation {} refused: {}", session, m.op(), refused.sentence());
            result = refused.result();
        }
        int answered = result;
        monitor.committer()
                .whenCommitted(() ->
                        session.send(
                                new MPoolOpReply(
                                        m.tid(),
                                        monitor.osdMap().epoch(),
                                        m.fsid(),
                                        answered,
                                        monitor.osdMap().epoch(),
                                        Optional.empty())));
    }

    private static void create(PoolChange change, MPoolOp m) {
        OptionalLong existing = change.find(m.name());
        if (existing.isPresent()) {
            throw new Refused(Errno.EEXIST, "pool '" + m.name() + "' already exists");
        }
        change.create(m.name(), m.crushRule());
    }

    private void log(Session session, MLog m) {
        if (!isOurs(m.fsid())
                || m.entries().isEmpty()
                || m.entries().size() > LOG_ENTRIES_MAX
                || !session.caps(monitor.keys()).allows("log", "w")) {
            return;
        }
        List<LogEntry> own =
                m.entries().stream().filter(entry -> entry.name().equals(session.name())).toList();
        if (!own.isEmpty()) {
            monitor.draft().propose(new Change.Logged(own));
        }
        LogEntry last = m.entries().getLast();
        monitor.committer()
                .whenCommitted(
                        () -> session.send(new MLogAck(m.fsid(), last.sequence(), last.channel())));
    }
}
