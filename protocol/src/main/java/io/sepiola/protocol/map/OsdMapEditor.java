package io.sepiola.protocol.map;

import io.sepiola.crush.CrushMap;
import io.sepiola.protocol.Utime;

import java.util.function.Consumer;

/**
 * Changes a map outside of any cluster, where no incremental is kept: what map tools and what-if
 * questions need. Owned by one caller.
 */
public final class OsdMapEditor {
    private final OsdMapFields fields;

    OsdMapEditor(OsdMapFields fields) {
        this.fields = fields;
    }

    /** The map as it stands; the editor must not be used again. */
    public OsdMap build() {
        return new OsdMap(fields);
    }

    /** Another epoch. */
    public OsdMapEditor epoch(int epoch) {
        fields.epoch = epoch;
        return this;
    }

    /** When it was made and changed. */
    public OsdMapEditor made(Utime created, Utime modified) {
        fields.created = created;
        fields.modified = modified;
        return this;
    }

    /** Another number of OSDs; those that are new do not exist yet. */
    public OsdMapEditor osdMax(int osds) {
        if (osds < 0 || osds > OsdMapCodec.OSDS_MAX) {
            throw new IllegalArgumentException("an OSD map of " + osds + " OSDs");
        }
        fields.resize(osds);
        return this;
    }

    /** Sets STATE bits. */
    public OsdMapEditor addState(int osd, int bits) {
        fields.stateToWrite()[osd] |= bits;
        return this;
    }

    /** Another weight, 16.16; one that is not 0 makes the OSD exist. */
    public OsdMapEditor weight(int osd, int weight) {
        fields.weightToWrite()[osd] = weight;
        if (weight != 0) {
            fields.stateToWrite()[osd] |= OsdMap.STATE_EXISTS;
        }
        return this;
    }

    /** Another affinity, 0x10000 is one. */
    public OsdMapEditor affinity(int osd, int affinity) {
        fields.affinity(osd, affinity);
        return this;
    }

    /** Another hierarchy. */
    public OsdMapEditor crush(CrushMap crush) {
        fields.crush(crush, crush.toBytes());
        return this;
    }

    /** No acting sets or primaries for the time being. */
    public OsdMapEditor clearTemp() {
        fields.pgTemp.clear();
        fields.primaryTemp.clear();
        return this;
    }

    /** Adds or replaces a pool. */
    public OsdMapEditor pool(long id, String name, PgPool pool) {
        fields.pools.put(id, pool);
        fields.poolNames.put(id, name);
        fields.poolMax = (int) Math.max(fields.poolMax, id);
        return this;
    }

    /** Changes a pool. */
    public OsdMapEditor pool(long id, Consumer<PgPoolBuilder> change) {
        fields.pools.computeIfPresent(id, (key, pool) -> pool.with(change));
        return this;
    }

    /** An erasure code profile. */
    public OsdMapEditor profile(String name, java.util.NavigableMap<String, String> profile) {
        fields.ecProfiles.put(name, profile);
        return this;
    }
}
