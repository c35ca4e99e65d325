package io.sepiola.monitor;

import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;
import io.sepiola.messenger.Connection;
import io.sepiola.messenger.Messenger;
import io.sepiola.messenger.Policy;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.message.MMonQuorum;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * {@link Peers} and {@link MonitorLines} over the monitors' own messengers. Of two monitors the one
 * whose name comes first dials, so that their lines do not meet; the line serves both ways. Owned
 * by the monitor's shard.
 */
final class MonitorPeers implements Peers, MonitorLines {
    private static final Duration REDIAL = Duration.ofMillis(300);

    private record Question(Connection line, CompletableFuture<Bytes> answer) {}

    private final String self;
    private final SortedMap<String, EntityAddrVec> members;
    private final Shard shard;
    private final Map<String, Connection> lines = new TreeMap<>();
    private final Map<Long, Question> questions = new HashMap<>();
    private @Nullable Messenger messengerOrNull;
    private @Nullable Service serviceOrNull;
    private MonitorLines.@Nullable Listener listenerOrNull;
    private long lastTid;
    private boolean closed;

    /**
     * Speaks to nobody before {@link #start}.
     *
     * @param members all monitors by name, this one among them
     */
    MonitorPeers(String self, SortedMap<String, EntityAddrVec> members, Shard shard) {
        this.self = self;
        this.members = new TreeMap<>(members);
        this.shard = shard;
    }

    /** Begins to dial. */
    void start(Messenger messenger) {
        shard.own();
        messengerOrNull = messenger;
        dial();
    }

    private void dial() {
        Messenger messenger = messengerOrNull;
        if (closed || messenger == null) {
            return;
        }
        for (String member : members.tailMap(self).keySet()) {
            Connection line = lines.get(member);
            if (!member.equals(self) && (line == null || !line.isOpen())) {
                lines.put(member, messenger.connect(EntityType.MON, addrs(member), Policy.LOSSY));
            }
        }
        shard.timers().after(REDIAL, this::dial);
    }

    private EntityAddrVec addrs(String member) {
        EntityAddrVec addrs = members.get(member);
        if (addrs == null) {
            throw new IllegalArgumentException("mon." + member + " is no member");
        }
        return addrs;
    }

    /** A monitor dialled us. */
    void accepted(Connection line) {
        members.forEach((member, addrs) -> {
            if (addrs.equals(line.peerAddrs()) && member.compareTo(self) < 0) {
                lines.put(member, line);
            }
        });
    }

    void received(Connection line, Message message) {
        MonitorLines.Listener listener = listenerOrNull;
        if (!(message instanceof MMonQuorum quorum)) {
            if (listener != null) {
                listener.said(line, message);
            }
        } else if (quorum.isAnswer()) {
            Question question = questions.remove(quorum.tid());
            if (question != null && quorum.payload().isEmpty()) {
                question.answer.completeExceptionally(new IOException("the other has no answer"));
            } else if (question != null) {
                question.answer.complete(quorum.payload());
            }
        } else {
            asked(line, quorum);
        }
    }

    private void asked(Connection line, MMonQuorum question) {
        Service service = serviceOrNull;
        if (service == null) {
            line.send(new MMonQuorum(question.tid(), question.kind(), true, Bytes.EMPTY));
            return;
        }
        service.asked(
                question.kind(),
                question.payload(),
                answer -> line.send(new MMonQuorum(question.tid(), question.kind(), true, answer)));
    }

    /** A line is gone: what was asked on it has no answer. */
    void reset(Connection line) {
        lines.values().remove(line);
        MonitorLines.Listener listener = listenerOrNull;
        if (listener != null) {
            listener.lost(line);
        }
        List<Question> lost = new ArrayList<>();
        questions
                .values()
                .removeIf(question -> {
                    boolean gone = question.line == line;
                    if (gone) {
                        lost.add(question);
                    }
                    return gone;
                });
        lost.forEach(question ->
                question.answer.completeExceptionally(new IOException("the line broke")));
    }

    @Override
    public CompletableFuture<Bytes> ask(String member, int kind, Bytes question) {
        CompletableFuture<Bytes> answer = new CompletableFuture<>();
        shard.execute(() -> {
            Connection line = lines.get(member);
            if (closed || line == null || !line.isOpen()) {
                answer.completeExceptionally(
                        new IOException("no line to mon." + member + " at present"));
                return;
            }
            long tid = ++lastTid;
            questions.put(tid, new Question(line, answer));
            answer.whenComplete((done, failed) -> shard.execute(() -> questions.remove(tid)));
            line.send(new MMonQuorum(tid, kind, false, question));
        });
        return answer;
    }

    @Override
    public void serve(Service service) {
        shard.execute(() -> serviceOrNull = service);
    }

    @Override
    public void listen(MonitorLines.Listener listener) {
        listenerOrNull = listener;
    }

    @Override
    public List<Connection> open() {
        return lines.values().stream().filter(Connection::isOpen).toList();
    }

    void close() {
        closed = true;
        List.copyOf(questions.values())
                .forEach(question ->
                        question.answer.completeExceptionally(new IOException("closed")));
        questions.clear();
    }
}
