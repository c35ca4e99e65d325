package io.sepiola.monitor.text;

import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.PoolOption;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pools as {@code osd dump} and {@code osd pool ls detail} show them. */
public final class PoolText {
    private static final Map<Long, String> FLAGS = new LinkedHashMap<>();
    private static final Map<Integer, String> OPTIONS = new LinkedHashMap<>();

    static {
        String[] flags = {
            "hashpspool",
            "full",
            "ec_overwrites",
            "incomplete_clones",
            "nodelete",
            "nopgchange",
            "nosizechange",
            "write_fadvise_dontneed",
            "noscrub",
            "nodeep-scrub",
            "full_quota",
            "nearfull",
            "backfillfull",
            "selfmanaged_snaps",
            "pool_snaps",
            "creating",
            "eio",
            "bulk"
        };
        for (int bit = 0; bit < flags.length; bit++) {
            FLAGS.put(1L << bit, flags[bit]);
        }
        String[] options = {
            "scrub_min_interval",
            "scrub_max_interval",
            "deep_scrub_interval",
            "recovery_priority",
            "recovery_op_priority",
            "scrub_priority",
            "compression_mode",
            "compression_algorithm",
            "compression_required_ratio",
            "compression_max_blob_size",
            "compression_min_blob_size",
            "csum_type",
            "csum_max_block",
            "csum_min_block",
            "fingerprint_algorithm",
            "pg_num_min",
            "target_size_bytes",
            "target_size_ratio",
            "pg_autoscale_bias",
            "read_lease_interval",
            "dedup_tier",
            "dedup_chunk_algorithm",
            "dedup_cdc_chunk_size",
            "pg_num_max"
        };
        for (int key = 0; key < options.length; key++) {
            OPTIONS.put(key, options[key]);
        }
    }

    private PoolText() {}

    /** {@code hashpspool,selfmanaged_snaps}. */
    public static String flags(long flags) {
        List<String> names = new ArrayList<>();
        FLAGS.forEach((bit, name) -> {
            if ((flags & bit) != 0) {
                names.add(name);
            }
        });
        return String.join(",", names);
    }

    /** The bit of that name; 0 for none. */
    public static long flag(String name) {
        return FLAGS.entrySet().stream()
                .filter(entry -> entry.getValue().equals(name))
                .mapToLong(Map.Entry::getKey)
                .findFirst()
                .orElse(0);
    }

    /** The key of the option of that name; -1 for none. */
    public static int optionKey(String name) {
        return OPTIONS.entrySet().stream()
                .filter(entry -> entry.getValue().equals(name))
                .mapToInt(Map.Entry::getKey)
                .findFirst()
                .orElse(-1);
    }

    /** {@code off}, {@code warn} or {@code on}. */
    public static String autoscaleMode(int mode) {
        return switch (mode) {
            case 0 -> "off";
            case 1 -> "warn";
            case 2 -> "on";
            default -> "???";
        };
    }

    /** One line, without its end. */
    public static String line(long id, String name, PgPool pool) {
        StringBuilder out = new StringBuilder();
        out.append("pool ").append(id).append(" '").append(name).append("' ");
        if (pool.isErasure()) {
            out.append("erasure profile ").append(pool.erasureCodeProfile());
        } else {
            out.append("replicated");
        }
        out.append(" size ").append(pool.size());
        out.append(" min_size ").append(pool.minSize());
        out.append(" crush_rule ").append(pool.crushRule());
        out.append(" object_hash rjenkins");
        out.append(" pg_num ").append(pool.pgNum());
        out.append(" pgp_num ").append(pool.pgpNum());
        if (pool.pgNumTarget() != pool.pgNum()) {
            out.append(" pg_num_target ").append(pool.pgNumTarget());
        }
        if (pool.pgpNumTarget() != pool.pgpNum()) {
            out.append(" pgp_num_target ").append(pool.pgpNumTarget());
        }
        if (pool.pgNumPending() != pool.pgNum()) {
            out.append(" pg_num_pending ").append(pool.pgNumPending());
        }
        out.append(" autoscale_mode ").append(autoscaleMode(pool.autoscaleMode()));
        out.append(" last_change ").append(Integer.toUnsignedLong(pool.lastChange()));
        if (pool.forcedResend() != 0
                || pool.forcedResendPrenautilus() != 0
                || pool.forcedResendPreluminous() != 0) {
            out.append(" lfor ").append(pool.forcedResend());
            out.append('/').append(pool.forcedResendPrenautilus());
            out.append('/').append(pool.forcedResendPreluminous());
        }
        if (pool.flags() != 0) {
            out.append(" flags ").append(flags(pool.flags()));
        }
        if (pool.quotaBytesMax() != 0) {
            out.append(" max_bytes ").append(pool.quotaBytesMax());
        }
        if (pool.quotaObjectsMax() != 0) {
            out.append(" max_objects ").append(pool.quotaObjectsMax());
        }
        out.append(" stripe_width ").append(pool.stripeWidth());
        if (pool.expectedObjects() != 0) {
            out.append(" expected_num_objects ").append(pool.expectedObjects());
        }
        if (pool.fastRead()) {
            out.append(" fast_read 1");
        }
        namedOptions(pool)
                .forEach((key, value) ->
                        out.append(' ').append(key).append(' ').append(text(value)));
        if (!pool.applications().isEmpty()) {
            out.append(" application ").append(String.join(",", pool.applications().keySet()));
        }
        pool.snaps()
                .values()
                .forEach(snap ->
                        out.append("\n\tsnap ")
                                .append(snap.id())
                                .append(" '")
                                .append(snap.name())
                                .append("' ")
                                .append(Units.stamp(snap.stamp())));
        return out.toString();
    }

    private static Map<String, PoolOption> namedOptions(PgPool pool) {
        Map<String, PoolOption> named = new java.util.TreeMap<>();
        pool.options()
                .forEach((key, value) ->
                        named.put(OPTIONS.getOrDefault(key, "option" + key), value));
        return named;
    }

    /** An option's value for people. */
    public static String text(PoolOption option) {
        return switch (option) {
            case PoolOption.Text text -> text.value();
            case PoolOption.Whole whole -> Long.toString(whole.value());
            case PoolOption.Real real -> JsonText.significant(real.value(), 6);
        };
    }

    /** Adds the fields of a pool to {@code node}, after its id and name. */
    public static void fill(ObjectNode node, PgPool pool) {
        node.put("create_time", Units.stamp(pool.created()));
        node.put("flags", pool.flags()).put("flags_names", flags(pool.flags()));
        node.put("type", pool.type()).put("size", pool.size()).put("min_size", pool.minSize());
        node.put("crush_rule", pool.crushRule());
        node.put("peering_crush_bucket_count", pool.stretchBucketCount());
        node.put("peering_crush_bucket_target", pool.stretchBucketTarget());
        node.put("peering_crush_bucket_barrier", pool.stretchBucketBarrier());
        node.put("peering_crush_bucket_mandatory_member", pool.stretchBucketMandatory());
        node.put("object_hash", pool.objectHash());
        node.put("pg_autoscale_mode", autoscaleMode(pool.autoscaleMode()));
        node.put("pg_num", pool.pgNum()).put("pg_placement_num", pool.pgpNum());
        node.put("pg_placement_num_target", pool.pgpNumTarget());
        node.put("pg_num_target", pool.pgNumTarget()).put("pg_num_pending", pool.pgNumPending());
        ObjectNode merge = node.putObject("last_pg_merge_meta");
        merge.put("source_pgid", pool.lastMerge().source().toString());
        merge.put("ready_epoch", pool.lastMerge().readyEpoch());
        merge.put("last_epoch_started", pool.lastMerge().lastEpochStarted());
        merge.put("last_epoch_clean", pool.lastMerge().lastEpochClean());
        merge.put("source_version", pool.lastMerge().sourceVersion().toString());
        merge.put("target_version", pool.lastMerge().targetVersion().toString());
        node.put("last_change", Integer.toUnsignedString(pool.lastChange()));
        node.put("last_force_op_resend", Integer.toUnsignedString(pool.forcedResend()));
        node.put(
                "last_force_op_resend_prenautilus",
                Integer.toUnsignedString(pool.forcedResendPrenautilus()));
        node.put(
                "last_force_op_resend_preluminous",
                Integer.toUnsignedString(pool.forcedResendPreluminous()));
        node.put("auid", pool.auid());
        snaps(node, pool);
        caching(node, pool);
        node.put("stripe_width", pool.stripeWidth());
        node.put("expected_num_objects", pool.expectedObjects());
        node.put("fast_read", pool.fastRead());
        ObjectNode options = node.putObject("options");
        namedOptions(pool)
                .forEach((key, value) -> {
                    switch (value) {
                        case PoolOption.Text text -> options.put(key, text.value());
                        case PoolOption.Whole whole -> options.put(key, whole.value());
                        case PoolOption.Real real -> options.put(key, real.value());
                    }
                });
        ObjectNode applications = node.putObject("application_metadata");
        pool.applications()
                .forEach((application, notes) -> {
                    ObjectNode noted = applications.putObject(application);
                    notes.forEach(noted::put);
                });
    }

    private static void snaps(ObjectNode node, PgPool pool) {
        node.put("snap_mode", pool.hasFlag(PgPool.FLAG_POOL_SNAPS) ? "pool" : "selfmanaged");
        node.put("snap_seq", pool.snapSeq());
        node.put("snap_epoch", pool.snapEpoch());
        ArrayNode snaps = node.putArray("pool_snaps");
        pool.snaps()
                .values()
                .forEach(snap ->
                        snaps.addObject()
                                .put("snapid", snap.id())
                                .put("stamp", Units.stamp(snap.stamp()))
                                .put("name", snap.name()));
        List<String> removed =
                pool.removedSnaps().stream()
                        .map(run ->
                                Long.toHexString(run.start())
                                        + "~"
                                        + Long.toHexString(run.length()))
                        .toList();
        node.put("removed_snaps", "[" + String.join(",", removed) + "]");
        node.put("quota_max_bytes", pool.quotaBytesMax());
        node.put("quota_max_objects", pool.quotaObjectsMax());
    }

    private static void caching(ObjectNode node, PgPool pool) {
        ArrayNode tiers = node.putArray("tiers");
        pool.tiers().forEach(tier -> tiers.add((long) tier));
        node.put("tier_of", pool.tierOf());
        node.put("read_tier", pool.readTier()).put("write_tier", pool.writeTier());
        node.put("cache_mode", pool.cacheMode() == 0 ? "none" : "mode" + pool.cacheMode());
        node.put("target_max_bytes", pool.targetBytesMax());
        node.put("target_max_objects", pool.targetObjectsMax());
        node.put("cache_target_dirty_ratio_micro", pool.cacheTargetDirtyRatioMicro());
        node.put("cache_target_dirty_high_ratio_micro", pool.cacheTargetDirtyHighRatioMicro());
        node.put("cache_target_full_ratio_micro", pool.cacheTargetFullRatioMicro());
        node.put("cache_min_flush_age", pool.cacheFlushAgeMin());
        node.put("cache_min_evict_age", pool.cacheEvictAgeMin());
        node.put("erasure_code_profile", pool.erasureCodeProfile());
        node.putObject("hit_set_params").put("type", "none");
        node.put("hit_set_period", pool.hitSetPeriod()).put("hit_set_count", pool.hitSetCount());
        node.put("use_gmt_hitset", pool.gmtHitSet());
        node.put("min_read_recency_for_promote", pool.readRecencyMin());
        node.put("min_write_recency_for_promote", pool.writeRecencyMin());
        node.put("hit_set_grade_decay_rate", pool.hitSetGradeDecayRate());
        node.put("hit_set_search_last_n", pool.hitSetSearchLast());
        node.putArray("grade_table");
    }
}
