package io.sepiola.osd.pg;

import io.sepiola.osd.scrub.ScrubHost;
import io.sepiola.osd.scrub.ScrubOptions;
import io.sepiola.osd.scrub.ScrubSlots;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Scrubs of one OSD: begun by tests, and noted. */
final class ScrubWorld implements ScrubHost {
    final List<String> log = new ArrayList<>();
    private final RandomGenerator random;
    ScrubOptions options = ScrubOptions.DEFAULT;
    private final ScrubSlots slots = new ScrubSlots();

    ScrubWorld(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public ScrubOptions options() {
        return options;
    }

    @Override
    public ScrubSlots slots() {
        return slots;
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public void log(int level, String text) {
        log.add(text);
    }

    @Override
    public void look() {}

    @Override
    public void mended(int count) {}
}
