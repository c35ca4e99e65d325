package io.sepiola.store;

import io.sepiola.base.Bytes;

/** What came of a read that did not block its caller. */
public sealed interface ReadAnswer {
    /** What was read; it may lie in lent memory. */
    record Data(Bytes data) implements ReadAnswer {}

    /** The disk failed, or a checksum does not match. */
    record Failed(StoreException cause) implements ReadAnswer {}
}
