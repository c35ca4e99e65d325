package io.sepiola.osd.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.PgLogEntry;

import org.junit.jupiter.api.Test;

import java.util.List;

/** What was done is known to be done by whoever leads next. */
class EntryLogTest {
    private static final SpgId PG = SpgId.replicated(new PgId(1, 0));

    private static OsdReqId request(int number) {
        return new OsdReqId(new EntityName(EntityType.CLIENT, 1), number, 0);
    }

    private static EVersion version(int number) {
        return new EVersion(1, number);
    }

    private static Ledger ledger(int first, int last) {
        Ledger ledger = new Ledger(PG, Histories.created(1, Utime.ZERO));
        ledger.log.reset(first == 1 ? EVersion.ZERO : version(first - 1), List.of(), List.of());
        for (int i = first; i <= last; i++) {
            ledger.append(
                    Entries.of(
                            PgLogEntry.MODIFY,
                            new HObject("", "o" + i % 3, "", HObject.HEAD, i % 3, 1, false),
                            version(i),
                            EVersion.ZERO,
                            request(i),
                            Utime.ZERO,
                            i));
        }
        return ledger;
    }

    private static void assertKnows(Ledger ledger, int last) {
        for (int i = 1; i <= last; i++) {
            EntryLog.Done done = ledger.log.doneOrNull(request(i));
            assertThat(done).as("request %s", i).isNotNull();
            assertThat(done.version()).isEqualTo(version(i));
        }
    }

    @Test
    void aMemberThatIsFilledKnowsWhatWasDoneBeforeItsLog() {
        Ledger primary = ledger(1, 10);
        primary.trim(version(6), 100);
        Ledger member = new Ledger(PG, Histories.created(1, Utime.ZERO));
        List<PgLogEntry> newest = primary.log.newest(2);
        EVersion tail = primary.log.versionBefore(2);
        member.startBackfill(
                primary.infoForBackfill(HObject.MIN),
                new LogMerge.Stretch(tail, newest),
                primary.log.dupsUpTo(tail, 100));
        assertKnows(member, 10);
    }

    @Test
    void aMemberThatMergesLearnsWhatWasDoneBeforeItsOwnLog() {
        Ledger authority = ledger(1, 10);
        authority.trim(version(6), 100);
        Ledger member = ledger(6, 7);
        member.mergeAuthoritative(
                authority.info(),
                authority.log.stretch(),
                authority.log.dupsUpTo(authority.log.tail(), 100));
        assertKnows(member, 10);
        assertThat(List.copyOf(member.log.dups()))
                .extracting(dup -> dup.version().version())
                .isSorted();
    }

    @Test
    void onlyTheNewestAreTold() {
        Ledger primary = ledger(1, 10);
        primary.trim(version(6), 100);
        assertThat(primary.log.dupsUpTo(version(8), 3))
                .extracting(dup -> dup.version().version())
                .containsExactly(6L, 7L, 8L);
    }

    private static HObject object(int number) {
        return new HObject("", "o" + number, "", HObject.HEAD, number, 1, false);
    }

    private static void write(Ledger ledger, int epoch, int number) {
        PgLogEntry entry =
                Entries.of(
                        PgLogEntry.MODIFY,
                        object(number),
                        new EVersion(epoch, number),
                        version(1),
                        request(100 * epoch + number),
                        Utime.ZERO,
                        number);
        ledger.append(entry);
    }

    @Test
    void aPrimaryTakesBackWhatOnlyItLoggedThoughItAskedForWhatCameAfterThat() {
        Ledger primary = ledger(1, 4);
        write(primary, 2, 5);
        Ledger authority = ledger(1, 4);
        write(authority, 3, 6);
        LogMerge.Stretch told = authority.log.stretchAfter(primary.lastUpdate);
        assertThat(told.tail()).isEqualTo(version(4));
        primary.mergeAuthoritative(
                authority.info(), told, authority.log.dupsUpTo(told.tail(), 100));
        assertThat(primary.log.entries()).containsExactlyElementsOf(authority.log.entries());
        assertThat(primary.missing.items()).hasSize(2);
        assertThat(primary.log.doneOrNull(request(205))).isNull();
    }

    @Test
    void whoIsBeingFilledLacksNothingOfWhatIsYetToCome() {
        Ledger authority = ledger(1, 4);
        write(authority, 2, 5);
        write(authority, 2, 6);
        HObject first = object(5);
        HObject second = object(6);
        boolean inOrder = first.compareTo(second) < 0;
        HObject reached = inOrder ? first : second;
        Ledger member = ledger(1, 4);
        member.lastBackfill = reached;
        member.mergeAuthoritative(authority.info(), authority.log.stretch(), List.of());
        assertThat(member.log.entries()).containsExactlyElementsOf(authority.log.entries());
        assertThat(member.missing.items()).containsOnlyKeys(reached);
    }

    /** Whoever asks for it again is to get it, and not to hear that it was done. */
    @Test
    void whatAnObjectWasPutBackFromWasNotDone() {
        Ledger ledger = ledger(1, 6); // of one object are 1 and 4
        HObject object = ledger.log.entries().iterator().next().object();
        PgLogEntry revert =
                Entries.givenUp(object, version(7), version(4), version(1), Utime.ZERO, 7);
        ledger.append(revert);
        assertThat(ledger.log.doneOrNull(request(4))).isNull();
        assertThat(ledger.log.doneOrNull(request(1))).isNotNull();
        assertThat(ledger.log.doneOrNull(request(5))).as("of another object").isNotNull();
        assertThat(ledger.log.dupsUpTo(version(6), 100))
                .extracting(dup -> dup.version().version())
                .containsExactly(1L, 2L, 3L, 5L, 6L);

        Ledger loaded = new Ledger(PG, Histories.created(1, Utime.ZERO));
        loaded.log.reset(EVersion.ZERO, ledger.log.entries(), List.of());
        assertThat(loaded.log.doneOrNull(request(4))).isNull();
        loaded.log.rewind(version(6));
        assertThat(loaded.log.doneOrNull(request(4))).as("it was not put back").isNotNull();

        ledger.trim(version(7), 100);
        assertThat(ledger.log.dups())
                .extracting(dup -> dup.version().version())
                .containsExactly(1L, 2L, 3L, 5L, 6L);
        assertThat(ledger.log.doneOrNull(request(4))).isNull();
    }

    @Test
    void whatWasWrittenToAnObjectThatIsGivenUpWholeWasNotDone() {
        Ledger ledger = ledger(1, 6); // of one object are 1 and 4
        HObject object = ledger.log.entries().iterator().next().object();
        ledger.append(
                Entries.givenUp(object, version(7), version(4), EVersion.ZERO, Utime.ZERO, 7));
        assertThat(ledger.log.doneOrNull(request(1))).isNull();
        assertThat(ledger.log.doneOrNull(request(4))).isNull();
        assertThat(ledger.log.doneOrNull(request(5))).as("of another object").isNotNull();
        ledger.log.rewind(version(6));
        assertThat(ledger.log.doneOrNull(request(4))).as("it was not given up").isNotNull();
    }

    @Test
    void anEntryIsFoundByItsVersion() {
        EntryLog log = ledger(3, 6).log;
        assertThat(log.atOrNull(version(2))).as("trimmed").isNull();
        assertThat(log.atOrNull(version(4))).extracting(PgLogEntry::version).isEqualTo(version(4));
        assertThat(log.atOrNull(new EVersion(2, 5))).as("of another epoch").isNull();
        assertThat(log.atOrNull(version(7))).isNull();
    }
}
