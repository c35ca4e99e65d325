package io.sepiola.quorum;

import io.sepiola.base.Bytes;
import io.sepiola.monitor.Peers;
import io.sepiola.monitor.Quorum;
import io.sepiola.monitor.QuorumLibrary;
import io.sepiola.monitor.ReplicatedLog;

import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.TransferLeadershipRequest;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * One member. The monitor's shard calls and is told; the library's threads speak to the shard only
 * through its mailbox. A leader that cannot append, for whatever reason, gives up its leadership.
 */
final class RatisQuorum implements Quorum {
    private static final Logger LOG = LoggerFactory.getLogger(RatisQuorum.class);

    /** A leader unheard of for so long is replaced; it gives up by itself within as much. */
    private static final Duration ELECTION_MIN = Duration.ofMillis(2_000);

    private static final Duration ELECTION_MAX = Duration.ofMillis(3_000);

    /** Nobody who heard of a leader votes for another within {@link #ELECTION_MIN}. */
    private static final Duration LEASE = ELECTION_MIN.multipliedBy(9).dividedBy(10);

    private static final Duration PRESENT_MAX = Duration.ofSeconds(5);
    private static final int RECORD_BYTES_MAX = 8 << 20;
    private static final int SNAPSHOT_ENTRIES = 2_000;
    private static final long RESIGN_MILLIS = 3_000;

    private final QuorumLibrary.Place place;
    private final RaftGroupId groupId;
    private final ClientId clientId = ClientId.randomId();
    private final ExecutorService worker =
            Executors.newSingleThreadExecutor(
                    task -> Thread.ofPlatform().daemon().name("quorum-member").unstarted(task));
    private final RecordMachine machine;
    private volatile @Nullable RaftServer serverOrNull;

    // The shard's.
    private @Nullable Listener listenerOrNull;
    private @Nullable Led ledOrNull;
    private long lastId;

    RatisQuorum(QuorumLibrary.Place place) {
        this.place = place;
        this.groupId = RaftGroupId.valueOf(place.map().fsid());
        this.machine = new RecordMachine(place.summary(), new FromLibrary());
    }

    @Override
    public void join(Listener listener) {
        listenerOrNull = listener;
        worker.execute(() -> {
            try {
                begin();
            } catch (IOException | RuntimeException failure) {
                LOG.error("mon.{} cannot take part in the quorum", place.name(), failure);
                place.failed().accept(failure);
            }
        });
    }

    private void begin() throws IOException {
        List<RaftPeer> peers = new ArrayList<>();
        place.map()
                .monitors()
                .forEach((name, info) ->
                        peers.add(
                                RaftPeer.newBuilder()
                                        .setId(name)
                                        .setAddress(info.addrs().toString())
                                        .build()));
        Files.createDirectories(place.directory());
        boolean known = Files.isDirectory(place.directory().resolve(place.map().fsid().toString()));
        Parameters parameters = new Parameters();
        parameters.put(PeerRpcType.PEERS, place.peers(), Peers.class);
        RaftServer server =
                RaftServer.newBuilder()
                        .setServerId(RaftPeerId.valueOf(place.name()))
                        .setGroup(RaftGroup.valueOf(groupId, peers))
                        .setStateMachine(machine)
                        .setProperties(properties())
                        .setParameters(parameters)
                        .setOption(
                                known
                                        ? RaftStorage.StartupOption.RECOVER
                                        : RaftStorage.StartupOption.FORMAT)
                        .build();
        serverOrNull = server;
        server.start();
    }

    private RaftProperties properties() {
        RaftProperties properties = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(properties, List.of(place.directory().toFile()));
        RaftConfigKeys.Rpc.setType(properties, PeerRpcType.INSTANCE);
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, span(ELECTION_MIN));
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, span(ELECTION_MAX));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, span(ELECTION_MIN));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, span(ELECTION_MAX));
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
    public void close() {
        listenerOrNull = null;
        Led led = ledOrNull;
        if (led != null) {
            led.close();
        }
        worker.execute(() -> {
            RaftServer server = serverOrNull;
            if (server != null) {
                try {
                    server.close();
                } catch (IOException late) {
                    LOG.warn("closing the quorum's log", late);
                }
            }
        });
        worker.shutdown();
    }

    /** What the library tells, handed to the shard. */
    private final class FromLibrary implements RecordMachine.Listener {
        @Override
        public void agreed(long id, long version) {
            place.shard()
                    .execute(() -> {
                        Led led = ledOrNull;
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
                long term = server.getDivision(groupId).getInfo().getCurrentTerm();
                ReplicatedLog.Recovered found = machine.recovered();
                place.shard().execute(() -> lead(new Led(server, term, found)));
            } catch (IOException gone) {
                LOG.warn("mon.{} leads no more", place.name(), gone);
            }
        }

        @Override
        public void follows() {
            place.shard().execute(RatisQuorum.this::follow);
        }
    }

    private void lead(Led led) {
        follow();
        Listener listener = listenerOrNull;
        if (listener != null) {
            LOG.info("mon.{} leads, in term {}", place.name(), led.term);
            ledOrNull = led;
            listener.leads(led);
        }
    }

    private void follow() {
        Led led = ledOrNull;
        Listener listener = listenerOrNull;
        ledOrNull = null;
        if (led != null && listener != null) {
            LOG.info("mon.{} leads no more", place.name());
            led.close();
            listener.follows();
        }
    }

    /** The log in the hands of a leader. */
    private final class Led implements ReplicatedLog {
        private final RaftServer server;
        private final long term;
        private final Recovered found;
        private final Map<Long, LongConsumer> untold = new HashMap<>();
        private boolean closed;

        Led(RaftServer server, long term, Recovered found) {
            this.server = server;
            this.term = term;
            this.found = found;
        }

        @Override
        public Recovered recover() {
            return found;
        }

        @Override
        public void append(Bytes record, LongConsumer committed) {
            if (closed) {
                return;
            }
            long id = ++lastId;
            untold.put(id, committed);
            RaftClientRequest request =
                    RaftClientRequest.newBuilder()
                            .setServerId(server.getId())
                            .setGroupId(groupId)
                            .setClientId(clientId)
                            .setCallId(id)
                            .setMessage(Message.valueOf(RecordMachine.entry(term, id, record)))
                            .setType(RaftClientRequest.writeRequestType())
                            .build();
            try {
                server.submitClientRequestAsync(request)
                        .whenComplete((reply, failure) -> {
                            if (failure != null || !reply.isSuccess()) {
                                place.shard().execute(() -> refused(reply, failure));
                            }
                        });
            } catch (IOException failure) {
                refused(null, failure);
            }
        }

        private void refused(@Nullable RaftClientReply reply, @Nullable Throwable failure) {
            if (closed) {
                return;
            }
            LOG.warn(
                    "mon.{} could not append and gives up its leadership",
                    place.name(),
                    failure != null || reply == null ? failure : reply.getException());
            follow();
            TransferLeadershipRequest resign =
                    new TransferLeadershipRequest(
                            clientId, server.getId(), groupId, ++lastId, null, RESIGN_MILLIS);
            worker.execute(() -> {
                try {
                    server.transferLeadership(resign);
                } catch (IOException done) {
                    LOG.debug("gave up the leadership", done);
                }
            });
        }

        void agreed(long id, long version) {
            LongConsumer committed = untold.remove(id);
            if (!closed && committed != null) {
                committed.accept(version);
            }
        }

        @Override
        public void snapshot(long version, Bytes state) {
            // Every member summarizes its own copy.
        }

        @Override
        public int electionEpoch() {
            return (int) (2 * term);
        }

        @Override
        public boolean isLeased() {
            return 2 * heardWithin(LEASE).size() > place.map().size();
        }

        @Override
        public List<Integer> present() {
            return heardWithin(PRESENT_MAX);
        }

        /** The ranks of those, this one among them, that answered what they were asked since. */
        private List<Integer> heardWithin(Duration span) {
            PeerRpc rpc = (PeerRpc) server.getServerRpc();
            List<Integer> ranks = new ArrayList<>();
            for (int rank = 0; rank < place.map().size(); rank++) {
                String name = place.map().ranks().get(rank);
                if (name.equals(place.name()) || rpc.silenceNanos(name) < PRESENT_MAX.toNanos()) {
                    ranks.add(rank);
                }
            }
            return ranks;
        }

        @Override
        public void close() {
            closed = true;
            untold.clear();
        }
    }
}
