package io.sepiola.osd.daemon;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.message.MOSDAlive;
import io.sepiola.protocol.message.MOSDPGTemp;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What placement groups want to see in the OSD map: that this OSD was up through an epoch, and
 * other acting members than CRUSH chooses. Asked for again in a new session with the monitors.
 * Owned by the OSD's shard.
 */
final class MonitorWishes {
    private final int self;
    private final Consumer<Message> monitors;
    private final Map<PgId, List<Integer>> acting = new TreeMap<>();
    private int upThru;

    MonitorWishes(int self, Consumer<Message> monitors) {
        this.self = self;
        this.monitors = monitors;
    }

    /** Asks for what that map does not show. */
    void askAgain(OsdMap newest) {
        if (upThru > newest.upThru(self)) {
            askUpThru(newest);
        }
        if (!acting.isEmpty()) {
            askActing(acting, newest);
        }
    }

    void upThru(int epoch, OsdMap newest) {
        if (epoch > upThru) {
            upThru = epoch;
            askUpThru(newest);
        }
    }

    void acting(PgId pg, List<Integer> want, OsdMap newest) {
        if (!want.equals(acting.put(pg, want))) {
            askActing(Map.of(pg, want), newest);
        }
    }

    void forgetActing(PgId pg) {
        acting.remove(pg);
    }

    private void askUpThru(OsdMap newest) {
        monitors.accept(new MOSDAlive(newest.epoch(), upThru));
    }

    private void askActing(Map<PgId, List<Integer>> wanted, OsdMap newest) {
        int epoch = newest.epoch();
        monitors.accept(new MOSDPGTemp(epoch, epoch, new TreeMap<>(wanted), false));
    }
}
