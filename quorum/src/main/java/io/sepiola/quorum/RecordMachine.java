package io.sepiola.quorum;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.monitor.ReplicatedLog.Recovered;

import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.AtomicFileOutputStream;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The records that are agreed. What comes from a leader that no longer led when it was written is
 * passed over, on every member alike: its monitor had not seen what another leader had committed in
 * the meantime.
 *
 * <p>Entry := term:u64 id:u64 record:blob, the term being that in which the monitor proposed it.
 * Snapshot := version:u64 state:blob records:list of blob.
 *
 * <p>The library calls on a thread of its own; {@link #recovered} may be asked by any.
 */
final class RecordMachine extends BaseStateMachine {
    /** So many records after the last summary make the next one due. */
    private static final int RECORDS_MAX = 1_000;

    static final Codec<Recovered> SNAPSHOT =
            Primitives.of(
                    (out, held) ->
                            out.u64(held.version())
                                    .blob(held.snapshot())
                                    .list(held.records(), Primitives.BLOB),
                    in -> new Recovered(in.u64(), in.blob(), in.list(Primitives.BLOB)));

    /** Hears what happens to this member. Called on threads of the library. */
    interface Listener {
        /** A record that this member's leader appended under that id is agreed. */
        void agreed(long id, long version);

        /** This member leads, and all that was agreed before is applied. */
        void leads();

        /** It leads no more. */
        void follows();
    }

    private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();
    private final Function<Recovered, Bytes> summary;
    private final Listener listener;
    private long version;
    private Bytes state = Bytes.EMPTY;
    private List<Bytes> records = new ArrayList<>();

    RecordMachine(Function<Recovered, Bytes> summary, Listener listener) {
        this.summary = summary;
        this.listener = listener;
    }

    /** What is agreed. */
    synchronized Recovered recovered() {
        return new Recovered(version, state, records);
    }

    /** An entry of the log. */
    static ByteString entry(long term, long id, Bytes record) {
        return ByteString.copyFrom(
                new Encoder().u64(term).u64(id).blob(record).toBytes().toArray());
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId group, RaftStorage raftStorage)
            throws IOException {
        super.initialize(server, group, raftStorage);
        getLifeCycle().transition(LifeCycle.State.STARTING);
        storage.init(raftStorage);
        load();
        getLifeCycle().transition(LifeCycle.State.RUNNING);
    }

    /** The library pauses this while it puts a leader's snapshot in the place of ours. */
    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    @Override
    public void reinitialize() throws IOException {
        getLifeCycle().transition(LifeCycle.State.STARTING);
        storage.loadLatestSnapshot();
        load();
        getLifeCycle().transition(LifeCycle.State.RUNNING);
    }

    private synchronized void load() throws IOException {
        SingleFileSnapshotInfo latest = storage.getLatestSnapshot();
        if (latest == null) {
            return;
        }
        Bytes content = Bytes.of(Files.readAllBytes(latest.getFile().getPath()));
        try {
            Recovered held = SNAPSHOT.fromBytes(content);
            version = held.version();
            state = held.snapshot();
            records = new ArrayList<>(held.records());
        } catch (Malformed bad) {
            throw new IOException(latest.getFile().getPath() + " is damaged", bad);
        }
        setLastAppliedTermIndex(latest.getTermIndex());
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        Decoder in =
                new Decoder(Bytes.of(entry.getStateMachineLogEntry().getLogData().toByteArray()));
        long term = in.u64();
        long id = in.u64();
        if (term == entry.getTerm()) {
            long applied = apply(in.blob());
            listener.agreed(id, applied);
        }
        updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
        return CompletableFuture.completedFuture(Message.EMPTY);
    }

    private synchronized long apply(Bytes record) {
        records.add(record);
        version++;
        if (records.size() >= RECORDS_MAX) {
            state = summary.apply(recovered());
            records = new ArrayList<>();
        }
        return version;
    }

    @Override
    public long takeSnapshot() throws IOException {
        TermIndex last = getLastAppliedTermIndex();
        Recovered held = recovered();
        File file = storage.getSnapshotFile(last.getTerm(), last.getIndex());
        try (OutputStream out = new AtomicFileOutputStream(file)) {
            out.write(SNAPSHOT.toBytes(held).toArray());
        }
        MD5Hash digest = MD5FileUtil.computeAndSaveMd5ForFile(file);
        storage.updateLatestSnapshot(
                new SingleFileSnapshotInfo(new FileInfo(file.toPath(), digest), last));
        return last.getIndex();
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return storage;
    }

    @Override
    public @Nullable SingleFileSnapshotInfo getLatestSnapshot() {
        return storage.getLatestSnapshot();
    }

    @Override
    public void notifyLeaderReady() {
        listener.leads();
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> unfinished) {
        listener.follows();
    }
}
