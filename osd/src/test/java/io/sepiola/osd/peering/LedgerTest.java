package io.sepiola.osd.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.ObjectCleanRegions;
import io.sepiola.protocol.osd.ObjectModDesc;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.PgLogEntry;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** What a member says of itself after it has taken back writes. */
class LedgerTest {
    private static final HObject OBJECT = new HObject("", "x", "", HObject.HEAD, 7, 1, false);

    private static PgLogEntry write(int version, EVersion prior) {
        return new PgLogEntry(
                PgLogEntry.MODIFY,
                OBJECT,
                new EVersion(4, version),
                prior,
                EVersion.ZERO,
                OsdReqId.NONE,
                Utime.ZERO,
                Bytes.EMPTY,
                version,
                ObjectModDesc.NONE,
                List.of(),
                Map.of(),
                ObjectCleanRegions.DIRTY,
                0,
                List.of());
    }

    /** The log goes no further back than to where it is taken back. */
    @Test
    void whoLacksWhatIsOlderThanTheLogIsNotComplete() {
        Ledger ledger =
                new Ledger(SpgId.replicated(new PgId(1, 0)), Histories.created(1, Utime.ZERO));
        EVersion first = new EVersion(4, 1);
        EVersion tail = new EVersion(4, 5);
        ledger.log.reset(tail, List.of(), List.of());
        ledger.lastUpdate = tail;
        ledger.append(write(6, first));
        ledger.rewind(tail);

        assertThat(ledger.missing.items()).containsOnlyKeys(OBJECT);
        assertThat(ledger.missing.items().get(OBJECT).need()).isEqualTo(first);
        assertThat(ledger.lastUpdate).isEqualTo(tail);
        assertThat(ledger.lastComplete).isEqualTo(EVersion.ZERO);
    }
}
