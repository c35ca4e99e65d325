package io.sepiola.cluster.storetool;

import io.sepiola.protocol.osd.ObjectInfo;

/** Changes of what a store says of an object. */
final class ObjectInfos {
    private ObjectInfos() {}

    /** The same with another size, flags and data digest. */
    static ObjectInfo with(ObjectInfo info, long size, int flags, int dataDigest) {
        return new ObjectInfo(
                info.object(),
                info.version(),
                info.prior(),
                info.lastReqId(),
                size,
                info.time(),
                info.truncateSeq(),
                info.truncateSize(),
                info.userVersion(),
                info.watchers(),
                flags,
                info.localTime(),
                dataDigest,
                info.omapDigest(),
                info.expectedObjectSize(),
                info.expectedWriteSize(),
                info.hintFlags(),
                info.manifest());
    }
}
