package io.sepiola.osd.scrub;

import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.ScrubMap;

/** What happens to a scrub. Members are named by their OSD. */
public sealed interface ScrubEvent {
    /** It is this group's turn. */
    record Begin(ScrubKind kind) implements ScrubEvent {}

    /** A member takes part. */
    record Granted(int from) implements ScrubEvent {}

    /** A member has no slot free. */
    record Rejected(int from) implements ScrubEvent {}

    /**
     * Every write before the chunk was closed is on every disk.
     *
     * @param chunk its number
     */
    record Drained(int chunk) implements ScrubEvent {}

    /** What a member has, or we have ourselves. */
    record Looked(int from, ScrubMap map) implements ScrubEvent {}

    /** A client's write came for an object in the chunk. */
    record WriteCame(HObject object) implements ScrubEvent {}

    /**
     * The pause after a chunk is over.
     *
     * @param chunk its number
     */
    record Rested(int chunk) implements ScrubEvent {}

    /** The members changed, or the group is going. */
    record IntervalChanged() implements ScrubEvent {}
}
