package io.sepiola.protocol.dump;

import io.sepiola.protocol.PgShard;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.MissingItem;
import io.sepiola.protocol.osd.ObjectCleanRegions;
import io.sepiola.protocol.osd.PastIntervals;
import io.sepiola.protocol.osd.PgMissing;
import io.sepiola.protocol.osd.PgNotify;

import java.util.stream.Collectors;

/** What members of a placement group tell one another to agree. */
final class PeeringDump {
    private PeeringDump() {}

    static void shard(PgShard shard, JsonDump out) {
        out.unsigned("osd", shard.osd());
        if (shard.shard() != SpgId.NO_SHARD) {
            out.put("shard", shard.shard());
        }
    }

    static void intervals(PastIntervals past, JsonDump out) {
        out.object(
                "PastIntervals::compact_rep",
                () -> {
                    epochs(past.first(), past.last(), out);
                    out.array(
                            "all_participants",
                            () -> past.all().forEach(it -> out.object(() -> shard(it, out))));
                    out.array(
                            "intervals",
                            () ->
                                    past.intervals()
                                            .forEach(it -> out.object(() -> interval(it, out))));
                });
    }

    private static void interval(PastIntervals.Interval interval, JsonDump out) {
        epochs(interval.first(), interval.last(), out);
        out.put(
                "acting",
                interval.acting().stream().map(PgShard::toString).collect(Collectors.joining(",")));
    }

    /** As texts, unlike all other epochs. */
    private static void epochs(int first, int last, JsonDump out) {
        out.put("first", Integer.toUnsignedString(first));
        out.put("last", Integer.toUnsignedString(last));
    }

    static void missing(MissingItem item, JsonDump out) {
        out.put("need", item.need().toString()).put("have", item.have().toString());
        out.put("flags", item.flags() == 0 ? "none" : "delete");
        ObjectCleanRegions regions = item.cleanRegions();
        out.put(
                "clean_regions",
                "clean_offsets: %s, clean_omap: %d, new_object: %d"
                        .formatted(
                                ObjectDump.runs(regions.clean()),
                                regions.omapClean() ? 1 : 0,
                                regions.newObject() ? 1 : 0));
    }

    static void missing(PgMissing missing, JsonDump out) {
        out.array(
                "missing",
                () ->
                        missing.items()
                                .forEach((object, item) ->
                                        out.object(() -> {
                                            out.put("object", object.toString());
                                            missing(item, out);
                                        })));
        out.put("may_include_deletes", missing.mayIncludeDeletes());
    }

    static void notification(PgNotify notify, JsonDump out) {
        out.put("from", notify.from()).put("to", notify.to());
        out.unsigned("query_epoch", notify.queryEpoch()).unsigned("epoch_sent", notify.epochSent());
        out.object("info", () -> GroupDump.info(notify.info(), out));
        out.object("past_intervals", () -> intervals(notify.pastIntervals(), out));
    }
}
