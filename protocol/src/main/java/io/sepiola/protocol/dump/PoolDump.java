package io.sepiola.protocol.dump;

import io.sepiola.base.Decoder;
import io.sepiola.protocol.map.PgMerge;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.PoolOption;
import io.sepiola.protocol.map.PoolSnap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Pools. */
public final class PoolDump {
    private static final String[] FLAGS = {
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
    private static final String[] OPTIONS = {
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
    private static final String[] CACHE_MODES = {
        "none", "writeback", "forward", "readonly", "readforward", "readproxy", "proxy"
    };
    private static final String[] HIT_SETS = {"none", "explicit_hash", "explicit_object", "bloom"};

    private PoolDump() {}

    /** {@code hashpspool,selfmanaged_snaps}. */
    public static String flags(long flags) {
        List<String> names = new ArrayList<>();
        for (int bit = 0; bit < FLAGS.length; bit++) {
            if ((flags & 1L << bit) != 0) {
                names.add(FLAGS[bit]);
            }
        }
        return String.join(",", names);
    }

    private static String autoscaleMode(int mode) {
        return switch (mode) {
            case 0 -> "off";
            case 1 -> "warn";
            case 2 -> "on";
            default -> "???";
        };
    }

    private static String word(String[] words, int number) {
        return number >= 0 && number < words.length ? words[number] : "unknown";
    }

    private static Map<String, PoolOption> named(NavigableMap<Integer, PoolOption> options) {
        Map<String, PoolOption> named = new TreeMap<>();
        options.forEach((key, value) -> {
            if (key >= 0 && key < OPTIONS.length) {
                named.put(OPTIONS[key], value);
            }
        });
        return named;
    }

    /** The pool in one line, after its number and name. */
    static String line(PgPool pool) {
        StringBuilder out = new StringBuilder();
        out.append(pool.isReplicated() ? "replicated" : pool.isErasure() ? "erasure" : "???");
        if (pool.isErasure()) {
            out.append(" profile ").append(pool.erasureCodeProfile());
        }
        out.append(" size ").append(pool.size()).append(" min_size ").append(pool.minSize());
        out.append(" crush_rule ").append(pool.crushRule()).append(" object_hash ");
        out.append(
                pool.objectHash() == 2 ? "rjenkins" : pool.objectHash() == 1 ? "linux" : "unknown");
        out.append(" pg_num ").append(Integer.toUnsignedLong(pool.pgNum()));
        out.append(" pgp_num ").append(Integer.toUnsignedLong(pool.pgpNum()));
        when(pool.pgNumTarget() != pool.pgNum(), out, " pg_num_target ", pool.pgNumTarget());
        when(pool.pgpNumTarget() != pool.pgpNum(), out, " pgp_num_target ", pool.pgpNumTarget());
        when(pool.pgNumPending() != pool.pgNum(), out, " pg_num_pending ", pool.pgNumPending());
        out.append(" autoscale_mode ").append(autoscaleMode(pool.autoscaleMode()));
        out.append(" last_change ").append(Integer.toUnsignedLong(pool.lastChange()));
        if ((pool.forcedResend() | pool.forcedResendPrenautilus() | pool.forcedResendPreluminous())
                != 0) {
            out.append(" lfor ").append(Integer.toUnsignedLong(pool.forcedResend()));
            out.append('/').append(Integer.toUnsignedLong(pool.forcedResendPrenautilus()));
            out.append('/').append(Integer.toUnsignedLong(pool.forcedResendPreluminous()));
        }
        out.append(pool.flags() != 0 ? " flags " + flags(pool.flags()) : "");
        when(pool.quotaBytesMax() != 0, out, " max_bytes ", pool.quotaBytesMax());
        when(pool.quotaObjectsMax() != 0, out, " max_objects ", pool.quotaObjectsMax());
        tiers(pool, out);
        out.append(" stripe_width ").append(Integer.toUnsignedLong(pool.stripeWidth()));
        when(pool.expectedObjects() != 0, out, " expected_num_objects ", pool.expectedObjects());
        out.append(pool.fastRead() ? " fast_read 1" : "");
        named(pool.options())
                .forEach((key, value) ->
                        out.append(' ').append(key).append(' ').append(text(value)));
        if (!pool.applications().isEmpty()) {
            out.append(" application ").append(String.join(",", pool.applications().keySet()));
        }
        return out.toString();
    }

    private static void tiers(PgPool pool, StringBuilder out) {
        if (!pool.tiers().isEmpty()) {
            out.append(" tiers ")
                    .append(
                            pool.tiers().stream()
                                    .map(Object::toString)
                                    .collect(Collectors.joining(",")));
        }
        when(pool.tierOf() >= 0, out, " tier_of ", pool.tierOf());
        when(pool.readTier() >= 0, out, " read_tier ", pool.readTier());
        when(pool.writeTier() >= 0, out, " write_tier ", pool.writeTier());
        if (pool.cacheMode() != 0) {
            out.append(" cache_mode ").append(word(CACHE_MODES, pool.cacheMode()));
        }
        when(pool.targetBytesMax() != 0, out, " target_bytes ", pool.targetBytesMax());
        when(pool.targetObjectsMax() != 0, out, " target_objects ", pool.targetObjectsMax());
        HitSet hitSet = HitSet.of(pool);
        if (hitSet.kind != 0) {
            out.append(" hit_set ").append(hitSet).append(' ');
            out.append(Integer.toUnsignedLong(pool.hitSetPeriod())).append("s x");
            out.append(Integer.toUnsignedLong(pool.hitSetCount())).append(" decay_rate ");
            out.append(pool.hitSetGradeDecayRate()).append(" search_last_n ");
            out.append(pool.hitSetSearchLast());
        }
        when(
                pool.readRecencyMin() != 0,
                out,
                " min_read_recency_for_promote ",
                pool.readRecencyMin());
        when(
                pool.writeRecencyMin() != 0,
                out,
                " min_write_recency_for_promote ",
                pool.writeRecencyMin());
    }

    private static void when(boolean shown, StringBuilder out, String name, long value) {
        if (shown) {
            out.append(name).append(Long.toUnsignedString(value));
        }
    }

    private static void when(boolean shown, StringBuilder out, String name, int value) {
        when(shown, out, name, Integer.toUnsignedLong(value));
    }

    private static String text(PoolOption option) {
        return switch (option) {
            case PoolOption.Text text -> text.value();
            case PoolOption.Whole whole -> Long.toString(whole.value());
            case PoolOption.Real real -> Texts.general(real.value(), 6);
        };
    }

    /** The fields of a pool. */
    static void pool(PgPool pool, JsonDump out) {
        out.put("create_time", Texts.stamp(pool.created()));
        out.unsigned("flags", pool.flags()).put("flags_names", flags(pool.flags()));
        out.put("type", pool.type()).put("size", pool.size()).put("min_size", pool.minSize());
        out.put("crush_rule", pool.crushRule());
        out.put("peering_crush_bucket_count", pool.stretchBucketCount());
        out.put("peering_crush_bucket_target", pool.stretchBucketTarget());
        out.put("peering_crush_bucket_barrier", pool.stretchBucketBarrier());
        out.put("peering_crush_bucket_mandatory_member", pool.stretchBucketMandatory());
        out.put("object_hash", pool.objectHash());
        out.put("pg_autoscale_mode", autoscaleMode(pool.autoscaleMode()));
        out.unsigned("pg_num", pool.pgNum()).unsigned("pg_placement_num", pool.pgpNum());
        out.unsigned("pg_placement_num_target", pool.pgpNumTarget());
        out.unsigned("pg_num_target", pool.pgNumTarget());
        out.unsigned("pg_num_pending", pool.pgNumPending());
        out.object("last_pg_merge_meta", () -> merge(pool.lastMerge(), out));
        out.put("last_change", Integer.toUnsignedString(pool.lastChange()));
        out.put("last_force_op_resend", Integer.toUnsignedString(pool.forcedResend()));
        out.put(
                "last_force_op_resend_prenautilus",
                Integer.toUnsignedString(pool.forcedResendPrenautilus()));
        out.put(
                "last_force_op_resend_preluminous",
                Integer.toUnsignedString(pool.forcedResendPreluminous()));
        out.unsigned("auid", pool.auid());
        out.put("snap_mode", pool.hasFlag(PgPool.FLAG_POOL_SNAPS) ? "pool" : "selfmanaged");
        out.unsigned("snap_seq", pool.snapSeq()).unsigned("snap_epoch", pool.snapEpoch());
        out.array(
                "pool_snaps",
                () -> pool.snaps().values().forEach(snap -> out.object(() -> snap(snap, out))));
        out.put("removed_snaps", Texts.runs(pool.removedSnaps()));
        out.unsigned("quota_max_bytes", pool.quotaBytesMax());
        out.unsigned("quota_max_objects", pool.quotaObjectsMax());
        caching(pool, out);
        out.unsigned("stripe_width", pool.stripeWidth());
        out.unsigned("expected_num_objects", pool.expectedObjects());
        out.put("fast_read", pool.fastRead());
        out.object("options", () -> options(pool.options(), out));
        out.object(
                "application_metadata",
                () ->
                        pool.applications()
                                .forEach((name, notes) ->
                                        out.object(name, () -> notes.forEach(out::put))));
    }

    private static void caching(PgPool pool, JsonDump out) {
        out.array("tiers", () -> pool.tiers().forEach(tier -> out.unsigned("pool_id", tier)));
        out.put("tier_of", pool.tierOf());
        out.put("read_tier", pool.readTier()).put("write_tier", pool.writeTier());
        out.put("cache_mode", word(CACHE_MODES, pool.cacheMode()));
        out.unsigned("target_max_bytes", pool.targetBytesMax());
        out.unsigned("target_max_objects", pool.targetObjectsMax());
        out.unsigned("cache_target_dirty_ratio_micro", pool.cacheTargetDirtyRatioMicro());
        out.unsigned("cache_target_dirty_high_ratio_micro", pool.cacheTargetDirtyHighRatioMicro());
        out.unsigned("cache_target_full_ratio_micro", pool.cacheTargetFullRatioMicro());
        out.unsigned("cache_min_flush_age", pool.cacheFlushAgeMin());
        out.unsigned("cache_min_evict_age", pool.cacheEvictAgeMin());
        out.put("erasure_code_profile", pool.erasureCodeProfile());
        out.object("hit_set_params", () -> HitSet.of(pool).dump(out));
        out.unsigned("hit_set_period", pool.hitSetPeriod());
        out.unsigned("hit_set_count", pool.hitSetCount());
        out.put("use_gmt_hitset", pool.gmtHitSet());
        out.unsigned("min_read_recency_for_promote", pool.readRecencyMin());
        out.unsigned("min_write_recency_for_promote", pool.writeRecencyMin());
        out.unsigned("hit_set_grade_decay_rate", pool.hitSetGradeDecayRate());
        out.unsigned("hit_set_search_last_n", pool.hitSetSearchLast());
        out.array("grade_table", () -> grades(pool, out));
    }

    private static void grades(PgPool pool, JsonDump out) {
        int grade = 1_000_000;
        int count = Math.clamp(Integer.toUnsignedLong(pool.hitSetCount()), 0, 1000);
        for (int i = 0; i < count; i++) {
            grade = (int) (grade * (1 - pool.hitSetGradeDecayRate() / 100.0));
            out.put("value", grade);
        }
    }

    /** The fields of a merge's notes. */
    static void merge(PgMerge merge, JsonDump out) {
        out.put("source_pgid", merge.source().toString());
        out.unsigned("ready_epoch", merge.readyEpoch());
        out.unsigned("last_epoch_started", merge.lastEpochStarted());
        out.unsigned("last_epoch_clean", merge.lastEpochClean());
        out.put("source_version", merge.sourceVersion().toString());
        out.put("target_version", merge.targetVersion().toString());
    }

    /** The fields of a pool's snapshot. */
    static void snap(PoolSnap snap, JsonDump out) {
        out.unsigned("snapid", snap.id()).put("stamp", Texts.stamp(snap.stamp()));
        out.put("name", snap.name());
    }

    /** Options by name. */
    static void options(NavigableMap<Integer, PoolOption> options, JsonDump out) {
        named(options)
                .forEach((key, value) -> {
                    switch (value) {
                        case PoolOption.Text text -> out.put(key, text.value());
                        case PoolOption.Whole whole -> out.put(key, whole.value());
                        case PoolOption.Real real -> out.put(key, real.value());
                    }
                });
    }

    /**
     * hit_set_params_t := S(1/1){kind:u8, for a bloom filter S(1/1){probability micro:u32 size:u64
     * seed:u64}}.
     */
    private record HitSet(int kind, double probability, long targetSize, long seed) {
        static HitSet of(PgPool pool) {
            return new Decoder(pool.hitSetParams())
                    .struct(
                            1,
                            (v, in) -> {
                                int kind = in.u8();
                                return kind != 3
                                        ? new HitSet(kind, 0, 0, 0)
                                        : in.struct(
                                                1,
                                                (w, bloom) ->
                                                        new HitSet(
                                                                kind,
                                                                Integer.toUnsignedLong(bloom.u32())
                                                                        / 1_000_000.0,
                                                                bloom.u64(),
                                                                bloom.u64()));
                            });
        }

        void dump(JsonDump out) {
            out.put("type", word(HIT_SETS, kind));
            if (kind == 3) {
                out.put("false_positive_probability", probability);
                out.unsigned("target_size", targetSize).unsigned("seed", seed);
            }
        }

        @Override
        public String toString() {
            return kind != 3
                    ? word(HIT_SETS, kind)
                    : "bloom{false_positive_probability: "
                            + Texts.general(probability, 6)
                            + ", target_size: "
                            + Long.toUnsignedString(targetSize)
                            + ", seed: "
                            + Long.toUnsignedString(seed)
                            + "}";
        }
    }
}
