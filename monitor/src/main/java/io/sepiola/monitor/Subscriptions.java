package io.sepiola.monitor;

import io.sepiola.base.Bytes;
import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.state.MonitorState;
import io.sepiola.monitor.state.OsdMaps;
import io.sepiola.protocol.caps.MonCaps;
import io.sepiola.protocol.fs.FsMap;
import io.sepiola.protocol.map.MgrMap;
import io.sepiola.protocol.map.MonMap;
import io.sepiola.protocol.message.LogEntry;
import io.sepiola.protocol.message.MConfig;
import io.sepiola.protocol.message.MFSMap;
import io.sepiola.protocol.message.MKVData;
import io.sepiola.protocol.message.MLog;
import io.sepiola.protocol.message.MMgrMap;
import io.sepiola.protocol.message.MMonMap;
import io.sepiola.protocol.message.MMonSubscribe;
import io.sepiola.protocol.message.MServiceMap;
import io.sepiola.protocol.message.Subscription;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Sends sessions the maps they wish for. Owned by the monitor's shard. */
final class Subscriptions {
    private static final int WISHES_MAX = 64; // of one session
    private static final List<String> LOG_LEVELS =
            List.of("log-debug", "log-info", "log-sec", "log-warn", "log-error");

    private final Supplier<MonitorState> state;
    private final LongSupplier version; // of what is committed
    private final MonitorKeys keys;
    private final PgCreations creations;
    private Bytes serviceMap = ServiceMaps.EMPTY;
    private long serviceMapVersion = 1;

    Subscriptions(
            Supplier<MonitorState> state,
            LongSupplier version,
            MonitorKeys keys,
            PgCreations creations) {
        this.state = state;
        this.version = version;
        this.keys = keys;
        this.creations = creations;
    }

    /** Takes a session's wishes, and fulfils what can be at once. */
    void wish(Session session, MMonSubscribe message) {
        MonCaps caps = session.caps(keys);
        session.host = message.hostname();
        for (Map.Entry<String, Subscription> entry : message.what().entrySet()) {
            String what = entry.getKey();
            if (!allowed(caps, what)
                    || session.wishes.size() >= WISHES_MAX && !session.wishes.containsKey(what)) {
                continue;
            }
            Subscription wanted = entry.getValue();
            boolean once = (wanted.flags() & Subscription.ONCE) != 0;
            session.wishes.put(what, new Session.Wish(wanted.first(), once));
            fulfil(session, what);
        }
    }

    private static boolean allowed(MonCaps caps, String what) {
        return switch (what) {
            case "monmap", "config" -> true;
            case "osdmap" -> caps.allows("mon", "r") && caps.allows("osd", "r");
            case "osd_pg_creates" -> caps.allows("osd", "w");
            case "fsmap", "mdsmap" -> caps.allows("mon", "r") && caps.allows("mds", "r");
            default ->
                    what.startsWith("kv:")
                            ? caps.allows("config-key", "r")
                            : caps.allows("mon", "r");
        };
    }

    private void fulfil(Session session, String what) {
        switch (what) {
            case "monmap" -> monMap(session);
            case "osdmap" -> osdMap(session);
            case "mgrmap" -> mgrMap(session);
            case "config" -> config(session);
            case "servicemap" -> serviceMap(session);
            case "fsmap" -> fsMap(session);
            case "osd_pg_creates" -> creations.tell(session, state.get());
            default -> {
                if (what.startsWith("kv:")) {
                    keysWhole(session, what);
                } else if (LOG_LEVELS.contains(what)) {
                    logEnd(session, what);
                }
            }
        }
    }

    /**
     * After a commit: sends what it changed.
     *
     * @param record the commit's version
     */
    void committed(Collection<Session> sessions, long record, List<Change> changes) {
        boolean osdMap = false;
        boolean monMap = false;
        boolean mgrMap = false;
        boolean config = false;
        boolean creating = false;
        List<LogEntry> logged = new ArrayList<>();
        for (Change change : changes) {
            osdMap |= change instanceof Change.OsdMapStep;
            monMap |= change instanceof Change.MonMapReplaced;
            mgrMap |= change instanceof Change.MgrMapReplaced;
            config |= isOfConfig(change);
            creating |= change instanceof Change.PgsCreated || change instanceof Change.PgForced;
            if (change instanceof Change.Logged more) {
                logged.addAll(more.entries());
            }
        }
        config |= osdMap && state.get().settings().isMasked(); // who moved has other options
        for (Session session : sessions) {
            if (osdMap) {
                pushOsdMaps(session);
                ifWished(session, "osdmap");
            }
            if (osdMap || creating) {
                ifWished(session, "osd_pg_creates");
            }
            if (monMap) {
                ifWished(session, "monmap");
            }
            if (mgrMap) {
                ifWished(session, "mgrmap");
            }
            if (config) {
                ifWished(session, "config");
            }
            log(session, record, logged);
            for (Change change : changes) {
                if (change instanceof Change.KeySet set) {
                    key(session, set.key(), Optional.of(set.value()));
                } else if (change instanceof Change.KeyRemoved removed) {
                    key(session, removed.key(), Optional.empty());
                }
            }
        }
    }

    private void ifWished(Session session, String what) {
        if (session.wishes.containsKey(what)) {
            fulfil(session, what);
        }
    }

    private static void fulfilled(Session session, String what, Session.Wish wish, long version) {
        if (wish.once()) {
            session.wishes.remove(what);
        } else {
            session.wishes.put(what, new Session.Wish(version + 1, false));
        }
    }

    private void monMap(Session session) {
        Session.Wish wish = session.wishes.get("monmap");
        MonMap map = state.get().monMap();
        if (wish != null && map.epoch() >= wish.next()) {
            session.send(new MMonMap(MonMap.CODEC.toBytes(map)));
            fulfilled(session, "monmap", wish, map.epoch());
        }
    }

    private void mgrMap(Session session) {
        Session.Wish wish = session.wishes.get("mgrmap");
        int epoch = state.get().mgrMap().epoch();
        if (wish != null && epoch >= wish.next()) {
            session.send(new MMgrMap(MgrMap.CODEC.toBytes(state.get().mgrMap())));
            fulfilled(session, "mgrmap", wish, epoch);
        }
    }

    private void osdMap(Session session) {
        Session.Wish wish = session.wishes.get("osdmap");
        OsdMaps maps = state.get().osdMaps();
        int newest = maps.newest().epoch();
        if (wish == null || newest < wish.next()) {
            return;
        }
        if (wish.next() < 1) {
            OsdMapSender.sendNewest(session::send, maps);
        } else {
            session.sendMaps(maps, (int) wish.next());
        }
        fulfilled(session, "osdmap", wish, newest);
    }

    static boolean isOfConfig(Change change) {
        return change instanceof Change.ConfigSet
                || change instanceof Change.ConfigRemoved
                || change instanceof Change.ConfigEdited;
    }

    /** OSDs that are up hear of every map without asking. */
    private void pushOsdMaps(Session session) {
        OsdMaps maps = state.get().osdMaps();
        if (session.osdMapSent >= 0 && session.osdMapSent < maps.newest().epoch()) {
            session.sendMaps(maps, session.osdMapSent + 1);
            session.osdMapSent = maps.newest().epoch();
        }
    }

    private void config(Session session) {
        Session.Wish wish = session.wishes.get("config");
        SortedMap<String, String> options = state.get().settingsOf(session.name(), session.host);
        if (wish != null && !options.equals(session.configSent)) {
            session.configSent = options;
            session.send(new MConfig(options));
            if (wish.once()) {
                session.wishes.remove("config");
            }
        }
    }

    /**
     * Takes what the manager says of services.
     *
     * @return whether it is new
     */
    boolean serviceMap(Collection<Session> sessions, Bytes map) {
        if (map.isEmpty() || map.equals(serviceMap)) {
            return false;
        }
        serviceMap = map.detach();
        serviceMapVersion++;
        sessions.forEach(session -> ifWished(session, "servicemap"));
        return true;
    }

    private void serviceMap(Session session) {
        Session.Wish wish = session.wishes.get("servicemap");
        if (wish != null && serviceMapVersion >= wish.next()) {
            session.send(new MServiceMap(serviceMap));
            fulfilled(session, "servicemap", wish, serviceMapVersion);
        }
    }

    private static void fsMap(Session session) {
        Session.Wish wish = session.wishes.get("fsmap");
        if (wish != null && wish.next() <= 1) {
            session.send(new MFSMap(1, FsMap.FIRST));
            fulfilled(session, "fsmap", wish, 1);
        }
    }

    /** The service map, encoded. */
    Bytes serviceMap() {
        return serviceMap;
    }

    private void keysWhole(Session session, String what) {
        String prefix = what.substring(3);
        Map<String, Optional<Bytes>> entries = new TreeMap<>();
        state.get()
                .keys()
                .tailMap(prefix)
                .forEach((key, value) -> {
                    if (key.startsWith(prefix)) {
                        entries.put(key, Optional.of(value));
                    }
                });
        session.send(new MKVData(1, prefix, false, entries));
    }

    private static void key(Session session, String key, Optional<Bytes> value) {
        for (String what : session.wishes.keySet()) {
            if (what.startsWith("kv:") && key.startsWith(what.substring(3))) {
                session.send(new MKVData(1, what.substring(3), true, Map.of(key, value)));
            }
        }
    }

    /** Ceph's clients show only what has a higher version than what they were shown before. */
    private void log(Session session, long record, List<LogEntry> entries) {
        for (String what : LOG_LEVELS) {
            if (session.wishes.containsKey(what)) {
                int level = LOG_LEVELS.indexOf(what);
                List<LogEntry> wanted =
                        entries.stream().filter(entry -> entry.level() >= level).toList();
                if (!wanted.isEmpty()) {
                    session.send(new MLog(record, state.get().monMap().fsid(), wanted));
                }
            }
        }
    }

    /** Who begins to follow the log sees its last entry; who goes on has seen it. */
    private void logEnd(Session session, String what) {
        Session.Wish wish = session.wishes.get(what);
        if (wish == null || wish.next() > 0) {
            return;
        }
        int level = LOG_LEVELS.indexOf(what);
        List<LogEntry> log = state.get().log();
        for (LogEntry entry : log.reversed()) {
            if (entry.level() >= level) {
                session.send(
                        new MLog(version.getAsLong(), state.get().monMap().fsid(), List.of(entry)));
                return;
            }
        }
    }
}
