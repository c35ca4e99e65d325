package io.sepiola.quorum;

import io.sepiola.base.Bytes;
import io.sepiola.monitor.Peers;

import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Carries the library's questions over the lines between monitors. The library's threads ask, and
 * wait; what others ask runs on threads of this.
 */
final class PeerRpc implements RaftServerRpc {
    private static final Logger LOG = LoggerFactory.getLogger(PeerRpc.class);

    private static final int REQUEST_VOTE = 1;
    private static final int APPEND_ENTRIES = 2;
    private static final int INSTALL_SNAPSHOT = 3;
    private static final int START_ELECTION = 4;

    private static final long ANSWER_MILLIS_MAX = 2_000;
    private static final long SNAPSHOT_MILLIS_MAX = 30_000;

    private interface Parser<T> {
        T parse(byte[] bytes) throws IOException;
    }

    private final RaftServer server;
    private final Peers peers;
    private final ExecutorService answering =
            Executors.newCachedThreadPool(
                    task -> Thread.ofPlatform().daemon().name("quorum").unstarted(task));

    /** When the last question that a member answered had been asked, by its id. */
    private final Map<String, Long> answeredNanos = new ConcurrentHashMap<>();

    private volatile long ledNanos = System.nanoTime(); // when a leader last asked something

    PeerRpc(RaftServer server, Peers peers) {
        this.server = server;
        this.peers = peers;
    }

    /** How long no leader has asked anything. */
    long ledSilenceNanos() {
        return System.nanoTime() - ledNanos;
    }

    /** How long ago a member was asked what it has answered; by its id. */
    long silenceNanos(String member) {
        Long answered = answeredNanos.get(member);
        return answered == null ? Long.MAX_VALUE : System.nanoTime() - answered;
    }

    @Override
    public void start() {
        peers.serve(this::asked);
    }

    private void asked(int kind, Bytes question, Consumer<Bytes> answer) {
        byte[] bytes = question.toArray();
        answering.execute(() -> {
            try {
                answer.accept(Bytes.of(answer(kind, bytes).toByteArray()));
            } catch (IOException | RuntimeException failed) {
                LOG.debug("no answer to a question of kind {}", kind, failed);
                answer.accept(Bytes.EMPTY);
            }
        });
    }

    private MessageLite answer(int kind, byte[] bytes) throws IOException {
        return switch (kind) {
            case REQUEST_VOTE -> {
                RequestVoteRequestProto question = RequestVoteRequestProto.parseFrom(bytes);
                forUs(question.getServerRequest());
                yield server.requestVote(question);
            }
            case APPEND_ENTRIES -> {
                AppendEntriesRequestProto question = AppendEntriesRequestProto.parseFrom(bytes);
                forUs(question.getServerRequest());
                ledNanos = System.nanoTime();
                yield server.appendEntries(question);
            }
            case INSTALL_SNAPSHOT -> {
                InstallSnapshotRequestProto question = InstallSnapshotRequestProto.parseFrom(bytes);
                forUs(question.getServerRequest());
                ledNanos = System.nanoTime();
                yield server.installSnapshot(question);
            }
            case START_ELECTION -> {
                StartLeaderElectionRequestProto question =
                        StartLeaderElectionRequestProto.parseFrom(bytes);
                forUs(question.getServerRequest());
                yield server.startLeaderElection(question);
            }
            default -> throw new IOException("a question of kind " + kind);
        };
    }

    /** What was asked of an earlier life of this monitor's store, this one cannot answer. */
    private void forUs(RaftRpcRequestProto question) throws IOException {
        String asked = question.getReplyId().toStringUtf8();
        if (!asked.equals(server.getId().toString())) {
            throw new IOException("asked of " + asked + ", and this is " + server.getId());
        }
    }

    private <T> T ask(
            RaftRpcRequestProto to, int kind, MessageLite question, long millis, Parser<T> parser)
            throws IOException {
        String member = to.getReplyId().toStringUtf8();
        long asked = System.nanoTime();
        CompletableFuture<Bytes> answer = peers.ask(member, kind, Bytes.of(question.toByteArray()));
        try {
            T parsed = parser.parse(answer.get(millis, TimeUnit.MILLISECONDS).toArray());
            answeredNanos.put(member, asked);
            return parsed;
        } catch (ExecutionException failed) {
            throw new IOException(member + " did not answer", failed.getCause());
        } catch (TimeoutException late) {
            answer.cancel(false);
            throw new IOException(member + " did not answer in time", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    @Override
    public RequestVoteReplyProto requestVote(RequestVoteRequestProto question) throws IOException {
        return ask(
                question.getServerRequest(),
                REQUEST_VOTE,
                question,
                ANSWER_MILLIS_MAX,
                RequestVoteReplyProto::parseFrom);
    }

    @Override
    public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto question)
            throws IOException {
        return ask(
                question.getServerRequest(),
                APPEND_ENTRIES,
                question,
                ANSWER_MILLIS_MAX,
                AppendEntriesReplyProto::parseFrom);
    }

    @Override
    public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto question)
            throws IOException {
        return ask(
                question.getServerRequest(),
                INSTALL_SNAPSHOT,
                question,
                SNAPSHOT_MILLIS_MAX,
                InstallSnapshotReplyProto::parseFrom);
    }

    @Override
    public StartLeaderElectionReplyProto startLeaderElection(
            StartLeaderElectionRequestProto question) throws IOException {
        return ask(
                question.getServerRequest(),
                START_ELECTION,
                question,
                ANSWER_MILLIS_MAX,
                StartLeaderElectionReplyProto::parseFrom);
    }

    @Override
    public InetSocketAddress getInetSocketAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0); // not listened at
    }

    @Override
    public RpcType getRpcType() {
        return PeerRpcType.INSTANCE;
    }

    @Override
    public void addRaftPeers(Collection<RaftPeer> more) {}

    @Override
    public void handleException(RaftPeerId peer, Exception failure, boolean reconnect) {}

    @Override
    public void close() {
        answering.shutdown();
    }
}
