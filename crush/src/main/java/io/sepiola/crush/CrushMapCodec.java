package io.sepiola.crush;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Ceph's binary map (CrushWrapper).
 *
 * <pre>
 * CrushMap := u32 0x00010000, s32 bucket slots, u32 rule slots, s32 devices max, Bucket..., Rule...,
 *   types, item names, rule names: map(s32, string), Tunables,
 *   classes: map(s32, s32), class names: map(s32, string), shadows: map(s32, map(s32, s32)),
 *   choose args: u32 n, n x {s64 id, u32 m, m x {u32 slot, u32 p, p x {u32 k, k x u32}, u32 k, k x s32}}
 * Bucket := u32 algorithm (0: empty slot), s32 id, u16 type, u8 algorithm, u8 hash 0, u32 weight, u32 n,
 *   n x s32 item, then uniform: u32 | list, straw: n x {u32 weight, u32} | tree: u8 k, k x u32 | straw2: n x u32
 * Rule := u32 present, u32 n, u8 ruleset, u8 type, u8 min, u8 max, n x {u32 op, s32, s32}
 * Tunables := u32 local, u32 fallback, u32 total, u32 once, u8 vary_r, u8 straw calc, u32 algorithms, u8 stable
 * </pre>
 *
 * Maps of older releases end earlier; what they lack has its old default.
 */
final class CrushMapCodec implements Codec<CrushMap> {
    private static final int MAGIC = 0x00010000;
    private static final int DEVICES_MAX = 1 << 20;
    private static final int BUCKETS_MAX = 1 << 20;
    private static final int TRIES_MAX = 1 << 20; // no sane map comes near it

    @Override
    public void encode(CrushMap map, Encoder out) {
        out.u32(MAGIC).u32(map.buckets.length).u32(map.rules.length).u32(map.deviceCountMax());
        for (CrushBucket bucket : map.buckets) {
            encodeBucket(bucket, out);
        }
        for (CrushRule rule : map.rules) {
            encodeRule(rule, out);
        }
        out.map(map.typeNames(), Primitives.U32, Primitives.STRING);
        out.map(map.itemNames(), Primitives.U32, Primitives.STRING);
        out.map(map.ruleNames(), Primitives.U32, Primitives.STRING);
        Tunables t = map.tunables();
        out.u32(t.chooseLocalTries()).u32(t.chooseLocalFallbackTries()).u32(t.chooseTotalTries());
        out.u32(t.chooseleafDescendOnce()).u8(t.chooseleafVaryR()).u8(t.strawCalcVersion());
        out.u32(t.allowedBucketAlgorithms()).u8(t.chooseleafStable());
        out.map(map.itemClasses(), Primitives.U32, Primitives.U32);
        out.map(map.classNames(), Primitives.U32, Primitives.STRING);
        out.u32(map.shadows().size());
        map.shadows()
                .forEach((id, byClass) -> out.u32(id).map(byClass, Primitives.U32, Primitives.U32));
        out.u32(map.chooseArgs().size());
        map.chooseArgs().forEach((id, args) -> encodeChooseArgs(id, args, out));
    }

    private static void encodeBucket(@Nullable CrushBucket bucket, Encoder out) {
        if (bucket == null) {
            out.u32(0);
            return;
        }
        int algorithm = bucket.algorithm();
        out.u32(algorithm).u32(bucket.id()).u16(bucket.type()).u8(algorithm).u8(0);
        out.u32(bucket.weight());
        encodeInts(bucket.items, out);
        switch (algorithm) {
            case CrushBucket.UNIFORM -> out.u32(bucket.extra[0]);
            case CrushBucket.LIST, CrushBucket.STRAW -> {
                for (int i = 0; i < bucket.items.length; i++) {
                    out.u32(bucket.weights[i]).u32(bucket.extra[i]);
                }
            }
            case CrushBucket.TREE -> {
                out.u8(bucket.extra.length);
                for (int node : bucket.extra) {
                    out.u32(node);
                }
            }
            default -> {
                for (int weight : bucket.weights) {
                    out.u32(weight);
                }
            }
        }
    }

    private static void encodeInts(int[] values, Encoder out) {
        out.u32(values.length);
        for (int value : values) {
            out.u32(value);
        }
    }

    private static void encodeRule(@Nullable CrushRule rule, Encoder out) {
        if (rule == null) {
            out.u32(0);
            return;
        }
        out.u32(1).u32(rule.steps().size());
        out.u8(rule.ruleset()).u8(rule.type()).u8(rule.sizeMin()).u8(rule.sizeMax());
        for (CrushRule.Step step : rule.steps()) {
            out.u32(step.operation()).u32(step.first()).u32(step.second());
        }
    }

    private static void encodeChooseArgs(long id, ChooseArgs args, Encoder out) {
        out.u64(id).u32(args.byBucket().size());
        args.byBucket()
                .forEach((bucket, replaced) -> {
                    out.u32(-1 - bucket).u32(replaced.weights().length);
                    for (int[] weights : replaced.weights()) {
                        encodeInts(weights, out);
                    }
                    encodeInts(replaced.ids(), out);
                });
    }

    @Override
    public CrushMap decode(Decoder in) {
        int magic = in.u32();
        if (magic != MAGIC) {
            throw new Malformed("not a crush map: it starts with " + Integer.toHexString(magic));
        }
        CrushDraft draft = new CrushDraft();
        int bucketSlots = in.u32();
        int ruleSlots = in.u32();
        draft.deviceCountMax = in.u32();
        if (bucketSlots < 0
                || ruleSlots < 0
                || bucketSlots + (long) ruleSlots > in.remaining() / 4) {
            throw new Malformed(
                    "crush map of "
                            + bucketSlots
                            + " buckets and "
                            + ruleSlots
                            + " rules in "
                            + in.remaining()
                            + " bytes");
        }
        if (draft.deviceCountMax < 0 || draft.deviceCountMax > DEVICES_MAX) {
            throw new Malformed("crush map of " + draft.deviceCountMax + " devices");
        }
        for (int slot = 0; slot < bucketSlots; slot++) {
            draft.buckets.add(decodeBucketOrNull(slot, in));
        }
        for (int id = 0; id < ruleSlots; id++) {
            draft.rules.add(decodeRuleOrNull(in));
        }
        draft.typeNames = names(in);
        draft.itemNames = names(in);
        draft.itemNames.keySet().forEach(CrushMapCodec::checkDevice);
        draft.ruleNames = names(in);
        draft.tunables = decodeTunables(in);
        if (in.hasMore()) {
            draft.itemClasses = new TreeMap<>(in.map(Primitives.U32, Primitives.U32));
            draft.classNames = names(in);
            draft.shadows = decodeShadows(in);
        }
        if (in.hasMore()) {
            draft.chooseArgs = decodeChooseArgs(draft, in);
        }
        return draft.build();
    }

    /** Tables by device are as long as the highest id. */
    private static void checkDevice(int item) {
        if (item >= DEVICES_MAX) {
            throw new Malformed("crush map with device " + item);
        }
    }

    private static NavigableMap<Integer, String> names(Decoder in) {
        return new TreeMap<>(in.map(Primitives.U32, Primitives.STRING));
    }

    private static @Nullable CrushBucket decodeBucketOrNull(int slot, Decoder in) {
        int present = in.u32();
        if (present == 0) {
            return null;
        }
        int id = in.u32();
        int type = in.u16();
        int algorithm = in.u8();
        int hash = in.u8();
        int weight = in.u32();
        if (id != -1 - slot || algorithm != present || type == 0) {
            throw new Malformed("bucket " + id + " of type " + type + " in slot " + slot);
        }
        if (hash != 0) {
            throw new Malformed("bucket " + id + " of unknown hash " + hash);
        }
        int[] items = ints(in);
        for (int item : items) {
            checkDevice(item);
        }
        int count = items.length;
        int[] weights = new int[count];
        int[] extra = {};
        switch (algorithm) {
            case CrushBucket.UNIFORM -> {
                extra = new int[] {in.u32()};
                java.util.Arrays.fill(weights, extra[0]);
            }
            case CrushBucket.LIST, CrushBucket.STRAW -> {
                extra = new int[count];
                for (int i = 0; i < count; i++) {
                    weights[i] = in.u32();
                    extra[i] = in.u32();
                }
            }
            case CrushBucket.TREE -> {
                extra = new int[in.u8()];
                for (int i = 0; i < extra.length; i++) {
                    extra[i] = in.u32();
                }
                TreeBucket.weights(id, extra, weights);
            }
            case CrushBucket.STRAW2 -> {
                for (int i = 0; i < count; i++) {
                    weights[i] = in.u32();
                }
            }
            default -> throw new Malformed("bucket " + id + " of unknown algorithm " + algorithm);
        }
        return new CrushBucket(id, type, algorithm, weight, items, weights, extra);
    }

    private static int[] ints(Decoder in) {
        int[] values = new int[in.count(4)];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.u32();
        }
        return values;
    }

    private static @Nullable CrushRule decodeRuleOrNull(Decoder in) {
        if (in.u32() == 0) {
            return null;
        }
        int count = in.u32();
        int ruleset = in.u8();
        int type = in.u8();
        int sizeMin = in.u8();
        int sizeMax = in.u8();
        if (count < 0 || count > in.remaining() / 12) {
            throw new Malformed("rule of " + count + " steps in " + in.remaining() + " bytes");
        }
        List<CrushRule.Step> steps = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            CrushRule.Step step = new CrushRule.Step(in.u32(), in.u32(), in.u32());
            if (step.operation() != CrushRule.Step.TAKE
                    && Math.abs((long) step.first()) > TRIES_MAX) {
                throw new Malformed(
                        "rule step " + step.operation() + " of " + step.first() + " tries");
            }
            steps.add(step);
        }
        return new CrushRule(ruleset, type, sizeMin, sizeMax, steps);
    }

    private static Tunables decodeTunables(Decoder in) {
        Tunables old = Tunables.LEGACY;
        if (!in.hasMore()) {
            return old;
        }
        int local = in.u32();
        int fallback = in.u32();
        int total = in.u32();
        if (Math.max(local, Math.max(fallback, total)) > TRIES_MAX
                || (local | fallback | total) < 0) {
            throw new Malformed("tunables of " + local + ", " + fallback + ", " + total + " tries");
        }
        int once = in.hasMore() ? in.u32() : old.chooseleafDescendOnce();
        int varyR = in.hasMore() ? in.u8() : old.chooseleafVaryR();
        int strawCalc = in.hasMore() ? in.u8() : old.strawCalcVersion();
        int algorithms = in.hasMore() ? in.u32() : old.allowedBucketAlgorithms();
        int stable = in.hasMore() ? in.u8() : old.chooseleafStable();
        return new Tunables(local, fallback, total, once, varyR, strawCalc, algorithms, stable);
    }

    private static NavigableMap<Integer, NavigableMap<Integer, Integer>> decodeShadows(Decoder in) {
        NavigableMap<Integer, NavigableMap<Integer, Integer>> shadows = new TreeMap<>();
        int count = in.count(8);
        for (int i = 0; i < count; i++) {
            int id = in.u32();
            NavigableMap<Integer, Integer> byClass =
                    new TreeMap<>(in.map(Primitives.U32, Primitives.U32));
            for (int shadow : byClass.values()) {
                if (shadow >= 0 || shadow < -BUCKETS_MAX) {
                    throw new Malformed("bucket " + id + " has a shadow of id " + shadow);
                }
            }
            shadows.put(id, byClass);
        }
        return shadows;
    }

    private static NavigableMap<Long, ChooseArgs> decodeChooseArgs(CrushDraft draft, Decoder in) {
        NavigableMap<Long, ChooseArgs> all = new TreeMap<>();
        int count = in.count(12);
        for (int i = 0; i < count; i++) {
            long id = in.u64();
            Map<Integer, ChooseArgs.Replaced> byBucket = new TreeMap<>();
            int bucketCount = in.count(12);
            for (int b = 0; b < bucketCount; b++) {
                int bucketId = -1 - in.u32();
                ChooseArgs.Replaced replaced = decodeReplaced(draft, bucketId, in);
                CrushBucket bucket = draft.bucketOrNull(bucketId);
                // Ceph drops at once what only straw2 buckets use.
                if (bucket != null && bucket.algorithm() == CrushBucket.STRAW2) {
                    byBucket.put(bucketId, replaced);
                }
            }
            all.put(id, new ChooseArgs(new TreeMap<>(byBucket)));
        }
        return all;
    }

    private static ChooseArgs.Replaced decodeReplaced(CrushDraft draft, int id, Decoder in) {
        CrushBucket bucket = draft.bucketOrNull(id);
        if (bucket == null) {
            throw new Malformed("choose_args for bucket " + id + ", which does not exist");
        }
        int[][] weights = new int[in.count(4)][];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = ints(in);
            requireSize(bucket, id, weights[i].length);
        }
        int[] ids = ints(in);
        if (ids.length > 0) {
            requireSize(bucket, id, ids.length);
        }
        return new ChooseArgs.Replaced(weights, ids);
    }

    private static void requireSize(CrushBucket bucket, int id, int count) {
        if (bucket.size() != count) {
            throw new Malformed("choose_args of " + count + " items for bucket " + id);
        }
    }
}
