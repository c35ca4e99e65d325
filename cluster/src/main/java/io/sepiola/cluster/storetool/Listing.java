package io.sepiola.cluster.storetool;

import io.sepiola.protocol.dump.JsonDump;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.ObjectInfo;
import io.sepiola.protocol.osd.Transaction;
import io.sepiola.store.ObjectStore;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Lists of groups and objects, in the lines of Ceph's tool. */
final class Listing {
    private static final int PAGE = 1000;
    private static final long SLOW_SECONDS = 16;

    private final ToolStore store;
    private final ToolStreams streams;
    private final StoreOptions options;

    /**
     * An object that is listed.
     *
     * @param secondsOrNegative that its omap took; negative when that was not asked
     */
    private record Line(ObjectTarget target, long secondsOrNegative) {}

    Listing(ToolStore store, ToolStreams streams, StoreOptions options) {
        this.store = store;
        this.streams = streams;
        this.options = options;
    }

    private String name() {
        return options.words().isEmpty() ? "" : options.words().getFirst();
    }

    void groups() {
        store.groups().forEach(streams.out()::println);
    }

    void objects(boolean pretty) {
        List<Line> lines = new ArrayList<>();
        for (ObjectTarget found : ObjectTarget.find(store, options, name())) {
            lines.add(new Line(found, -1));
        }
        print(lines, pretty);
    }

    void meta(boolean pretty) {
        List<Line> lines = new ArrayList<>();
        store.forEach(
                CollectionId.META,
                object -> {
                    if (name().isEmpty() || object.object().name().equals(name())) {
                        lines.add(new Line(new ObjectTarget(CollectionId.META, object), -1));
                    }
                });
        print(lines, pretty);
    }

    void slowOmaps(boolean pretty) {
        Optional<String> threshold = options.value("slow-omap-threshold");
        long least;
        try {
            least = threshold.map(Long::parseUnsignedLong).orElse(SLOW_SECONDS);
        } catch (NumberFormatException bad) {
            throw new ToolRefusal(
                    "the argument ('"
                            + threshold.orElse("")
                            + "') for option '--slow-omap-threshold' is invalid");
        }
        List<Line> slow = new ArrayList<>();
        for (ObjectTarget target : ObjectTarget.find(store, options, name())) {
            long seconds = secondsOfOmap(target);
            if (seconds >= least) {
                slow.add(new Line(target, seconds));
            }
        }
        print(slow, pretty);
    }

    private long secondsOfOmap(ObjectTarget target) {
        long began = System.nanoTime();
        String after = "";
        ObjectStore.OmapPage page;
        do {
            page = store.store().omap(target.collection(), target.object(), after, "", PAGE);
            after = page.entries().isEmpty() ? after : page.entries().lastKey();
        } while (page.more());
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
    }

    /** For people each object has its own line; else all are in one array. */
    private void print(List<Line> lines, boolean pretty) {
        if (pretty) {
            for (Line line : lines) {
                JsonDump json = new JsonDump(false);
                json.array(() -> put(line, json, false));
                streams.out().println(json);
            }
            return;
        }
        JsonDump json = new JsonDump(false);
        json.array(() -> lines.forEach(line -> json.array(() -> put(line, json, true))));
        streams.out().println(json);
    }

    private static void put(Line line, JsonDump json, boolean withCollection) {
        CollectionId collection = line.target.collection();
        if (collection instanceof CollectionId.Pg group) {
            json.put("", group.pg().toString());
        }
        if (withCollection || collection.equals(CollectionId.META)) {
            json.put("", collection.toString());
        }
        json.object(() -> ObjectTarget.put(line.target.object(), json));
        if (line.secondsOrNegative >= 0) {
            json.object(() -> json.put("total_time", line.secondsOrNegative));
        }
    }

    /** Takes the mark of a lost object off. */
    void fixLost() {
        for (ObjectTarget target : ObjectTarget.find(store, options, "")) {
            Optional<ObjectInfo> info =
                    store.store()
                            .attr(target.collection(), target.object(), ObjectVerbs.INFO)
                            .map(ObjectInfo.CODEC::fromBytes)
                            .filter(it -> (it.flags() & ObjectInfo.LOST) != 0);
            if (info.isPresent()) {
                fix(target, info.get());
            }
        }
    }

    private void fix(ObjectTarget target, ObjectInfo info) {
        streams.out()
                .println(
                        target.collection()
                                + "/"
                                + ObjectTarget.text(target.object())
                                + " is lost"
                                + (store.isDryRun() ? "" : ", fixing"));
        ObjectInfo found =
                ObjectInfos.with(
                        info, info.size(), info.flags() & ~ObjectInfo.LOST, info.dataDigest());
        store.commit(
                List.of(
                        new Transaction.SetAttr(
                                target.collection(),
                                target.object(),
                                ObjectVerbs.INFO,
                                ObjectInfo.CODEC.toBytes(found))));
    }
}
