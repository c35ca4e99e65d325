package io.sepiola.monitor;

import io.sepiola.protocol.map.MonMap;

/**
 * What a member of several monitors keeps for its next start, and whom it tells of its end. Called
 * on the monitor's shard.
 */
public interface MemberHome {
    /** The monitors, as this one knows them when it starts. */
    MonMap map();

    /**
     * Whether the agreed map has ever had this monitor. Until it has, the monitor asks to be let
     * in; if it has and does not any more, then it was removed.
     */
    boolean hasJoined();

    /** The monitors, as they are agreed now, this one among them. May be told the same again. */
    void keep(MonMap map);

    /**
     * It was removed, and the others need it no longer: it must not come back with what it has.
     *
     * @param map without it
     */
    void removed(MonMap map);

    /** Of a monitor whose place nobody changes. */
    static MemberHome fixed(MonMap map) {
        return new MemberHome() {
            @Override
            public MonMap map() {
                return map;
            }

            @Override
            public boolean hasJoined() {
                return true;
            }

            @Override
            public void keep(MonMap agreed) {}

            @Override
            public void removed(MonMap agreed) {}
        };
    }
}
