package io.sepiola.gateway.service;

import io.sepiola.base.Bytes;
import io.sepiola.gateway.auth.Signature;
import io.sepiola.gateway.storage.DataStore;

import java.security.MessageDigest;
import java.util.HexFormat;

/** Stored data as the source of a copy, with its MD5. Owned by one caller. */
final class StoredSource implements DataStore.Source, AutoCloseable {
    private final DataStore.Reading reading;
    private final MessageDigest md5 = Signature.digest("MD5");
    private Bytes piece = Bytes.EMPTY;
    private int at;

    StoredSource(DataStore.Reading reading) {
        this.reading = reading;
    }

    @Override
    public int read(byte[] target, int offset, int count) {
        if (at == piece.size()) {
            piece = reading.next();
            at = 0;
            if (piece.isEmpty()) {
                return -1;
            }
        }
        int taken = Math.min(count, piece.size() - at);
        piece.copyTo(at, target, offset, taken);
        at += taken;
        md5.update(target, offset, taken);
        return taken;
    }

    /** Once the end has been read. */
    String etag() {
        return HexFormat.of().formatHex(md5.digest());
    }

    @Override
    public void close() {
        reading.close();
    }
}
