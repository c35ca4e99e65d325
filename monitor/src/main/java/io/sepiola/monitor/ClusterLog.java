package io.sepiola.monitor;

import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.state.Draft;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.message.LogEntry;

import java.time.Instant;
import java.util.List;

/** Writes the monitor's own entries of the cluster log. Owned by the monitor's shard. */
final class ClusterLog {
    static final int INFO = 1;
    static final int WARN = 3;
    static final int ERROR = 4;

    private final AuthName name;
    private final EntityName rank;
    private final EntityAddrVec addrs;
    private final Draft draft;
    private long sequence;

    ClusterLog(String monitor, int rank, EntityAddrVec addrs, Draft draft) {
        this.name = new AuthName(EntityType.MON, monitor);
        this.rank = new EntityName(EntityType.MON, rank);
        this.addrs = addrs;
        this.draft = draft;
    }

    void write(int level, String text, Instant now) {
        LogEntry entry =
                new LogEntry(name, rank, addrs, Utime.of(now), ++sequence, level, text, "cluster");
        draft.propose(new Change.Logged(List.of(entry)));
    }
}
