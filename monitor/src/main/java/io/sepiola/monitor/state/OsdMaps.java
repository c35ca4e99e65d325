package io.sepiola.monitor.state;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Invariant;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The newest OSD map and the way to it: the oldest map kept, and every change since, encoded.
 *
 * <p>OsdMaps := oldest:OsdMap incrementals:map(epoch:u32, blob). The newest follows from these.
 */
public final class OsdMaps {
    /** As in the class comment. */
    public static final Codec<OsdMaps> CODEC =
            Primitives.of((out, maps) -> maps.encode(out), in -> OsdMaps.decode(in));

    private final OsdMap oldest;
    private final OsdMap newest;
    private final SortedMap<Integer, Bytes> incrementals;

    private OsdMaps(OsdMap oldest, OsdMap newest, SortedMap<Integer, Bytes> incrementals) {
        this.oldest = oldest;
        this.newest = newest;
        this.incrementals = Collections.unmodifiableSortedMap(incrementals);
    }

    /** A new cluster's. */
    public static OsdMaps of(OsdMap first) {
        return new OsdMaps(first, first, new TreeMap<>());
    }

    private void encode(Encoder out) {
        out.blob(OsdMap.CODEC.toBytes(oldest)).map(incrementals, Primitives.U32, Primitives.BLOB);
    }

    private static OsdMaps decode(Decoder in) {
        OsdMap oldest = OsdMap.CODEC.fromBytes(in.blob().detach());
        SortedMap<Integer, Bytes> incrementals = new TreeMap<>();
        in.map(Primitives.U32, Primitives.BLOB)
                .forEach((epoch, bytes) -> incrementals.put(epoch, bytes.detach()));
        OsdMap newest = oldest;
        for (Bytes bytes : incrementals.values()) {
            newest = newest.apply(OsdMapIncremental.CODEC.fromBytes(bytes));
        }
        return new OsdMaps(oldest, newest, incrementals);
    }

    /** The map in force. */
    public OsdMap newest() {
        return newest;
    }

    /** The first epoch that can still be shown. */
    public int oldestEpoch() {
        return oldest.epoch();
    }

    /** The change that leads to {@code epoch}, encoded; none when it is too old or yet to come. */
    public Optional<Bytes> incremental(int epoch) {
        return Optional.ofNullable(incrementals.get(epoch));
    }

    /** The map of that epoch; none when it is too old or yet to come. */
    public Optional<OsdMap> at(int epoch) {
        if (epoch == newest.epoch()) {
            return Optional.of(newest);
        }
        if (epoch < oldest.epoch() || epoch > newest.epoch()) {
            return Optional.empty();
        }
        OsdMap map = oldest;
        for (Bytes bytes : incrementals.headMap(epoch + 1).values()) {
            map = map.apply(OsdMapIncremental.CODEC.fromBytes(bytes));
        }
        return Optional.of(map);
    }

    OsdMaps with(OsdMapIncremental incremental) {
        if (newest.epoch() == 0) {
            return of(newest.apply(incremental)); // a new cluster's first map is given whole
        }
        Invariant.that(
                incremental.epoch() == newest.epoch() + 1,
                "OSD map %s after %s",
                incremental.epoch(),
                newest.epoch());
        SortedMap<Integer, Bytes> more = new TreeMap<>(incrementals);
        more.put(incremental.epoch(), OsdMapIncremental.CODEC.toBytes(incremental).detach());
        return new OsdMaps(oldest, newest.apply(incremental), more);
    }

    /** Without what came before {@code first}. */
    OsdMaps from(int first) {
        OsdMap base = at(first).orElseThrow();
        return new OsdMaps(base, newest, new TreeMap<>(incrementals.tailMap(first + 1)));
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof OsdMaps that
                        && OsdMap.CODEC.toBytes(oldest).equals(OsdMap.CODEC.toBytes(that.oldest))
                        && incrementals.equals(that.incrementals);
    }

    @Override
    public int hashCode() {
        return newest.epoch();
    }

    @Override
    public String toString() {
        return "osdmaps " + oldest.epoch() + ".." + newest.epoch();
    }
}
