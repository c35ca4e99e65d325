package io.sepiola.osd.scrub;

import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.osd.HObject;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;

/** What a scrub asks of the world. */
public interface ScrubEffects {
    /** The members that are to be compared with us. */
    List<Integer> replicas();

    /** Asks a member for a slot; {@code Granted} or {@code Rejected} follows. */
    void askSlot(int osd);

    /** Gives a member's slot back, or takes the question back. */
    void giveSlot(int osd);

    /** Our objects from {@code from} on, in order. */
    List<HObject> list(HObject from, int countMax);

    /**
     * Lets clients' writes wait from here on; {@code Drained} follows when those before are on
     * every disk.
     */
    void close(int chunk, HObject from, HObject until);

    /** Lets them go on. */
    void open();

    /** Has all members, and ourselves, look through a range; {@code Looked} follows from each. */
    void look(HObject from, HObject until, boolean deep);

    /** {@code Rested} follows after the pause that the options want. */
    void rest(int chunk);

    /** Whether a member lacks the object, and is being given it. */
    boolean isRecovering(HObject object);

    /** Writes to the cluster log. */
    void log(int level, String text);

    /** All chunks are compared. */
    void finished(Result result);

    /** It began, or ended without having finished. */
    void changed();

    /**
     * What came of a scrub.
     *
     * @param objects counted
     * @param bytes of their data
     * @param whole whether these are all: none was passed over because it was being recovered
     * @param repairs what there is to mend
     * @param missing objects of which a copy is missing
     * @param inconsistent objects of which a copy is wrong
     */
    record Result(
            ScrubKind kind,
            int shallowErrors,
            int deepErrors,
            long objects,
            long bytes,
            boolean whole,
            SortedMap<HObject, Repair> repairs,
            int missing,
            int inconsistent) {}

    /**
     * One object to mend.
     *
     * @param version that the good copies have now, whatever was written since they were compared
     * @param bad members whose copies are to be replaced
     */
    record Repair(EVersion version, SortedSet<Integer> bad) {}
}
