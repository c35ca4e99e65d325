package io.sepiola.quorum;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.monitor.Peers;
import io.sepiola.monitor.Quorum;
import io.sepiola.monitor.QuorumLibrary;
import io.sepiola.monitor.ReplicatedLog;
import io.sepiola.protocol.map.MonMap;

import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * One member. The monitor's shard calls and is told; the library's threads speak to the shard only
 * through its mailbox. A leader that cannot append, for whatever reason, gives up its leadership.
 *
 * <p>A member without a log first finds out whether the others have one ({@link Formation}); while
 * it waits to be let in it tells all of them so, and whoever leads takes it up ({@link LedLog}).
 */
final class RatisQuorum implements Quorum {
    private static final Logger LOG = LoggerFactory.getLogger(RatisQuorum.class);

    /** A leader unheard of for so long is replaced; it gives up by itself within as much. */
    private static final Duration ELECTION_MIN = Duration.ofMillis(2_000);

    private static final Duration ELECTION_MAX = Duration.ofMillis(3_000);

    /** Who begins a log alone need not wait for the voice of another. */
    private static final Duration ALONE_MIN = Duration.ofMillis(50);

    private static final Duration ALONE_MAX = Duration.ofMillis(100);

    /** Nobody who heard of a leader votes for another within {@link #ELECTION_MIN}. */
    static final Duration LEASE = ELECTION_MIN.multipliedBy(9).dividedBy(10);

    private static final Duration INTRODUCTION_PERIOD = Duration.ofMillis(500);

    /** Who has not asked to be let in for so long does not wait any more. */
    private static final Duration WAITING_MAX = INTRODUCTION_PERIOD.multipliedBy(6);

    /** Who is to go, and hears no leader for so long, is needed no more. */
    private static final Duration RETIRING_SILENCE = Duration.ofSeconds(5);

    private static final Duration RETIRING_CHECK = Duration.ofSeconds(1);

    /** Ours, beside the kinds of the library's questions. */
    private static final int INTRODUCE = 16;

    private static final int RECORD_BYTES_MAX = 8 << 20;
    private static final int SNAPSHOT_ENTRIES = 2_000;

    private record Waiting(String id, long sinceNanos) {}

    private final QuorumLibrary.Place place;
    private final RaftGroupId groupId;
    private final ExecutorService worker =
            Executors.newSingleThreadExecutor(
                    task -> Thread.ofPlatform().daemon().name("quorum-member").unstarted(task));
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicLong ids = new AtomicLong(); // of requests, over all leaderships
    private final RecordMachine machine;
    private volatile @Nullable RaftServer serverOrNull;
    private Peers.@Nullable Service libraryOrNull; // the shard's, like all below
    private @Nullable MemberFile fileOrNull;
    private MonMap map;
    private final Map<String, Waiting> waiting = new TreeMap<>();
    private @Nullable Listener listenerOrNull;
    private @Nullable LedLog ledOrNull;
    private @Nullable Runnable leftOrNull;
    private boolean closed;

    RatisQuorum(QuorumLibrary.Place place) {
        this.place = place;
        this.map = place.map();
        this.groupId = RaftGroupId.valueOf(map.fsid());
        this.machine = new RecordMachine(place.summary(), new FromLibrary());
    }

    @Override
    public void join(Listener listener) {
        listenerOrNull = listener;
        place.peers().serve(this::asked);
        worker(() -> {
            Files.createDirectories(place.directory());
            MemberFile file = fileOfBefore().orElse(null);
            MemberFile found =
                    file != null
                            ? file
                            : new MemberFile(PeerId.fresh(place.name()), List.of(), false);
            if (found.isDecided()) {
                begin(found);
            }
            place.shard().execute(() -> open(found));
        });
    }

    private interface Work {
        void run() throws IOException;
    }

    private void worker(Work work) {
        worker.execute(() -> {
            try {
                work.run();
            } catch (IOException | RuntimeException failure) {
                LOG.error("mon.{} cannot take part in the quorum", place.name(), failure);
                place.failed().accept(failure);
            }
        });
    }

    private Path logDirectory() {
        return place.directory().resolve(place.map().fsid().toString());
    }

    /** Who this member was at its last start, if there is anything left of it. */
    private Optional<MemberFile> fileOfBefore() throws IOException {
        Optional<MemberFile> file = MemberFile.load(place.directory());
        boolean older = file.isEmpty() && Files.isDirectory(logDirectory());
        return older // of before there were such files
                ? Optional.of(new MemberFile(place.name(), place.map().ranks(), false))
                : file;
    }

    private void open(MemberFile file) {
        fileOrNull = file;
        introduce();
    }

    /** Says to the others who this one is, until it takes part. */
    private void introduce() {
        MemberFile file = fileOrNull;
        if (closed || file == null || file.isDecided() && (!file.waits() || isMember())) {
            return;
        }
        Map<String, Introduction> heard = new TreeMap<>();
        Bytes self = Introduction.CODEC.toBytes(introduction(file));
        for (String name : map.ranks()) {
            if (!name.equals(place.name())) {
                place.peers()
                        .ask(name, INTRODUCE, self)
                        .thenAccept(answer ->
                                place.shard().execute(() -> introduced(name, answer, heard)));
            }
        }
        settle(heard);
        place.shard().timers().after(INTRODUCTION_PERIOD, this::introduce);
    }

    private Introduction introduction(MemberFile file) {
        return Introduction.of(file, isMember(), map.ranks());
    }

    private void introduced(String name, Bytes answer, Map<String, Introduction> heard) {
        try {
            heard.put(name, Introduction.CODEC.fromBytes(answer));
        } catch (Malformed bad) {
            LOG.warn("mon.{} introduced itself unreadably", name, bad);
        }
        settle(heard);
    }

    private void settle(Map<String, Introduction> heard) {
        MemberFile file = fileOrNull;
        if (closed || file == null || file.isDecided()) {
            return;
        }
        Formation.decide(file, map.ranks(), heard)
                .ifPresent(decided -> {
                    LOG.info(
                            decided.waits()
                                    ? "{} waits to be let in"
                                    : "{} begins a new log with {}",
                            decided.id(),
                            decided.initial());
                    fileOrNull = decided;
                    worker(() -> {
                        decided.save(place.directory());
                        begin(decided);
                    });
                });
    }

    /** Others ask. Called on the shard. */
    private void asked(int kind, Bytes question, Consumer<Bytes> answer) {
        Peers.Service library = libraryOrNull;
        MemberFile file = fileOrNull;
        if (closed) {
            answer.accept(Bytes.EMPTY);
        } else if (kind == INTRODUCE && file != null) {
            answer.accept(
                    takeUp(question)
                            ? Introduction.CODEC.toBytes(introduction(file))
                            : Bytes.EMPTY);
        } else if (kind != INTRODUCE && library != null) {
            library.asked(kind, question, answer);
        } else {
            answer.accept(Bytes.EMPTY);
        }
    }

    private boolean takeUp(Bytes question) {
        try {
            Introduction other = Introduction.CODEC.fromBytes(question);
            if (other.place() == Introduction.Place.WAITS) {
                long now = place.shard().clock().nanos();
                waiting.put(PeerId.name(other.id()), new Waiting(other.id(), now));
            }
            return true;
        } catch (Malformed bad) {
            LOG.warn("a monitor introduced itself unreadably", bad);
            return false;
        }
    }

    /** The ids of those who wait to be let in, by name. */
    Map<String, String> waiting() {
        long now = place.shard().clock().nanos();
        waiting.values().removeIf(one -> now - one.sinceNanos > WAITING_MAX.toNanos());
        Map<String, String> ids = new TreeMap<>();
        waiting.forEach((name, one) -> ids.put(name, one.id));
        return ids;
    }

    private void begin(MemberFile file) throws IOException {
        List<RaftPeer> peers = new ArrayList<>();
        for (String id : file.initial()) {
            peers.add(peer(id, place.map()));
        }
        Parameters parameters = new Parameters();
        parameters.put(PeerRpcType.PEERS, new ById(), Peers.class);
        boolean exists = Files.isDirectory(logDirectory());
        RaftServer server =
                RaftServer.newBuilder()
                        .setServerId(RaftPeerId.valueOf(file.id()))
                        .setGroup(RaftGroup.valueOf(groupId, peers))
                        .setStateMachine(machine)
                        .setProperties(properties(!exists && peers.size() == 1))
                        .setParameters(parameters)
                        .setOption(
                                exists
                                        ? RaftStorage.StartupOption.RECOVER
                                        : RaftStorage.StartupOption.FORMAT)
                        .build();
        serverOrNull = server;
        server.start();
    }

    /** A member as the library wants it described; it never dials the address itself. */
    static RaftPeer peer(String id, MonMap map) {
        MonMap.MonInfo info = map.monitors().get(PeerId.name(id));
        return RaftPeer.newBuilder()
                .setId(id)
                .setAddress(info == null ? "" : info.addrs().toString())
                .build();
    }

    /** The other members by the library's ids. */
    private final class ById implements Peers {
        @Override
        public CompletableFuture<Bytes> ask(String member, int kind, Bytes question) {
            return place.peers().ask(PeerId.name(member), kind, question);
        }

        @Override
        public void serve(Service service) {
            place.shard().execute(() -> libraryOrNull = service);
        }
    }

    private boolean isMember() {
        RaftServer server = serverOrNull;
        MemberFile file = fileOrNull;
        try {
            return server != null
                    && file != null
                    && server.getDivision(groupId)
                                    .getRaftConf()
                                    .getPeer(RaftPeerId.valueOf(file.id()))
                            != null;
        } catch (IOException notYet) {
            return false;
        }
    }

    private RaftProperties properties(boolean beginsAlone) {
        RaftProperties properties = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(properties, List.of(place.directory().toFile()));
        RaftConfigKeys.Rpc.setType(properties, PeerRpcType.INSTANCE);
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, span(ELECTION_MIN));
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, span(ELECTION_MAX));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(
                properties, span(beginsAlone ? ALONE_MIN : ELECTION_MIN));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(
                properties, span(beginsAlone ? ALONE_MAX : ELECTION_MAX));
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, SNAPSHOT_ENTRIES);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, 2);
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(
                properties, SizeInBytes.valueOf(RECORD_BYTES_MAX));
        RaftServerConfigKeys.Log.setWriteBufferSize(
                properties, SizeInBytes.valueOf(RECORD_BYTES_MAX + 64));
        return properties;
    }

    private static TimeDuration span(Duration duration) {
        return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void follow(MonMap agreed) {
        map = agreed;
        LedLog led = ledOrNull;
        if (led != null) {
            led.follow(agreed);
        }
    }

    @Override
    public void retire(Runnable left) {
        boolean retiring = leftOrNull != null;
        leftOrNull = left;
        if (!retiring) {
            retireLater();
        }
    }

    private void retireLater() {
        place.shard()
                .timers()
                .after(
                        RETIRING_CHECK,
                        () -> {
                            RaftServer server = serverOrNull;
                            Runnable left = leftOrNull;
                            boolean needed =
                                    server != null
                                            && ((PeerRpc) server.getServerRpc()).ledSilenceNanos()
                                                    < RETIRING_SILENCE.toNanos();
                            if (closed || left == null) {
                                return;
                            }
                            if (needed || ledOrNull != null) {
                                retireLater();
                            } else {
                                close();
                                left.run();
                            }
                        });
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        listenerOrNull = null;
        LedLog led = ledOrNull;
        if (led != null) {
            led.close();
        }
        libraryOrNull = null; // from now on it answers nobody
        worker.execute(() -> {
            RaftServer server = serverOrNull;
            try {
                if (server != null) {
                    server.close();
                }
            } catch (IOException late) {
                LOG.warn("closing the quorum's log", late);
            } finally {
                ended.complete(null);
            }
        });
        worker.shutdown();
    }

    @Override
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    /** What the library tells, handed to the shard. */
    private final class FromLibrary implements RecordMachine.Listener {
        @Override
        public void agreed(long id, long version) {
            place.shard()
                    .execute(() -> {
                        LedLog led = ledOrNull;
                        if (led != null) {
                            led.agreed(id, version);
                        }
                    });
        }

        @Override
        public void leads() {
            RaftServer server = serverOrNull;
            if (server == null) {
                return;
            }
            try {
                RaftServer.Division division = server.getDivision(groupId);
                long term = division.getInfo().getCurrentTerm();
                ReplicatedLog.Recovered found = machine.recovered();
                place.shard().execute(() -> lead(server, division, term, found));
            } catch (IOException gone) {
                LOG.warn("mon.{} leads no more", place.name(), gone);
            }
        }

        @Override
        public void follows() {
            place.shard().execute(RatisQuorum.this::unlead);
        }
    }

    private void lead(
            RaftServer server,
            RaftServer.Division division,
            long term,
            ReplicatedLog.Recovered found) {
        unlead();
        Listener listener = listenerOrNull;
        if (listener != null) {
            LOG.info("mon.{} leads, in term {}", place.name(), term);
            LedLog led = new LedLog(this, place, worker, ids, server, division, term, found);
            ledOrNull = led;
            listener.leads(led);
        }
    }

    /** Leads no more, whatever the library knows of that. */
    void unlead() {
        LedLog led = ledOrNull;
        Listener listener = listenerOrNull;
        ledOrNull = null;
        if (led != null && listener != null) {
            LOG.info("mon.{} leads no more", place.name());
            led.close();
            listener.follows();
        }
    }
}
