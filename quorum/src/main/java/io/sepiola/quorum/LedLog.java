package io.sepiola.quorum;

import io.sepiola.base.Bytes;
import io.sepiola.monitor.QuorumLibrary;
import io.sepiola.monitor.ReplicatedLog;
import io.sepiola.protocol.map.MonMap;

import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * The log in the hands of a leader, for the time of one leadership. It also brings the library's
 * members to what the monitors' map says, again and again, one change at a time: a change that
 * another leader began, or that failed, is taken up like any other difference. Owned by the
 * monitor's shard.
 */
final class LedLog implements ReplicatedLog {
    private static final Logger LOG = LoggerFactory.getLogger(LedLog.class);
    private static final Duration PRESENT_MAX = Duration.ofSeconds(5);
    private static final Duration MEMBERS_CHECK = Duration.ofMillis(500);
    private static final long RESIGN_MILLIS = 3_000;

    private final RatisQuorum quorum;
    private final QuorumLibrary.Place place;
    private final ExecutorService worker;
    private final AtomicLong ids; // of requests
    private final RaftServer server;
    private final RaftServer.Division division;
    private final ClientId clientId = ClientId.randomId();
    private final long term;
    private final Recovered found;
    private final Map<Long, LongConsumer> untold = new HashMap<>();
    private @Nullable MonMap mapOrNull; // until it is told in this leadership
    private boolean changing;
    private boolean closed;

    LedLog(
            RatisQuorum quorum,
            QuorumLibrary.Place place,
            ExecutorService worker,
            AtomicLong ids,
            RaftServer server,
            RaftServer.Division division,
            long term,
            Recovered found) {
        this.quorum = quorum;
        this.place = place;
        this.worker = worker;
        this.ids = ids;
        this.server = server;
        this.division = division;
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
        long id = ids.incrementAndGet();
        untold.put(id, committed);
        RaftClientRequest request =
                RaftClientRequest.newBuilder()
                        .setServerId(server.getId())
                        .setGroupId(division.getGroup().getGroupId())
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
        handOver(null);
    }

    void agreed(long id, long version) {
        LongConsumer committed = untold.remove(id);
        if (!closed && committed != null) {
            committed.accept(version);
        }
    }

    /** The monitors, as they are agreed. */
    void follow(MonMap agreed) {
        boolean first = mapOrNull == null;
        mapOrNull = agreed;
        if (first) {
            membersLater();
        }
    }

    private void membersLater() {
        place.shard()
                .timers()
                .after(
                        MEMBERS_CHECK,
                        () -> {
                            MonMap map = mapOrNull;
                            if (!closed && map != null) {
                                members(map);
                                membersLater();
                            }
                        });
    }

    private void members(MonMap map) {
        RaftConfiguration members = division.getRaftConf();
        if (changing || !members.getPreviousPeers().isEmpty()) {
            return; // one change after another
        }
        Membership.Step step =
                Membership.next(
                        idsOf(members.getCurrentPeers()),
                        server.getId().toString(),
                        map.ranks(),
                        quorum.waiting());
        switch (step) {
            case Membership.Nothing _ -> {}
            case Membership.Change change -> change(members, change.members(), map);
            case Membership.HandOver _ ->
                    idsOf(members.getCurrentPeers()).stream()
                            .filter(id -> map.rank(PeerId.name(id)) >= 0 && heard(id, PRESENT_MAX))
                            .findFirst()
                            .ifPresent(this::handOver);
        }
    }

    private static List<String> idsOf(Collection<RaftPeer> peers) {
        return peers.stream().map(peer -> peer.getId().toString()).sorted().toList();
    }

    private void change(RaftConfiguration members, SortedSet<String> wanted, MonMap map) {
        List<RaftPeer> before = List.copyOf(members.getCurrentPeers());
        List<RaftPeer> after = new ArrayList<>();
        for (String id : wanted) {
            RaftPeer known = members.getPeer(RaftPeerId.valueOf(id));
            after.add(known == null ? RatisQuorum.peer(id, map) : known);
        }
        LOG.info("the members of the log are to be {}, and were {}", wanted, idsOf(before));
        SetConfigurationRequest request =
                new SetConfigurationRequest(
                        clientId,
                        server.getId(),
                        division.getGroup().getGroupId(),
                        ids.incrementAndGet(),
                        SetConfigurationRequest.Arguments.newBuilder()
                                .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                                .setServersInCurrentConf(before)
                                .setServersInNewConf(after)
                                .build());
        changing = true;
        try {
            server.setConfigurationAsync(request)
                    .whenComplete((reply, failure) ->
                            place.shard().execute(() -> changed(wanted, reply, failure)));
        } catch (IOException failure) {
            changed(wanted, null, failure);
        }
    }

    private void changed(
            SortedSet<String> wanted, @Nullable RaftClientReply reply, @Nullable Throwable why) {
        changing = false;
        if (reply != null && reply.isSuccess()) {
            LOG.info("the members of the log are {}", wanted);
        } else if (!closed) {
            Object cause = why != null || reply == null ? why : reply.getException();
            LOG.info("the members of the log cannot be {} yet: {}", wanted, String.valueOf(cause));
        }
    }

    /** Leads no more from now on, and lets that member lead; anybody, when it is null. */
    private void handOver(@Nullable String id) {
        quorum.unlead();
        try {
            worker.execute(() -> {
                if (id == null || !transfer(RaftPeerId.valueOf(id))) {
                    transfer(null);
                }
            });
        } catch (RejectedExecutionException stopped) {
            LOG.debug("it leaves anyway", stopped);
        }
    }

    private boolean transfer(@Nullable RaftPeerId to) {
        try {
            return server.transferLeadership(
                            new TransferLeadershipRequest(
                                    clientId,
                                    server.getId(),
                                    division.getGroup().getGroupId(),
                                    ids.incrementAndGet(),
                                    to,
                                    RESIGN_MILLIS))
                    .isSuccess();
        } catch (IOException done) {
            LOG.debug("gave up the leadership", done);
            return false;
        }
    }

    @Override
    public void snapshot(long version, Bytes state) {
        // Every member summarizes its own copy.
    }

    @Override
    public Optional<String> whyAlone(Supplier<Bytes> state) {
        return Optional.empty();
    }

    @Override
    public int electionEpoch() {
        return (int) (2 * term);
    }

    @Override
    public boolean isLeased() {
        RaftConfiguration members = division.getRaftConf();
        return isMajority(members.getCurrentPeers()) && isMajority(members.getPreviousPeers());
    }

    private boolean isMajority(Collection<RaftPeer> peers) {
        long count = idsOf(peers).stream().filter(id -> heard(id, RatisQuorum.LEASE)).count();
        return peers.isEmpty() || 2 * count > peers.size();
    }

    /** Whether a member, or this one, answered what it was asked since. */
    private boolean heard(String id, Duration span) {
        PeerRpc rpc = (PeerRpc) server.getServerRpc();
        return id.equals(server.getId().toString()) || rpc.silenceNanos(id) < span.toNanos();
    }

    @Override
    public List<Integer> present() {
        MonMap map = mapOrNull == null ? place.map() : mapOrNull;
        List<String> names =
                idsOf(division.getRaftConf().getCurrentPeers()).stream()
                        .filter(id -> heard(id, PRESENT_MAX))
                        .map(PeerId::name)
                        .toList();
        List<Integer> ranks = new ArrayList<>();
        for (int rank = 0; rank < map.size(); rank++) {
            if (names.contains(map.ranks().get(rank))) {
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
