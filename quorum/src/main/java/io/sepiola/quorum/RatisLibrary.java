package io.sepiola.quorum;

import io.sepiola.monitor.Quorum;
import io.sepiola.monitor.QuorumLibrary;

/** Apache Ratis. */
public final class RatisLibrary implements QuorumLibrary {
    /** For the service loader. */
    public RatisLibrary() {}

    @Override
    public Quorum member(Place place) {
        return new RatisQuorum(place);
    }
}
