package io.sepiola.quorum;

import io.sepiola.monitor.Quorum;
import io.sepiola.monitor.QuorumLibrary;
import io.sepiola.monitor.ReplicatedLog;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;

/** Apache Ratis. */
public final class RatisLibrary implements QuorumLibrary {
    /** For the service loader. */
    public RatisLibrary() {}

    @Override
    public Quorum member(Place place) {
        return new RatisQuorum(place);
    }

    @Override
    public ReplicatedLog.Recovered read(Path directory, UUID fsid) throws IOException {
        return LogCopy.read(directory.resolve(fsid.toString()));
    }
}
