package io.sepiola.monitor;

import io.sepiola.base.Bytes;
import io.sepiola.monitor.state.OsdMaps;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.message.MOSDMap;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Sends OSD maps, as changes where the receiver has what they build on. */
final class OsdMapSender {
    private static final int EPOCHS_MAX = 40; // in one message, as Ceph's osd_map_message_max
    private static final long BYTES_MAX = 10 << 20;

    private OsdMapSender() {}

    /** The newest map, whole. */
    static void sendNewest(Consumer<Message> to, OsdMaps maps) {
        OsdMap newest = maps.newest();
        send(to, maps, Map.of(), Map.of(newest.epoch(), newest.encoded()));
    }

    /**
     * Everything from {@code first} on; when that is gone, the oldest whole and what came after.
     */
    static void sendFrom(Consumer<Message> to, OsdMaps maps, int first) {
        int newest = maps.newest().epoch();
        Map<Integer, Bytes> full = new TreeMap<>();
        int next = first;
        if (first <= maps.oldestEpoch()) {
            full.put(maps.oldestEpoch(), maps.at(maps.oldestEpoch()).orElseThrow().encoded());
            next = maps.oldestEpoch() + 1;
        }
        do {
            Map<Integer, Bytes> incrementals = new TreeMap<>();
            long bytes = 0;
            while (next <= newest && incrementals.size() < EPOCHS_MAX && bytes < BYTES_MAX) {
                Bytes incremental = maps.incremental(next).orElseThrow();
                incrementals.put(next, incremental);
                bytes += incremental.size();
                next++;
            }
            if (!incrementals.isEmpty() || !full.isEmpty()) {
                send(to, maps, incrementals, full);
            }
            full = Map.of();
        } while (next <= newest);
    }

    private static void send(
            Consumer<Message> to,
            OsdMaps maps,
            Map<Integer, Bytes> incrementals,
            Map<Integer, Bytes> full) {
        to.accept(
                new MOSDMap(
                        maps.newest().fsid(),
                        incrementals,
                        full,
                        maps.oldestEpoch(),
                        maps.newest().epoch(),
                        Map.of()));
    }
}
