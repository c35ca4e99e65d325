package io.sepiola.monitor;

import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;
import io.sepiola.protocol.map.MonMap;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A library that makes several monitors agree; found by {@link java.util.ServiceLoader}, since it
 * cannot be a module (decision 0014), and loaded only by monitors that are several.
 */
public interface QuorumLibrary {
    /**
     * One member's place.
     *
     * @param name of this monitor
     * @param map all monitors; its fsid names the quorum
     * @param directory where the library keeps this member's copy of the log
     * @param peers how the members speak to each other
     * @param shard of the monitor, on which it is told
     * @param summary the state that a log's contents make, as {@link ReplicatedLog#snapshot} takes
     *     it; any thread may call
     * @param failed hears that the member cannot take part, and why
     */
    record Place(
            String name,
            MonMap map,
            Path directory,
            Peers peers,
            Shard shard,
            Function<ReplicatedLog.Recovered, Bytes> summary,
            Consumer<Throwable> failed) {}

    /** A member that does not take part yet. */
    Quorum member(Place place);

    /**
     * What a member's copy of the log holds, of which the end may not be agreed. Nothing is
     * changed, and the member may run; it may have taken a file away in between, so that once more
     * may help.
     *
     * @param directory as in {@link Place}
     * @throws IOException when it cannot be read
     */
    ReplicatedLog.Recovered read(Path directory, UUID fsid) throws IOException;
}
