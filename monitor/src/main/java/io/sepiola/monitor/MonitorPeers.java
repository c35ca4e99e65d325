package io.sepiola.monitor;

import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;
import io.sepiola.messenger.Connection;
import io.sepiola.messenger.Messenger;
import io.sepiola.messenger.Policy;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.map.MonMap;
import io.sepiola.protocol.message.MMonMap;
import io.sepiola.protocol.message.MMonQuorum;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * {@link Peers} and {@link MonitorLines} over the monitors' own messengers. Of two monitors the one
 * whose name comes first dials, so that their lines do not meet; the line serves both ways. Who is
 * not known to the others yet, or hears of no leader, dials all. Owned by the monitor's shard.
 */
final class MonitorPeers implements Peers, MonitorLines {
    private static final Duration REDIAL = Duration.ofMillis(300);
    private static final int FORMER_ROUNDS = 16; // of dialling, for one in which these are dialled

    private record Question(Connection line, CompletableFuture<Bytes> answer) {}

    private final String self;
    private final Shard shard;
    private final Map<String, Connection> lines = new TreeMap<>();
    private final Map<Long, Question> questions = new HashMap<>();
    private final SortedMap<String, EntityAddrVec> members = new TreeMap<>();

    /** Who was removed in this life: the library may need them a moment longer. */
    private final SortedMap<String, EntityAddrVec> former = new TreeMap<>();

    private MonMap map;
    private boolean dialsAll;
    private int rounds;
    private @Nullable Messenger messengerOrNull;
    private @Nullable Service serviceOrNull;
    private MonitorLines.@Nullable Listener listenerOrNull;
    private long lastTid;
    private boolean closed;

    /**
     * Speaks to nobody before {@link #start}.
     *
     * @param map all monitors; a new one need not be among them
     */
    MonitorPeers(String self, MonMap map, Shard shard) {
        this.self = self;
        this.map = map;
        this.shard = shard;
        map.monitors().forEach((member, info) -> members.put(member, info.addrs()));
    }

    /** Begins to dial. */
    void start(Messenger messenger) {
        shard.own();
        messengerOrNull = messenger;
        dial();
    }

    /** The monitors, as they are agreed now. */
    void follow(MonMap agreed) {
        map = agreed;
        former.putAll(members);
        members.clear();
        agreed.monitors()
                .forEach((member, info) -> {
                    EntityAddrVec before = former.remove(member);
                    members.put(member, info.addrs());
                    Connection line = lines.get(member);
                    if (before != null && !before.equals(info.addrs()) && line != null) {
                        line.close();
                        reset(line);
                    }
                });
        former.values().removeIf(addrs -> agreed.at(addrs).isPresent());
        former.remove(self);
    }

    /** Whether to dial those, too, who ought to dial us: they may not know us. */
    void dialAll(boolean wanted) {
        dialsAll = wanted;
    }

    private void dial() {
        if (closed) {
            return;
        }
        members.forEach(this::dial);
        if (++rounds % FORMER_ROUNDS == 0) {
            former.forEach(this::dial);
        }
        shard.timers().after(REDIAL, this::dial);
    }

    private void dial(String member, EntityAddrVec addrs) {
        Messenger messenger = messengerOrNull;
        boolean ours = dialsAll || member.compareTo(self) > 0;
        if (messenger != null && ours && !member.equals(self) && !isOpen(member)) {
            lines.put(member, messenger.connect(EntityType.MON, addrs, Policy.LOSSY));
        }
    }

    private boolean isOpen(String member) {
        Connection line = lines.get(member);
        return line != null && line.isOpen();
    }

    /** A monitor dialled us. One that nobody let in yet is told who else there is. */
    void accepted(Connection line) {
        Optional<String> name = nameOf(line.peerAddrs());
        if (name.isEmpty()) {
            line.send(new MMonMap(MonMap.CODEC.toBytes(map)));
        } else if (name.get().compareTo(self) < 0 || !isOpen(name.get())) {
            lines.put(name.get(), line);
        }
    }

    private Optional<String> nameOf(EntityAddrVec addrs) {
        return Stream.of(members, former)
                .flatMap(known -> known.entrySet().stream())
                .filter(entry -> entry.getValue().msgr2().equals(addrs.msgr2()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** What a monitor says that does not know us: who they are at present, as far as it knows. */
    private void told(MMonMap message) {
        MonMap theirs = MonMap.CODEC.fromBytes(message.map());
        if (theirs.fsid().equals(map.fsid()) && dialsAll) {
            theirs.monitors().forEach((member, info) -> members.putIfAbsent(member, info.addrs()));
        }
    }

    void received(Connection line, Message message) {
        MonitorLines.Listener listener = listenerOrNull;
        if (message instanceof MMonMap theirs) {
            told(theirs);
        } else if (!(message instanceof MMonQuorum quorum)) {
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
