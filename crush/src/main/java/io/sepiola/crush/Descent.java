package io.sepiola.crush;

import org.jspecify.annotations.Nullable;

/**
 * Descents from a bucket to items of a wanted type, avoiding collisions and devices that are out.
 * Follows Ceph's retries step by step, since each changes the result. Owned by one run of a rule,
 * which begins it anew for each input; nothing is allocated after that.
 */
final class Descent {
    private static final int NONE = CrushMap.ITEM_NONE;
    private static final int UNDEFINED = 0x7ffffffe;

    private final CrushMap map;
    private final int[] weights;
    private final BucketChoice choice;
    private int x;
    int @Nullable [] histogramOrNull; // of the failures that successes took
    int tries;
    int innerTries; // below a chosen bucket
    int localTries;
    int fallbackTries;
    int varyR;
    boolean stable;

    Descent(CrushMap map, int[] weights, @Nullable ChooseArgs chooseArgs) {
        this.map = map;
        this.weights = weights;
        this.choice = new BucketChoice(map, chooseArgs);
    }

    /** Takes another input, and the map's tunables as no step has changed them yet. */
    void begin(int input) {
        x = input;
        choice.begin(input);
        Tunables tunables = map.tunables();
        tries = tunables.chooseTotalTries() + 1; // it once meant retries
        localTries = tunables.chooseLocalTries();
        fallbackTries = tunables.chooseLocalFallbackTries();
        varyR = tunables.chooseleafVaryR();
        stable = tunables.chooseleafStable() != 0;
    }

    private void count(int failures) {
        if (histogramOrNull != null && failures < histogramOrNull.length) {
            histogramOrNull[failures]++;
        }
    }

    private boolean isOut(int device) {
        if (device >= weights.length) {
            return true;
        }
        int weight = weights[device];
        if (weight >= 0x10000) {
            return false;
        }
        return weight == 0 || (CrushHash.of(x, device) & 0xffff) >= weight;
    }

    /** The item's type; -1 when there is no such item. */
    private int typeOf(int item) {
        if (item >= 0) {
            return item < map.deviceCountMax() ? 0 : -1;
        }
        CrushBucket bucket = map.bucketOrNull(item);
        return bucket == null ? -1 : bucket.type();
    }

    /**
     * Chooses without gaps.
     *
     * @param out receives from {@code start} up to {@code limit}
     * @param leaves when given, receives a device below each
     * @return where the chosen end
     */
    int firstn(
            CrushBucket bucket,
            int wanted,
            int type,
            int[] out,
            int start,
            int @Nullable [] leaves,
            int limit) {
        return firstn(bucket, wanted, type, out, start, 0, limit - start, tries, leaves, 0) + start;
    }

    // Positions count from base, where this bucket's choices begin: collisions are looked for
    // there.
    private int firstn(
            CrushBucket bucket,
            int wanted,
            int type,
            int[] out,
            int base,
            int startPosition,
            int room,
            int triesMax,
            int @Nullable [] leaves,
            int parentR) {
        int position = startPosition;
        int left = room;
        for (int rep = stable ? 0 : startPosition; rep < wanted && left > 0; rep++) {
            int item =
                    attempt(
                            bucket, rep, type, out, base, position, left, triesMax, leaves,
                            parentR);
            if (item != NONE) {
                out[base + position] = item;
                position++;
                left--;
            }
        }
        return position;
    }

    private int attempt(
            CrushBucket start,
            int rep,
            int type,
            int[] out,
            int base,
            int position,
            int left,
            int triesMax,
            int @Nullable [] leaves,
            int parentR) {
        int failures = 0;
        while (true) { // descents
            CrushBucket in = start;
            int localFailures = 0;
            boolean retryBucket = true;
            boolean retryDescent = false;
            while (retryBucket) {
                retryBucket = false;
                boolean collides = false;
                boolean rejected = true;
                int item = NONE;
                if (in.items.length > 0) {
                    int r = rep + parentR + failures;
                    boolean byPermutation =
                            fallbackTries > 0
                                    && localFailures >= in.items.length >> 1
                                    && localFailures > fallbackTries;
                    item = byPermutation ? choice.permuted(in, r) : choice.choose(in, r, position);
                    int itemType = typeOf(item);
                    if (itemType != type) {
                        CrushBucket below = map.bucketOrNull(item);
                        if (below == null) {
                            return NONE;
                        }
                        in = below;
                        retryBucket = true;
                        continue;
                    }
                    collides = contains(out, base, base + position, item);
                    rejected =
                            !collides
                                    && (leaves != null
                                                    && !leafBelow(
                                                            item, r, base, position, left, leaves)
                                            || itemType == 0 && isOut(item));
                }
                if (!rejected && !collides) {
                    count(failures);
                    return item;
                }
                choice.spend(1);
                failures++;
                localFailures++;
                if (collides && localFailures <= localTries) {
                    retryBucket = true;
                } else if (fallbackTries > 0 && localFailures <= in.items.length + fallbackTries) {
                    retryBucket = true;
                } else if (failures < triesMax) {
                    retryDescent = true;
                } else {
                    return NONE;
                }
            }
            if (!retryDescent) {
                return NONE;
            }
        }
    }

    private boolean leafBelow(int item, int r, int base, int position, int left, int[] leaves) {
        if (item >= 0) {
            leaves[base + position] = item;
            return true;
        }
        CrushBucket bucket = map.bucketOrNull(item);
        if (bucket == null) {
            return false;
        }
        int below = varyR != 0 ? r >> (varyR - 1) : 0;
        int wanted = stable ? 1 : position + 1;
        return firstn(bucket, wanted, 0, leaves, base, position, left, innerTries, null, below)
                > position;
    }

    private static boolean contains(int[] items, int from, int to, int item) {
        for (int i = from; i < to; i++) {
            if (items[i] == item) {
                return true;
            }
        }
        return false;
    }

    /**
     * Chooses with gaps kept as {@link CrushMap#ITEM_NONE}.
     *
     * @param out receives {@code room} items from {@code start}
     * @param leaves when given, receives a device below each
     */
    void indep(
            CrushBucket bucket,
            int room,
            int wanted,
            int type,
            int[] out,
            int start,
            int @Nullable [] leaves) {
        indep(bucket, room, wanted, type, out, start, 0, tries, leaves, 0);
    }

    private void indep(
            CrushBucket bucket,
            int room,
            int wanted,
            int type,
            int[] out,
            int base,
            int startPosition,
            int triesMax,
            int @Nullable [] leaves,
            int parentR) {
        int end = startPosition + room;
        for (int rep = startPosition; rep < end; rep++) {
            out[base + rep] = UNDEFINED;
            if (leaves != null) {
                leaves[base + rep] = UNDEFINED;
            }
        }
        int left = room;
        int failures = 0;
        for (; left > 0 && failures < triesMax; failures++) {
            for (int rep = startPosition; rep < end; rep++) {
                if (out[base + rep] != UNDEFINED) {
                    continue;
                }
                int item =
                        descend(
                                bucket,
                                rep,
                                wanted,
                                type,
                                out,
                                base,
                                startPosition,
                                end,
                                failures,
                                leaves,
                                parentR);
                if (item != UNDEFINED) {
                    out[base + rep] = item;
                    left--;
                    if (item == NONE && leaves != null) {
                        leaves[base + rep] = NONE;
                    }
                }
            }
        }
        for (int rep = startPosition; rep < end; rep++) {
            if (out[base + rep] == UNDEFINED) {
                out[base + rep] = NONE;
            }
            if (leaves != null && leaves[base + rep] == UNDEFINED) {
                leaves[base + rep] = NONE;
            }
        }
        count(failures);
    }

    /** One descent: an item, NONE when there never will be one, UNDEFINED when this try failed. */
    private int descend(
            CrushBucket start,
            int rep,
            int wanted,
            int type,
            int[] out,
            int base,
            int startPosition,
            int end,
            int failures,
            int @Nullable [] leaves,
            int parentR) {
        CrushBucket in = start;
        while (true) {
            int size = in.items.length;
            if (size == 0) {
                choice.spend(1);
                return UNDEFINED;
            }
            boolean even = in.algorithm() == CrushBucket.UNIFORM && size % wanted == 0;
            int r = rep + parentR + (even ? wanted + 1 : wanted) * failures;
            int item = choice.choose(in, r, startPosition);
            int itemType = typeOf(item);
            if (itemType != type) {
                CrushBucket below = map.bucketOrNull(item);
                if (below == null) {
                    return NONE;
                }
                in = below;
                continue;
            }
            if (contains(out, base + startPosition, base + end, item)) {
                return UNDEFINED;
            }
            if (leaves != null) {
                if (item >= 0) {
                    leaves[base + rep] = item;
                } else {
                    CrushBucket below = map.bucketOrNull(item);
                    if (below == null) {
                        return NONE;
                    }
                    indep(below, 1, wanted, 0, leaves, base, rep, innerTries, null, r);
                    if (leaves[base + rep] == NONE) {
                        return UNDEFINED;
                    }
                }
            }
            return itemType == 0 && isOut(item) ? UNDEFINED : item;
        }
    }
}
