package io.sepiola.crush;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** The items of a bucket as its text gives them, in positions or in turn. Owned by one parser. */
final class CrushItems {
    private static final int SIZE_MAX = 1 << 16;

    private record Item(int id, int weight) {}

    private final CrushWords words;
    private final List<@Nullable Item> items = new ArrayList<>();

    CrushItems(CrushWords words) {
        this.words = words;
    }

    /** Reads what follows an item's name. */
    void add(int id, int weightDefault) {
        int weight = weightDefault;
        int position = items.indexOf(null) >= 0 ? items.indexOf(null) : items.size();
        while (true) {
            if (words.skip("weight")) {
                weight = words.weight();
            } else if (words.skip("pos")) {
                position = words.number(0, SIZE_MAX);
            } else {
                break;
            }
        }
        while (items.size() <= position) {
            items.add(null);
        }
        if (items.get(position) != null) {
            throw words.error("position " + position + " is taken already");
        }
        items.set(position, new Item(id, weight));
    }

    BucketDraft bucket(int id, int type, int algorithm) {
        BucketDraft bucket = new BucketDraft(id, type, algorithm);
        for (Item item : items) {
            if (item == null) {
                throw words.error("a position among the items is empty");
            }
            if (algorithm == CrushBucket.UNIFORM
                    && !bucket.weights.isEmpty()
                    && bucket.weights.getFirst() != item.weight) {
                throw words.error("the items of a uniform bucket must have one weight");
            }
            bucket.add(item.id, item.weight);
        }
        return bucket;
    }
}
