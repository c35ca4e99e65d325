package io.sepiola.osd.pg;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.osd.op.Results;
import io.sepiola.protocol.osd.ScrubListing;

/** Answers those who ask what scrubs have found in a group. */
final class Inconsistencies {
    private Inconsistencies() {}

    /** The result, and the page as the client reads it. */
    record Answer(int result, Bytes output) {}

    static Answer list(Pg pg, Bytes encoded) {
        ScrubListing.Asked asked;
        try {
            asked = ScrubListing.Asked.CODEC.fromBytes(encoded);
        } catch (Malformed malformed) {
            return new Answer(Results.EINVAL, Bytes.EMPTY);
        }
        int interval = pg.ledger().history.sameIntervalSince();
        if (asked.interval() != 0 && asked.interval() != interval) {
            return new Answer(Results.EAGAIN, Bytes.EMPTY);
        }
        return pg.scrubbing()
                .list(asked)
                .map(page -> new Answer(0, ScrubListing.CODEC.toBytes(page)))
                .orElse(new Answer(Results.ENOENT, Bytes.EMPTY));
    }
}
