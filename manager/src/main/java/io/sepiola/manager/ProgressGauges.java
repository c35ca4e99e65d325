package io.sepiola.manager;

import io.sepiola.protocol.PgId;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.osd.PgStat;
import io.sepiola.protocol.osd.PgState;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** How far recovery, backfill and changes of pg_num are, as Ceph's progress module judges. */
final class ProgressGauges {
    private ProgressGauges() {}

    static boolean isWhole(PgStat stat) {
        return PgState.ACTIVE.isIn(stat.state()) && PgState.CLEAN.isIn(stat.state());
    }

    /** Groups that are active and clean. */
    static int wholeCount(PgMap map) {
        return (int) map.groups().values().stream().filter(ProgressGauges::isWhole).count();
    }

    private static boolean isBefore(PgStat stat, int epoch) {
        return Integer.compareUnsigned(stat.reportedEpoch(), epoch) < 0;
    }

    /** Until all of the cluster's groups are whole; only reports from that epoch on count. */
    static ProgressItem.Gauge all(int epoch, int wholeAtFirst) {
        return (map, before) -> {
            int whole = wholeCount(map);
            if (whole == wholeAtFirst) {
                return before;
            }
            long old =
                    map.groups().values().stream()
                            .filter(stat -> isWhole(stat) && isBefore(stat, epoch))
                            .count();
            long counted = map.groups().size() - old;
            return counted <= 0 ? 0 : (double) whole / counted;
        };
    }

    /** Until pg_num has become what is wanted, or the pool is gone. */
    static ProgressItem.Gauge pgNum(long pool, int from, int to) {
        return (map, before) -> {
            PgPool now = map.osdMap().pool(pool).orElse(null);
            if (now == null || now.pgNum() == now.pgNumTarget() || from == to) {
                return 1;
            }
            return Math.min(0.999, (double) (from - now.pgNum()) / (from - to));
        };
    }

    /**
     * Until these groups are whole. One that is being filled counts by what was recovered of its
     * bytes.
     */
    static final class Moving implements ProgressItem.Gauge {
        private final Set<PgId> left;
        private final Map<PgId, Long> recoveredAtFirst = new TreeMap<>();
        private final int count;
        private final int epoch;

        Moving(Set<PgId> groups, int epoch) {
            this.left = new TreeSet<>(groups);
            this.count = groups.size();
            this.epoch = epoch;
        }

        @Override
        public double of(PgMap map, double before) {
            if (recoveredAtFirst.isEmpty()) {
                left.retainAll(map.groups().keySet());
                left.forEach(pg -> recoveredAtFirst.put(pg, recovered(map, pg)));
            }
            double parts = 0;
            Set<PgId> done = new TreeSet<>();
            for (PgId pg : left) {
                PgStat stat = map.groups().get(pg);
                if (stat == null) {
                    done.add(pg); // its pool was deleted
                } else if (!isBefore(stat, epoch)) {
                    if (isWhole(stat)) {
                        done.add(pg);
                    } else {
                        parts += part(stat, recoveredAtFirst.getOrDefault(pg, 0L));
                    }
                }
            }
            left.removeAll(done);
            return count == 0 ? 1 : (count - left.size() + parts) / count;
        }

        private static long recovered(PgMap map, PgId pg) {
            PgStat stat = map.groups().get(pg);
            return stat == null ? 0 : stat.stats().sum().bytesRecovered();
        }

        private static double part(PgStat stat, long before) {
            long bytes = stat.stats().sum().bytes();
            double moved = stat.stats().sum().bytesRecovered() - before;
            return bytes <= 0 ? 0 : Math.clamp(moved / bytes, 0.0, 1.0);
        }
    }
}
