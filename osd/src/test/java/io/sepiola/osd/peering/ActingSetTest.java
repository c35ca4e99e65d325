package io.sepiola.osd.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.PgInfo;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

class ActingSetTest {
    private static final SpgId PG = SpgId.replicated(new PgId(1, 0));

    private static PgInfo info(int started, EVersion update, EVersion tail, boolean whole) {
        Ledger ledger = new Ledger(PG, Histories.created(1, Utime.ZERO));
        ledger.lastEpochStarted = started;
        ledger.lastUpdate = update;
        ledger.lastComplete = update;
        ledger.log.reset(tail, List.of(), List.of());
        ledger.lastBackfill = whole ? HObject.MAX : HObject.MIN;
        return ledger.info();
    }

    /**
     * Reads {@code started/epoch'version/tail-version[/partial]} for OSDs 0, 1, ...; - is absent.
     */
    private static SortedMap<Integer, PgInfo> infos(String text) {
        SortedMap<Integer, PgInfo> infos = new TreeMap<>();
        int osd = 0;
        for (String word : text.split(" ")) {
            if (!word.equals("-")) {
                String[] parts = word.split("/");
                String[] version = parts[1].split("'");
                EVersion update =
                        new EVersion(Integer.parseInt(version[0]), Long.parseLong(version[1]));
                EVersion tail =
                        new EVersion(
                                parts[2].equals("0") ? 0 : Integer.parseInt(version[0]),
                                Long.parseLong(parts[2]));
                infos.put(osd, info(Integer.parseInt(parts[0]), update, tail, parts.length < 4));
            }
            osd++;
        }
        return infos;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // equal members: the one who asks
                "5/5'3/0 5/5'3/0 5/5'3/0                | 1 | 1",
                // the newest log of the last interval
                "5/5'3/0 5/5'4/0 5/5'3/0                | 0 | 1",
                // a longer log that was never part of the last interval counts for nothing
                "5/5'9/0 7/7'4/0 7/7'4/0                | 0 | 1",
                // the longest log
                "5/5'9/5 5/5'9/2 5/5'9/4                | 0 | 1",
                // a member that is being filled knows little
                "7/7'9/0/partial 7/7'8/0 7/7'8/0        | 2 | 2",
                // nobody whole took part in the last interval
                "7/7'9/0/partial - -                    | 0 | -1",
                // a new group: all have nothing
                "0/0'0/0 0/0'0/0 0/0'0/0                | 2 | 2",
                // somebody who has never heard of the group
                "5/5'3/0 0/0'0/0 -                      | 1 | 0",
            })
    void theBestLog(String members, int self, int best) {
        OptionalInt found = ActingSet.best(infos(members.strip()), self);
        assertThat(found.orElse(-1)).isEqualTo(best);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "5/5'3/0 5/5'3/0 5/5'3/0         | 0,1,2 | 0,1,2 | 0,1,2 | ''",
                // one is behind, and the log reaches back to it
                "5/5'9/2 5/5'3/0 5/5'9/2         | 0,1,2 | 0,1,2 | 0,1,2 | ''",
                // one is behind what the log reaches back to
                "5/5'9/5 5/5'3/0 5/5'9/5         | 0,1,2 | 0,1,2 | 0,2   | 1",
                // a new primary by the map without data does not become one
                "0/0'0/0 5/5'9/5 5/5'9/5         | 0,1,2 | 0,1,2 | 1,2   | 0",
                // ... but does when the log has all there ever was
                "0/0'0/0 5/5'9/0 5/5'9/0         | 0,1,2 | 0,1,2 | 0,1,2 | ''",
                // somebody outside of the up set helps out until the others are filled
                "0/0'0/0 5/5'9/5 0/0'0/0 5/5'9/5 | 0,1,2 | 0,1,2 | 1,3   | 0,2",
            })
    void theMembers(String members, String up, String acting, String want, String backfill) {
        ActingSet.Choice choice =
                ActingSet.choose(
                                infos(members.strip()),
                                osds(up),
                                osds(up).getFirst(),
                                osds(acting),
                                3,
                                osds(acting).getFirst())
                        .orElseThrow();
        assertThat(choice.want()).isEqualTo(osds(want));
        assertThat(choice.backfill()).isEqualTo(new TreeSet<>(osds(backfill)));
    }

    private static List<Integer> osds(String text) {
        List<Integer> osds = new ArrayList<>();
        for (String word : text.split(",")) {
            if (!word.isBlank()) {
                osds.add(Integer.parseInt(word.strip()));
            }
        }
        return osds;
    }

    /** Ranks all pairs by the rule's sentences, the slow and obvious way. */
    @Test
    void theBestLogIsBetterThanEveryOther() {
        for (int seed = 0; seed < 5_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            SortedMap<Integer, PgInfo> infos = new TreeMap<>();
            int count = 1 + random.nextInt(4);
            int startedMax = 0;
            for (int osd = 0; osd < count; osd++) {
                int started = random.nextInt(3);
                boolean whole = random.nextInt(5) > 0;
                int version = random.nextInt(4);
                infos.put(
                        osd,
                        info(
                                started,
                                new EVersion(1, version),
                                new EVersion(0, random.nextInt(version + 1)),
                                whole));
                startedMax = whole ? Math.max(startedMax, started) : startedMax;
            }
            int self = random.nextInt(count);
            int expected = -1;
            for (int osd = 0; osd < count; osd++) {
                PgInfo mine = infos.get(osd);
                boolean eligible =
                        mine.lastEpochStarted() >= startedMax && mine.lastBackfill().isMax();
                boolean best = eligible;
                for (int other = 0; other < count && best; other++) {
                    PgInfo its = infos.get(other);
                    if (other == osd
                            || its.lastEpochStarted() < startedMax
                            || !its.lastBackfill().isMax()) {
                        continue;
                    }
                    long byUpdate = mine.lastUpdate().version() - its.lastUpdate().version();
                    long byTail = its.logTail().version() - mine.logTail().version();
                    best =
                            byUpdate > 0
                                    || byUpdate == 0 && byTail > 0
                                    || byUpdate == 0
                                            && byTail == 0
                                            && (osd == self || other != self && osd < other);
                }
                expected = best ? osd : expected;
            }
            assertThat(ActingSet.best(infos, self).orElse(-1))
                    .as("seed %s", seed)
                    .isEqualTo(expected);
        }
    }
}
