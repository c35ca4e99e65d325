package io.sepiola.osd.daemon;

import io.sepiola.base.Clock;
import io.sepiola.base.Mark;
import io.sepiola.client.MonClient;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.message.LogEntry;
import io.sepiola.protocol.message.MLog;
import io.sepiola.protocol.message.MLogAck;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Supplier;

/**
 * Writes an OSD's entries of the cluster log: to the monitors, again after a new session, until
 * they have them. Owned by the OSD's shard.
 */
final class ClusterLogger {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterLogger.class);
    private static final int UNACKNOWLEDGED_MAX = 2000;
    private static final int BATCH_MAX = 100;
    private static final int TEXT_SIZE_MAX = 4096;
    private static final int WARN = 3;

    private final int osd;
    private final MonClient monitors;
    private final Clock clock;
    private final Supplier<EntityAddrVec> addrs;
    private final ArrayDeque<LogEntry> unacknowledged = new ArrayDeque<>();
    private long sequence;

    ClusterLogger(int osd, MonClient monitors, Clock clock, Supplier<EntityAddrVec> addrs) {
        this.osd = osd;
        this.monitors = monitors;
        this.clock = clock;
        this.addrs = addrs;
    }

    void write(int level, String text) {
        if (level >= WARN) {
            LOG.warn("osd.{}: {}", osd, text);
        } else {
            LOG.info("osd.{}: {}", osd, text);
        }
        LogEntry entry =
                new LogEntry(
                        new AuthName(EntityType.OSD, Integer.toString(osd)),
                        new EntityName(EntityType.OSD, osd),
                        addrs.get(),
                        Utime.of(clock.now()),
                        ++sequence,
                        level,
                        text.length() > TEXT_SIZE_MAX ? text.substring(0, TEXT_SIZE_MAX) : text,
                        "cluster");
        if (unacknowledged.size() >= UNACKNOWLEDGED_MAX) {
            Mark.hit("the cluster log is written faster than the monitors take it");
            unacknowledged.removeFirst();
        }
        unacknowledged.addLast(entry);
        send(List.of(entry));
    }

    private void send(List<LogEntry> entries) {
        monitors.send(new MLog(0, monitors.fsid(), entries));
    }

    /** A new session with the monitors: what they may not have goes out again. */
    void again() {
        List<LogEntry> rest = List.copyOf(unacknowledged);
        for (int at = 0; at < rest.size(); at += BATCH_MAX) {
            send(rest.subList(at, Math.min(rest.size(), at + BATCH_MAX)));
        }
    }

    void acknowledged(MLogAck ack) {
        unacknowledged.removeIf(entry -> entry.sequence() <= ack.last());
    }
}
