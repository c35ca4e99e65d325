package io.sepiola.crush;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The items of a bucket as its text gives them, in positions or in turn. Owned by one parser. */
final class BucketItems {
    private static final int DEVICE_WEIGHT_MAX = 100;
    static final int BUCKET_WEIGHT_MAX = 65535;

    private record Item(int id, int weight, int position) {}

    private final CrushWords words;
    private final List<Item> items = new ArrayList<>();
    private final Set<Integer> taken = new HashSet<>();
    private long weightSum;

    BucketItems(CrushWords words) {
        this.words = words;
    }

    /** Reads what follows an item's name. */
    void add(int id, int weightDefault) {
        int weight = weightDefault;
        if (words.skip("weight")) {
            weight = words.weight(id < 0 ? BUCKET_WEIGHT_MAX : DEVICE_WEIGHT_MAX);
        }
        int position = -1;
        if (words.skip("pos")) {
            position = words.number(0, CrushParser.ID_MAX);
            if (!taken.add(position)) {
                throw words.error("position " + position + " is taken already");
            }
        }
        weightSum += weight & 0xffffffffL;
        if (weightSum > 0xffffffffL) {
            throw words.error(
                    "the bucket's weights exceed " + BUCKET_WEIGHT_MAX + " together; lower them");
        }
        items.add(new Item(id, weight, position));
    }

    BucketDraft bucket(int id, int type, int algorithm) {
        Item[] placed = new Item[items.size()];
        int free = 0;
        for (Item item : items) {
            int position = item.position;
            if (position >= placed.length) {
                throw words.error(
                        "position " + position + " in a bucket of " + placed.length + " items");
            }
            if (position < 0) {
                while (taken.contains(free)) {
                    free++;
                }
                position = free++;
            }
            placed[position] = item;
        }
        BucketDraft bucket = new BucketDraft(id, type, algorithm);
        for (Item item : placed) {
            if (algorithm == CrushBucket.UNIFORM && item.weight != items.getFirst().weight) {
                throw words.error("the items of a uniform bucket must have one weight");
            }
            bucket.add(item.id, item.weight);
        }
        return bucket;
    }
}
