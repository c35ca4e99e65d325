package io.sepiola.protocol.osd;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.protocol.Golden;

import org.junit.jupiter.api.Test;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

class PgStateTest {
    @Test
    void wordsAreThoseThatCephPrints() {
        Pattern printed = Pattern.compile("\"state\":\"([a-z_+]+)\"");
        int compared = 0;
        for (String line : Golden.lines("corpus/pg_stat_t.jsonl")) {
            PgStat stat = PgStat.CODEC.fromBytes(Golden.hex(line, "hex"));
            Matcher matcher = printed.matcher(line);
            if (matcher.find()) {
                assertThat(PgState.text(stat.state())).isEqualTo(matcher.group(1));
                compared++;
            }
        }
        assertThat(compared).isPositive();
        assertThat(PgState.text(0)).isEqualTo("unknown");
        assertThat(PgState.text(PgState.ACTIVE.bit() | PgState.CLEAN.bit()))
                .isEqualTo("active+clean");
        assertThat(
                        PgState.text(
                                PgState.BACKFILLING.bit()
                                        | PgState.BACKFILL_WAIT.bit()
                                        | PgState.REMAPPED.bit()))
                .isEqualTo("remapped+backfilling");
    }
}
