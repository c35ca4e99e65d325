package io.sepiola.monitor;

import io.sepiola.base.Bytes;

import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * The log under the monitors' maps: what was appended and committed is there after any crash, in
 * one order for all members. Records are numbered from 1 without a gap.
 *
 * <p>Owned by the monitor's shard: it alone calls, and commits are told on it, in order. A log that
 * can no longer promise durability fails its owner's shard and commits nothing more.
 */
public interface ReplicatedLog extends AutoCloseable {
    /**
     * What a log holds.
     *
     * @param version of the last record; 0 when nothing was ever appended
     * @param snapshot the state that a snapshot kept; empty when there is none
     * @param records those after the snapshot, in order
     */
    record Recovered(long version, Bytes snapshot, List<Bytes> records) {
        /** Copies the list. */
        public Recovered {
            records = List.copyOf(records);
        }

        /** Whether nothing was ever appended. */
        public boolean isEmpty() {
            return version == 0;
        }
    }

    /** Everything that was committed. Called once, before anything else; may block. */
    Recovered recover();

    /** Appends; {@code committed} is told the record's version once it is durable. */
    void append(Bytes record, LongConsumer committed);

    /**
     * Offers the state as of {@code version}, which must be committed: the records up to it may be
     * forgotten.
     */
    void snapshot(long version, Bytes state);

    /**
     * The ranks of the monitors that hold the log at present and can be reached, this one among
     * them, in order.
     */
    default List<Integer> present() {
        return List.of(0);
    }

    /**
     * Why no other monitor can come to hold it, too; empty when others can.
     *
     * @param state what a snapshot would keep now
     */
    default Optional<String> whyAlone(Supplier<Bytes> state) {
        return Optional.of("its log cannot be shared");
    }

    /**
     * Counts the elections, as Ceph's epochs of elections do: even ones end with a leader, odd ones
     * are of monitors alone.
     */
    default int electionEpoch() {
        return 3; // a monitor alone elects itself once
    }

    /**
     * Whether nobody else can be leading at present, so that all that is committed is known here. A
     * leader that was cut off can be replaced before it notices; while it cannot tell, it must
     * answer nobody.
     */
    default boolean isLeased() {
        return true;
    }

    /** Frees the log. What was not committed is lost. */
    @Override
    void close();
}
