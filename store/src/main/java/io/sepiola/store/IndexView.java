package io.sepiola.store;

import org.jspecify.annotations.Nullable;

/** Keys with values, in the unsigned order of the keys' bytes. Arrays are not changed by anyone. */
interface IndexView {
    /** The value, or null when the key is not there. */
    byte @Nullable [] get(byte[] key);

    /**
     * Shows every entry from {@code first} up to, but without, {@code end}, in order, until the
     * visitor has had enough. The visitor changes nothing here.
     *
     * @return false when the visitor stopped the scan
     */
    boolean scan(byte[] first, byte[] end, Visitor visitor);

    /** Sees entries. */
    @FunctionalInterface
    interface Visitor {
        /** Returns whether to go on. */
        boolean visit(byte[] key, byte[] value);
    }
}
