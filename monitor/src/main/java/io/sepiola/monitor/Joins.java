package io.sepiola.monitor;

import io.sepiola.monitor.command.MonMemberCommands;
import io.sepiola.monitor.command.Refused;
import io.sepiola.monitor.state.Change;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.MonMap;
import io.sepiola.protocol.message.MMonJoin;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Optional;

/**
 * Lets in monitors that ask for it by themselves (Ceph's MonmapMonitor, {@code prepare_join}).
 * Whoever asks has proved to know the key that all monitors share. Owned by the monitor's shard.
 */
final class Joins {
    private static final Logger LOG = LoggerFactory.getLogger(Joins.class);

    private final Monitor monitor;

    Joins(Monitor monitor) {
        this.monitor = monitor;
    }

    /** A monitor asks; it hears of the answer by the map. */
    void asked(MMonJoin join) {
        MonMap map = monitor.draft().state().monMap();
        if (!join.fsid().equals(map.fsid())) {
            LOG.warn("mon.{} of cluster {} wants to join {}", join.name(), join.fsid(), map.fsid());
            return;
        }
        Optional<MonMap.MonInfo> before = map.at(join.addrs());
        if (map.rank(join.name()) >= 0
                || before.filter(at -> at.name().equals(monitor.options().name())).isPresent()) {
            return; // it will hear of the map; our own address is nobody else's
        }
        try {
            if (join.addrs().msgr2().filter(addr -> addr.socket().getPort() > 0).isEmpty()) {
                throw Refused.invalid(join.addrs() + " is no address of messenger v2");
            }
            MonMemberCommands.check(monitor.facts(), map, join.name());
        } catch (Refused refused) {
            LOG.warn("mon.{} may not join: {}", join.name(), refused.sentence());
            return;
        }
        LOG.info("mon.{} joins at {}", join.name(), join.addrs());
        Utime now = Utime.of(monitor.clock().now());
        MonMap.MonInfo info =
                new MonMap.MonInfo(
                        join.name(),
                        EntityAddrVec.of(join.addrs().msgr2().orElseThrow()),
                        0,
                        0,
                        join.location());
        if (before.isPresent()) { // whoever is at another's address takes its place
            map = map.without(before.get().name(), now);
            monitor.draft().propose(new Change.MonMapReplaced(map));
        }
        monitor.draft().propose(new Change.MonMapReplaced(map.with(info, now)));
        monitor.committer().flushSoon();
    }
}
