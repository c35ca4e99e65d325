package io.sepiola.osd.pg;

import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.osd.HObject;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a primary does when its own copy of an object turns out damaged while somebody reads it: the
 * object counts as missing here and is had anew from a member whose copy is good. Owned by the
 * group.
 */
final class DamagedCopies {
    private static final int ERROR = 4;

    private final Pg pg;

    DamagedCopies(Pg pg) {
        this.pg = pg;
    }

    /**
     * Our copy is no good.
     *
     * @param version that it should have; zero when that is not known either
     * @return whether it is being had anew; otherwise no other copy is known
     */
    boolean found(HObject object, EVersion version, String why) {
        if (pg.ledger().missing.contains(object)) {
            return true;
        }
        List<Integer> holders = pg.recovery().holders(object, version);
        if (holders.isEmpty()) {
            log(object + " cannot be read, and no other copy is known: " + why);
            return false;
        }
        String osds = holders.stream().map(String::valueOf).collect(Collectors.joining(","));
        log("missing primary copy of " + object + ", will try copies on " + osds + ": " + why);
        pg.recovery().damaged(pg.host().self(), object, version);
        pg.ledger().tally.repaired++;
        pg.host().scrubs().mended(1);
        pg.recovery().start();
        pg.host().stateChanged(pg);
        return true;
    }

    private void log(String text) {
        pg.host().scrubs().log(ERROR, pg.id() + " " + text);
    }
}
