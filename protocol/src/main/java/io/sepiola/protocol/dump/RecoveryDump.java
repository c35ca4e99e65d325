package io.sepiola.protocol.dump;

import io.sepiola.base.Bytes;
import io.sepiola.base.Decoder;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.osd.ObjectCleanRegions;
import io.sepiola.protocol.osd.ObjectInfo;
import io.sepiola.protocol.osd.ObjectModDesc;
import io.sepiola.protocol.osd.ObjectRecoveryInfo;
import io.sepiola.protocol.osd.PullOp;
import io.sepiola.protocol.osd.PushOp;

import java.util.stream.Collectors;

/** What recovery reads and sends: an object's attributes, what changed of it, how to undo that. */
final class RecoveryDump {
    private static final int APPEND = 1;
    private static final int SET_ATTRIBUTES = 2;
    private static final int REMOVE = 3;
    private static final int CREATE = 4;
    private static final int UPDATE_SNAPS = 5;
    private static final int TRY_REMOVE = 6;

    private RecoveryDump() {}

    static void object(ObjectInfo info, JsonDump out) {
        out.object("oid", () -> ObjectDump.object(info.object(), out));
        out.put("version", info.version().toString());
        out.put("prior_version", info.prior().toString());
        out.put("last_reqid", ObjectDump.request(info.lastReqId()));
        out.unsigned("user_version", info.userVersion()).unsigned("size", info.size());
        out.put("mtime", Texts.stamp(info.time()));
        out.put("local_mtime", Texts.stamp(info.localTime()));
        out.put("lost", (info.flags() & ObjectInfo.LOST) != 0 ? 1 : 0);
        out.array("flags", () -> flags(info.flags(), out));
        out.unsigned("truncate_seq", info.truncateSeq());
        out.unsigned("truncate_size", info.truncateSize());
        out.put("data_digest", String.format("0x%08x", info.dataDigest()));
        out.put("omap_digest", String.format("0x%08x", info.omapDigest()));
        out.unsigned("expected_object_size", info.expectedObjectSize());
        out.unsigned("expected_write_size", info.expectedWriteSize());
        out.unsigned("alloc_hint_flags", info.hintFlags());
        out.object("manifest", () -> out.put("type", manifestType(info.manifest())));
        out.object(
                "watchers",
                () ->
                        info.watchers()
                                .forEach((key, watch) ->
                                        out.object(
                                                key.name().toString(),
                                                () -> ObjectDump.watch(watch, out))));
    }

    private static int manifestType(Bytes manifest) {
        return manifest.isEmpty() ? 0 : new Decoder(manifest).struct(1, (layout, in) -> in.u8());
    }

    private static void flags(int flags, JsonDump out) {
        flag(flags, ObjectInfo.LOST, "lost", out);
        flag(flags, ObjectInfo.WHITEOUT, "whiteout", out);
        flag(flags, ObjectInfo.DIRTY, "dirty", out);
        flag(flags, ObjectInfo.USES_TMAP, "uses_tmap", out);
        flag(flags, ObjectInfo.OMAP, "omap", out);
        flag(flags, ObjectInfo.DATA_DIGEST, "data_digest", out);
        flag(flags, ObjectInfo.OMAP_DIGEST, "omap_digest", out);
        flag(flags, ObjectInfo.CACHE_PIN, "cache_pin", out);
        flag(flags, ObjectInfo.MANIFEST, "manifest", out);
    }

    private static void flag(int flags, int bit, String word, JsonDump out) {
        if ((flags & bit) != 0) {
            out.put("", word);
        }
    }

    static void regions(ObjectCleanRegions regions, JsonDump out) {
        out.object(
                "object_clean_regions",
                () -> {
                    out.put("clean_offsets", ObjectDump.runs(regions.clean()));
                    out.put("clean_omap", regions.omapClean());
                    out.put("new_object", regions.newObject());
                });
    }

    static void undo(ObjectModDesc undo, JsonDump out) {
        out.object(
                "object_mod_desc",
                () -> {
                    out.put("can_local_rollback", undo.canRollBack());
                    out.put("rollback_info_completed", undo.complete());
                    out.array("ops", () -> steps(undo.steps(), out));
                });
    }

    /** Steps := S(v/v){code:u8, what the step needs} to the end. */
    private static void steps(Bytes steps, JsonDump out) {
        Decoder in = new Decoder(steps);
        while (in.remaining() > 0) {
            in.struct(
                    2,
                    (layout, step) -> {
                        out.object(() -> step(step, out));
                        return true;
                    });
        }
    }

    private static void step(Decoder in, JsonDump out) {
        int code = in.u8();
        switch (code) {
            case APPEND -> out.put("code", "APPEND").unsigned("old_size", in.u64());
            case SET_ATTRIBUTES -> {
                out.put("code", "SETATTRS");
                int count = in.u32();
                out.array(
                        "attrs",
                        () -> {
                            for (int i = 0; i < count; i++) {
                                out.put("attr_name", in.string());
                                if (in.bool()) {
                                    in.blob();
                                }
                            }
                        });
            }
            case REMOVE -> out.put("code", "RMOBJECT").unsigned("old_version", in.u64());
            case TRY_REMOVE -> out.put("code", "TRY_RMOBJECT").unsigned("old_version", in.u64());
            case CREATE -> out.put("code", "CREATE");
            case UPDATE_SNAPS -> out.put("code", "UPDATE_SNAPS");
            default -> out.put("code", "ROLLBACK_EXTENTS").unsigned("gen", in.u64());
        }
    }

    /** The snapshots of a clone, where there are some: list of u64. */
    static void cloned(Bytes snaps, JsonDump out) {
        if (snaps.isEmpty()) {
            return;
        }
        var list = Primitives.listOf(Primitives.U64).fromBytes(snaps);
        out.object("snaps", () -> list.forEach(snap -> out.unsigned("snap", snap)));
    }

    static void recovery(ObjectRecoveryInfo info, JsonDump out) {
        out.put("object", info.object().toString()).put("at_version", info.version().toString());
        out.put("size", Long.toUnsignedString(info.size()));
        out.object("object_info", () -> object(info.info(), out));
        out.object("snapset", () -> ObjectDump.snaps(info.snaps(), out));
        out.put("copy_subset", ObjectDump.runs(info.copy()));
        out.put(
                "clone_subset",
                info.clones().entrySet().stream()
                        .map(clone -> clone.getKey() + "=" + ObjectDump.runs(clone.getValue()))
                        .collect(Collectors.joining(",", "{", "}")));
        out.put("object_exist", info.exists() ? "1" : "0");
    }

    static void pull(PullOp pull, JsonDump out) {
        out.put("soid", pull.object().toString());
        out.object("recovery_info", () -> recovery(pull.info(), out));
        out.object("recovery_progress", () -> ObjectDump.progress(pull.progress(), out));
    }

    static void push(PushOp push, JsonDump out) {
        out.put("soid", push.object().toString()).put("version", push.version().toString());
        out.put("data_len", push.data().size());
        out.put("data_included", ObjectDump.runs(push.dataIncluded()));
        out.put("omap_header_len", push.omapHeader().size());
        out.put("omap_entries_len", push.omapEntries().size());
        out.put("attrset_len", push.attrs().size());
        out.object("recovery_info", () -> recovery(push.info(), out));
        out.object("after_progress", () -> ObjectDump.progress(push.after(), out));
        out.object("before_progress", () -> ObjectDump.progress(push.before(), out));
    }
}
