package io.sepiola.monitor;

import io.sepiola.base.Codec;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EntityType;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a monitor that does not lead says about itself to the one that does.
 *
 * <p>SelfPortrait := name:string metadata:map(string, string) sessions:map(u32, u32), by type.
 *
 * @param name such as {@code b}
 * @param metadata such as its host's name
 * @param sessions how many it has with clients of each type
 */
record SelfPortrait(
        String name, SortedMap<String, String> metadata, SortedMap<EntityType, Integer> sessions) {
    static final Codec<SelfPortrait> CODEC =
            Primitives.of(
                    (out, self) -> {
                        SortedMap<Integer, Integer> counts = new TreeMap<>();
                        self.sessions.forEach((type, count) -> counts.put(type.code(), count));
                        out.string(self.name)
                                .map(self.metadata, Primitives.STRING, Primitives.STRING)
                                .map(counts, Primitives.U32, Primitives.U32);
                    },
                    in -> {
                        String name = in.string();
                        Map<String, String> metadata = in.map(Primitives.STRING, Primitives.STRING);
                        SortedMap<EntityType, Integer> sessions = new TreeMap<>();
                        in.map(Primitives.U32, Primitives.U32)
                                .forEach((type, count) -> sessions.put(EntityType.of(type), count));
                        return new SelfPortrait(name, new TreeMap<>(metadata), sessions);
                    });

    /** Copies the maps. */
    SelfPortrait {
        metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
        sessions = Collections.unmodifiableSortedMap(new TreeMap<>(sessions));
    }

    /** Of a monitor with these sessions. */
    static SelfPortrait of(MonitorOptions options, Iterable<Session> sessions) {
        SortedMap<String, String> metadata = new TreeMap<>(options.metadata());
        metadata.put("addrs", options.addr().toString());
        SortedMap<EntityType, Integer> counts = new TreeMap<>();
        sessions.forEach(session -> counts.merge(session.type(), 1, Integer::sum));
        return new SelfPortrait(options.name(), metadata, counts);
    }
}
