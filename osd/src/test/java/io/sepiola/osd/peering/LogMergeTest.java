package io.sepiola.osd.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.PgLogEntry;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Holds merging against the obvious: a member's disk, of which we know what is on it, and the
 * authoritative history replayed. An object must be missing exactly when the disk has another
 * version, and removed exactly when there should be none.
 */
class LogMergeTest {
    private static final int OBJECT_COUNT = 4;

    private static HObject object(int number) {
        return new HObject("", "o" + number, "", HObject.HEAD, number, 1, false);
    }

    /** A history of writes and deletions, each entry knowing the version before it. */
    private static final class History {
        final List<PgLogEntry> entries = new ArrayList<>();
        final Map<HObject, EVersion> state = new TreeMap<>();

        History copy() {
            History copy = new History();
            copy.entries.addAll(entries);
            copy.state.putAll(state);
            return copy;
        }

        void extend(int epoch, int count, SplittableRandom random) {
            for (int i = 0; i < count; i++) {
                HObject object = object(random.nextInt(OBJECT_COUNT));
                EVersion prior = state.getOrDefault(object, EVersion.ZERO);
                EVersion at = new EVersion(epoch, entries.size() + 1);
                boolean delete = !prior.equals(EVersion.ZERO) && random.nextInt(3) == 0;
                entries.add(
                        Entries.of(
                                delete ? PgLogEntry.DELETE : PgLogEntry.MODIFY,
                                object,
                                at,
                                prior,
                                OsdReqId.NONE,
                                Utime.ZERO,
                                at.version()));
                if (delete) {
                    state.remove(object);
                } else {
                    state.put(object, at);
                }
            }
        }
    }

    private static LogMerge.Stretch stretch(History history, int dropped) {
        EVersion tail = dropped == 0 ? EVersion.ZERO : history.entries.get(dropped - 1).version();
        return new LogMerge.Stretch(tail, history.entries.subList(dropped, history.entries.size()));
    }

    @Test
    void whatIsMissingIsWhatTheDiskLacks() {
        int newOnes = 0;
        for (int seed = 0; seed < 20_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            History common = new History();
            common.extend(1, random.nextInt(8), random);
            History own = common.copy();
            own.extend(2, random.nextInt(4), random);
            History authority = common.copy();
            authority.extend(3, random.nextInt(6), random);
            int ownDropped = random.nextInt(common.entries.size() + 1);
            int authorityDropped = random.nextInt(common.entries.size() + 1);

            MissingSet missing = new MissingSet();
            LogMerge.Outcome outcome =
                    LogMerge.merge(
                            stretch(own, ownDropped),
                            stretch(authority, authorityDropped),
                            missing);

            Map<HObject, EVersion> disk = new TreeMap<>(own.state);
            outcome.removed().forEach(disk::remove);
            for (int i = 0; i < OBJECT_COUNT; i++) {
                HObject object = object(i);
                EVersion wanted = authority.state.get(object);
                EVersion had = disk.get(object);
                MissingSet.Item item = missing.itemOrNull(object);
                if (wanted == null) {
                    assertThat(had).as("seed %s %s", seed, object).isNull();
                    assertThat(item).as("seed %s %s", seed, object).isNull();
                } else if (wanted.equals(had)) {
                    assertThat(item).as("seed %s %s", seed, object).isNull();
                } else {
                    assertThat(item).as("seed %s %s", seed, object).isNotNull();
                    assertThat(item.need()).as("seed %s %s", seed, object).isEqualTo(wanted);
                    newOnes += assertNewIsTrue(seed, object, item, authority, own);
                }
            }
            assertThat(outcome.common().version())
                    .as("seed %s", seed)
                    .isGreaterThanOrEqualTo(common.entries.size());
        }
        assertThat(newOnes).isGreaterThan(1000);
    }

    /** What a member calls new it never had since it was made; returns 1 for such. */
    private static int assertNewIsTrue(
            int seed, HObject object, MissingSet.Item item, History authority, History disk) {
        if (!item.isNew()) {
            return 0;
        }
        List<EVersion> sinceMade = new ArrayList<>();
        for (PgLogEntry entry : authority.entries.reversed()) {
            boolean next = sinceMade.isEmpty() ? item.need().equals(entry.version()) : true;
            if (entry.object().equals(object) && next) {
                sinceMade.add(entry.version());
                if (entry.prior().equals(EVersion.ZERO)) {
                    break;
                }
            }
        }
        assertThat(disk.entries)
                .as("seed %s %s", seed, object)
                .extracting(PgLogEntry::version)
                .doesNotContainAnyElementsOf(sinceMade);
        return 1;
    }

    @Test
    void anObjectThatWasMissingAlreadyStaysSo() {
        int newOnes = 0;
        for (int seed = 0; seed < 20_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            History disk = new History();
            disk.extend(1, 1 + random.nextInt(6), random);
            // The member heard of these and never got their objects.
            History heard = disk.copy();
            heard.extend(2, random.nextInt(4), random);
            int kept =
                    disk.entries.size()
                            + random.nextInt(heard.entries.size() - disk.entries.size() + 1);
            History authority = new History();
            for (PgLogEntry entry : heard.entries.subList(0, kept)) {
                authority.entries.add(entry);
                if (Entries.deletes(entry)) {
                    authority.state.remove(entry.object());
                } else {
                    authority.state.put(entry.object(), entry.version());
                }
            }
            authority.extend(3, random.nextInt(4), random);

            MissingSet missing = new MissingSet();
            Map<HObject, EVersion> had = new TreeMap<>(disk.state);
            LogMerge.merge(stretch(disk, 0), stretch(heard, 0), missing)
                    .removed()
                    .forEach(had::remove);
            LogMerge.merge(stretch(heard, 0), stretch(authority, 0), missing)
                    .removed()
                    .forEach(had::remove);
            for (int i = 0; i < OBJECT_COUNT; i++) {
                HObject object = object(i);
                EVersion wanted = authority.state.get(object);
                boolean lacks = wanted != null && !wanted.equals(had.get(object));
                MissingSet.Item item = missing.itemOrNull(object);
                // What was deleted and made again may be fetched once too often, never too rarely.
                assertThat(item != null || !lacks).as("seed %s %s", seed, object).isTrue();
                if (item != null) {
                    assertThat(item.need()).as("seed %s %s", seed, object).isEqualTo(wanted);
                    newOnes += assertNewIsTrue(seed, object, item, authority, disk);
                }
                if (wanted == null) {
                    assertThat(had).as("seed %s", seed).doesNotContainKey(object);
                }
            }
        }
        assertThat(newOnes).isGreaterThan(1000);
    }
}
