package io.sepiola.osd.op;

import io.sepiola.base.Bytes;

/**
 * What the operations of one message came to.
 *
 * @param result of the whole: that of the last operation, or of the one that failed
 * @param results of each operation; 0 for those that were not reached
 * @param outputs of each operation
 * @param draft the object after them; not to be used when the result is negative
 */
public record OpOutcome(int result, int[] results, Bytes[] outputs, ObjectDraft draft) {
    /** Whether there is something to be written. */
    public boolean writes() {
        return result >= 0 && draft.isModified();
    }
}
