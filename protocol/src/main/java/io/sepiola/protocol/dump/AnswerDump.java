package io.sepiola.protocol.dump;

import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.OpOutputs;
import io.sepiola.protocol.osd.OpReturn;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.SnapContext;

/** Requests of clients, and what they are answered with. */
final class AnswerDump {
    private AnswerDump() {}

    static void name(EntityName name, JsonDump out) {
        out.put("type", name.type().label()).put("num", name.number());
    }

    static void request(OsdReqId request, JsonDump out) {
        out.put("name", request.name().toString()).put("inc", request.incarnation());
        out.unsigned("tid", request.tid());
    }

    static void context(SnapContext context, JsonDump out) {
        out.unsigned("seq", context.sequence());
        out.array("snaps", () -> context.snaps().forEach(snap -> out.unsigned("snap", snap)));
    }

    static void result(OpReturn op, JsonDump out) {
        out.put("rval", op.result()).put("bl_length", op.output().size());
    }

    static void listing(OpOutputs.PgListing listing, JsonDump out) {
        out.put("handle", listing.next().toString());
        out.array(
                "entries",
                () ->
                        listing.entries()
                                .forEach(entry ->
                                        out.object(() -> {
                                            out.put("namespace", entry.namespace());
                                            out.put("object", entry.name());
                                            out.put("key", entry.key());
                                        })));
    }

    static void watchers(OpOutputs.Watchers watchers, JsonDump out) {
        out.array(
                "entries",
                () -> watchers.watchers().forEach(it -> out.object(() -> watcher(it, out))));
    }

    private static void watcher(OpOutputs.Watchers.Watcher watcher, JsonDump out) {
        out.put("watcher", watcher.name().toString()).unsigned("cookie", watcher.cookie());
        out.unsigned("timeout", watcher.timeoutSeconds());
        out.object("addr", () -> AddrDump.addr(watcher.addr(), out));
    }

    static void snaps(OpOutputs.Snaps snaps, JsonDump out) {
        out.array(
                "clones",
                () -> {
                    snaps.clones().forEach(clone -> out.object(() -> clone(clone, out)));
                    out.unsigned("seq", snaps.sequence()); // within the array, as Ceph has it
                });
    }

    private static void clone(OpOutputs.Snaps.Clone clone, JsonDump out) {
        if (clone.id() == HObject.HEAD) {
            out.put("cloneid", "HEAD");
        } else {
            out.unsigned("cloneid", clone.id());
        }
        out.array(
                "snapshots",
                () -> clone.snaps().forEach(it -> out.object(() -> out.unsigned("id", it))));
        out.array("overlaps", () -> clone.overlap().forEach((at, size) -> run(at, size, out)));
        out.unsigned("size", clone.size());
    }

    private static void run(long offset, long length, JsonDump out) {
        out.object(() -> out.unsigned("offset", offset).unsigned("length", length));
    }
}
