package io.sepiola.monitor.state;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.auth.EntityAuth;
import io.sepiola.protocol.auth.RotatingSecrets;
import io.sepiola.protocol.map.MgrMap;
import io.sepiola.protocol.map.MonMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.message.LogEntry;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** One step of the agreed state. */
public sealed interface Change {
    /**
     * The whole state of another log, with which this one begins.
     *
     * @param packed as {@link RestoredState} packs it
     */
    record Restored(Bytes packed) implements Change {}

    /** The next epoch of the OSD map; its checksums are filled in. */
    record OsdMapStep(OsdMapIncremental incremental) implements Change {}

    /** OSD maps before the epoch {@code first} are shown to nobody any more. */
    record OsdMapsTrimmed(int first) implements Change {}

    /** Another monitor map. */
    record MonMapReplaced(MonMap map) implements Change {}

    /** Another manager map. */
    record MgrMapReplaced(MgrMap map) implements Change {}

    /** A new entity, or another key or other caps of one. */
    record AuthSet(AuthName name, EntityAuth auth) implements Change {}

    /** An entity is gone. */
    record AuthRemoved(AuthName name) implements Change {}

    /** Other rotating secrets of a service. */
    record SecretsRotated(EntityType service, RotatingSecrets secrets) implements Change {}

    /** Other types of keys are used. */
    record CiphersSet(Ciphers ciphers) implements Change {}

    /** Global ids below {@code end} may be given out. */
    record GlobalIdsReserved(long end) implements Change {}

    /** An option of a section (global, osd, osd.3) has a value. */
    record ConfigSet(String section, String option, String value) implements Change {}

    /** An option of a section has none. */
    record ConfigRemoved(String section, String option) implements Change {}

    /**
     * Options are set and removed, at once.
     *
     * @param why for the history; mostly empty
     */
    record ConfigEdited(Utime stamp, String why, List<Settings.Edit> edits) implements Change {
        /** Copies the list. */
        public ConfigEdited {
            edits = List.copyOf(edits);
        }
    }

    /** A key of the configuration key store has a value. */
    record KeySet(String key, Bytes value) implements Change {}

    /** A key is gone. */
    record KeyRemoved(String key) implements Change {}

    /** Entries of the cluster log. */
    record Logged(List<LogEntry> entries) implements Change {
        /** Copies the list. */
        public Logged {
            entries = List.copyOf(entries);
        }
    }

    /** What an OSD says about itself. */
    record OsdDescribed(int osd, SortedMap<String, String> metadata) implements Change {
        /** Copies the map. */
        public OsdDescribed {
            metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
        }
    }

    /** What a manager says about itself. */
    record MgrDescribed(String name, SortedMap<String, String> metadata) implements Change {
        /** Copies the map. */
        public MgrDescribed {
            metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
        }
    }

    /** A placement group that is lost is to be made anew, empty. */
    record PgForced(PgId pg, int epoch, Utime stamp) implements Change {}

    /** Placement groups that their OSDs have made. */
    record PgsCreated(SortedSet<PgId> pgs) implements Change {
        /** Copies the set. */
        public PgsCreated {
            pgs = Collections.unmodifiableSortedSet(new TreeSet<>(pgs));
        }
    }

    /** Nobody wants to hear of a health check for a while. */
    record HealthMuted(Mute mute) implements Change {}

    /** A health check is told of again. */
    record HealthUnmuted(String code) implements Change {}
}
