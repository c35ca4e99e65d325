package io.sepiola.messenger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.messenger.Acceptance.Known;
import io.sepiola.messenger.Acceptance.Opening;
import io.sepiola.messenger.Acceptance.Resuming;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One line per row of the tables. Client cookie 5, server cookie 6, global sequence 7, links 2. */
class AcceptanceTest {
    private static final Known STOOD = new Known(false, 5, 6, 7, 2, false);
    private static final Known DIALLING = new Known(false, 5, 0, 0, 0, false);
    private static final Known PASSIVE = new Known(false, 5, 6, 7, 2, true);
    private static final Known LOSSY = new Known(true, 0, 0, 7, 0, false);

    private static Opening opening(
            @Nullable Known known, long cookie, long globalSeq, boolean lower) {
        return Acceptance.opening(known, false, cookie, globalSeq, lower);
    }

    @Test
    void openings() {
        assertThat(opening(null, 1, 1, false)).isEqualTo(Opening.CREATE);
        assertThat(opening(STOOD, 5, 6, true)).isEqualTo(Opening.STALE);
        assertThat(opening(LOSSY, 0, 8, true)).isEqualTo(Opening.REPLACE);
        assertThat(opening(LOSSY, 0, 6, true)).isEqualTo(Opening.STALE);
        assertThat(Acceptance.opening(STOOD, true, 0, 8, true)).isEqualTo(Opening.REPLACE);
        assertThat(opening(STOOD, 5, 8, false)).isEqualTo(Opening.ADOPT);
        assertThat(opening(STOOD, 4, 8, true)).isEqualTo(Opening.REPLACE);
        assertThat(opening(DIALLING, 4, 1, true)).isEqualTo(Opening.ADOPT);
        assertThat(opening(DIALLING, 4, 1, false)).isEqualTo(Opening.WAIT);
        assertThat(opening(new Known(false, 5, 0, 0, 0, true), 4, 1, false))
                .isEqualTo(Opening.ADOPT);
    }

    private static Resuming resuming(
            @Nullable Known known, long cookie, long globalSeq, long connectSeq, boolean lower) {
        return Acceptance.resuming(known, cookie, globalSeq, connectSeq, lower);
    }

    @Test
    void resumings() {
        assertThat(resuming(null, 5, 8, 3, true)).isEqualTo(Resuming.FORGOTTEN);
        assertThat(resuming(LOSSY, 0, 8, 3, true)).isEqualTo(Resuming.FORGOTTEN);
        assertThat(resuming(STOOD, 4, 8, 3, true)).isEqualTo(Resuming.FORGOTTEN);
        assertThat(resuming(DIALLING, 5, 8, 3, true)).isEqualTo(Resuming.UNFINISHED);
        assertThat(resuming(STOOD, 5, 6, 3, true)).isEqualTo(Resuming.RETRY_GLOBAL);
        assertThat(resuming(STOOD, 5, 8, 1, true)).isEqualTo(Resuming.RETRY);
        assertThat(resuming(STOOD, 5, 8, 2, false)).isEqualTo(Resuming.WAIT);
        assertThat(resuming(STOOD, 5, 8, 2, true)).isEqualTo(Resuming.RESUME);
        assertThat(resuming(PASSIVE, 5, 8, 2, false)).isEqualTo(Resuming.RESUME);
        assertThat(resuming(STOOD, 5, 7, 3, false)).isEqualTo(Resuming.RESUME);
    }
}
