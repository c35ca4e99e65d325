package io.sepiola.osd.pg;

import io.sepiola.osd.peering.MissingSet;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.ObjectInfo;
import io.sepiola.store.StoreException;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a primary does when its own copy of an object turns out damaged while somebody reads it, or
 * writes a part of a block: the object counts as missing here and is had anew from a member whose
 * copy is good. Where no copy is good it stays unfound, and clients are told EIO. Owned by the
 * group.
 */
final class DamagedCopies {
    private static final int ERROR = 4;

    private final Pg pg;

    /** What members did not have that should have it. */
    private final Set<HObject> refused = new HashSet<>();

    DamagedCopies(Pg pg) {
        this.pg = pg;
    }

    /**
     * Our copy is no good.
     *
     * @param version that it should have; zero when that is not known either
     * @return whether it is being had anew, or may be once others were asked; otherwise nobody has
     *     another copy
     */
    boolean found(HObject object, EVersion version, String why) {
        if (pg.ledger().missing.contains(object)) {
            return true;
        }
        List<Integer> holders = pg.recovery().holders(object, version);
        Unfound unfound = pg.commands().unfound();
        if (holders.isEmpty()
                && unfound.isEverybodyProbedOrLost()
                && !unfound.mayPutBack(object, version)) {
            log(object + " cannot be read, and there is no other copy: " + why);
            return false;
        }
        String osds = holders.stream().map(String::valueOf).collect(Collectors.joining(","));
        String where = holders.isEmpty() ? "others, once they were asked" : osds;
        log("missing primary copy of " + object + ", will try copies on " + where + ": " + why);
        pg.recovery().damaged(pg.host().self(), object, version);
        pg.ledger().tally.repaired++;
        pg.host().scrubs().mended(1);
        pg.recovery().start();
        pg.host().stateChanged(pg);
        return true;
    }

    /** A member turned out not to have a copy that it should have, or a damaged one. */
    void refusedBy(int osd, HObject object) {
        if (refused.add(object)) {
            log("copy of " + object + " on osd." + osd + " is no good");
        }
    }

    /** Others may have it now. */
    void intervalChanged() {
        refused.clear();
    }

    /**
     * Whether an object that nobody is known to have was had, and all its copies are damaged. As
     * long as somebody might have a good one who cannot be asked, it is worth waiting.
     */
    boolean isHopeless(HObject object) {
        return pg.recovery().isUnfound(object)
                && (refused.contains(object) || isDamagedHere(object))
                && pg.commands().unfound().isEverybodyProbedOrLost();
    }

    private boolean isDamagedHere(HObject object) {
        MissingSet.Item item = pg.ledger().missing.itemOrNull(object);
        if (item == null) {
            return false;
        }
        try {
            ObjectInfo info = ObjectContexts.load(pg.host().store(), pg.collection(), object);
            return info != null
                    && (item.need().equals(EVersion.ZERO) || item.need().equals(info.version()));
        } catch (StoreException unreadable) {
            return true;
        }
    }

    private void log(String text) {
        pg.host().scrubs().log(ERROR, pg.id() + " " + text);
    }
}
