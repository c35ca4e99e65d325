package io.sepiola.osd.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.PgMerge;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.PgLogEntry;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Group 1.0 of one group is split: objects with odd hashes go to group 1.1. */
class LedgerSplitTest {
    private static final SpgId PARENT = SpgId.replicated(new PgId(1, 0));
    private static final SpgId CHILD = SpgId.replicated(new PgId(1, 1));

    private static HObject object(int hash) {
        return new HObject("", "o" + hash, "", HObject.HEAD, hash, 1, false);
    }

    private static OsdReqId request(int number) {
        return new OsdReqId(new EntityName(EntityType.CLIENT, 4100), number, 1);
    }

    private static PgLogEntry write(int version, int hash, int prior) {
        EVersion before = prior == 0 ? EVersion.ZERO : new EVersion(1, prior);
        return Entries.of(
                PgLogEntry.MODIFY,
                object(hash),
                new EVersion(1, version),
                before,
                request(version),
                Utime.ZERO,
                version);
    }

    private static Ledger ledger(SpgId pg, PgLogEntry... entries) {
        Ledger ledger = new Ledger(pg, Histories.created(1, Utime.ZERO));
        List.of(entries).forEach(ledger::append);
        return ledger;
    }

    private static Ledger split(Ledger parent) {
        return LedgerSplit.splitOff(parent, CHILD, object -> (object.hash() & 1) == 1, 7, false);
    }

    @Test
    void bothLogsKeepTheirEndsAndTheirOwnObjects() {
        Ledger parent = ledger(PARENT, write(1, 2, 0), write(2, 3, 0), write(3, 5, 0));
        Ledger child = split(parent);
        assertThat(child.lastUpdate).isEqualTo(new EVersion(1, 3)).isEqualTo(child.log.head());
        assertThat(parent.lastUpdate).isEqualTo(new EVersion(1, 3)).isEqualTo(parent.log.head());
        assertThat(parent.log.entries().stream().filter(Entries::changes).map(PgLogEntry::object))
                .containsExactly(object(2));
        assertThat(child.log.entries().stream().filter(Entries::changes).map(PgLogEntry::object))
                .containsExactly(object(3), object(5));
        assertThat(child.log.doneOrNull(request(2))).isNotNull();
        assertThat(child.log.doneOrNull(request(1))).isNull();
        assertThat(parent.log.doneOrNull(request(1))).isNotNull();
        assertThat(child.history.epochCreated()).isEqualTo(7);
        assertThat(child.history.lastEpochSplit()).isEqualTo(7);
    }

    /** B3: the child has nothing but what nobody else has. */
    @Test
    void aChildWithOnlyDivergentEntriesGoesBackToWhereItsLogDiverged() {
        Ledger parent = ledger(PARENT, write(1, 2, 0), write(2, 3, 0), write(3, 5, 0));
        Ledger child = split(parent);
        Ledger others = split(ledger(PARENT, write(1, 2, 0)));
        child.mergeAuthoritative(others.info(), others.log.stretch(), List.of());
        assertThat(child.lastUpdate).isEqualTo(new EVersion(1, 1)).isEqualTo(child.log.head());
        assertThat(child.missing.isEmpty()).isTrue();
        assertThat(child.pending.removed).containsExactlyInAnyOrder(object(3), object(5));
    }

    @Test
    void whatIsMissingIsDivided() {
        Ledger parent = ledger(PARENT, write(1, 2, 0), write(2, 3, 0));
        parent.tally.objects = 2;
        parent.missing.add(object(2), new EVersion(1, 1), EVersion.ZERO);
        parent.missing.add(object(3), new EVersion(1, 2), EVersion.ZERO);
        Ledger child = split(parent);
        assertThat(parent.missing.items()).containsOnlyKeys(object(2));
        assertThat(child.missing.items()).containsOnlyKeys(object(3));
        assertThat(child.lastComplete).isEqualTo(new EVersion(1, 1));
        LedgerSplit.divide(parent, child, 0, 0);
        assertThat(child.tally.objects).isEqualTo(1);
        assertThat(child.tally.estimated).isTrue();
    }

    @Test
    void aMemberBeingFilledBeginsAnewInBoth() {
        Ledger parent = ledger(PARENT, write(1, 2, 0));
        parent.lastBackfill = object(2);
        Ledger child = split(parent);
        assertThat(parent.lastBackfill).isEqualTo(HObject.MIN);
        assertThat(child.lastBackfill).isEqualTo(HObject.MIN);
    }

    private static PgMerge agreed(int source, int target) {
        return new PgMerge(CHILD.pg(), 8, 5, 5, new EVersion(1, source), new EVersion(1, target));
    }

    @Test
    void mergedGroupsRememberTheRequestsOfBoth() {
        Ledger target = ledger(PARENT, write(1, 2, 0), write(2, 4, 0));
        Ledger source = ledger(CHILD, write(1, 3, 0), write(2, 5, 0), write(5, 7, 0));
        LedgerMerge.takeIn(target, List.of(source), agreed(5, 2), 9, 100);
        assertThat(target.lastBackfill).isEqualTo(HObject.MAX);
        assertThat(target.lastUpdate).isEqualTo(new EVersion(1, 5));
        assertThat(target.lastComplete).isEqualTo(target.lastUpdate);
        assertThat(target.log.tail()).isEqualTo(target.log.head()).isEqualTo(target.lastUpdate);
        for (int number : new int[] {1, 2, 5}) {
            assertThat(target.log.doneOrNull(request(number))).isNotNull();
        }
        assertThat(target.log.dups()).hasSize(5);
    }

    @Test
    void aMemberWithOtherCopiesThanAgreedHoldsNothing() {
        Ledger target = ledger(PARENT, write(1, 2, 0));
        Ledger source = ledger(CHILD, write(1, 3, 0));
        LedgerMerge.takeIn(target, List.of(source), agreed(2, 1), 9, 100);
        assertThat(target.lastBackfill).isEqualTo(HObject.MIN);
        Ledger lacksSource = ledger(PARENT, write(1, 2, 0));
        LedgerMerge.takeIn(lacksSource, List.of(), agreed(1, 1), 9, 100);
        assertThat(lacksSource.lastBackfill).isEqualTo(HObject.MIN);
    }

    @Test
    void bitsAreThoseWithWhichThePoolIsCut() {
        assertThat(HashBits.of(0, 1)).isZero();
        assertThat(HashBits.of(3, 8)).isEqualTo(3);
        assertThat(HashBits.of(3, 12)).isEqualTo(4);
        assertThat(HashBits.of(5, 12)).isEqualTo(3);
        assertThat(HashBits.of(12, 12)).isEqualTo(-1);
        assertThat(HashBits.folded(3, 8, 32)).containsExactly(11, 19, 27);
        assertThat(HashBits.fold(27, 27)).isEqualTo(11);
        for (int count = 1; count < 40; count++) {
            for (int hash = 0; hash < 256; hash++) {
                int seed = HashBits.fold(hash, count);
                assertThat(HashBits.holds(seed, HashBits.of(seed, count), hash)).isTrue();
            }
        }
    }
}
