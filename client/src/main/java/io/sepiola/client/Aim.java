package io.sepiola.client;

import io.sepiola.protocol.map.ObjectLocator;
import io.sepiola.protocol.osd.HObject;

/** What an operation is for: which, with a map, says where it goes. */
sealed interface Aim {
    /** The pool. */
    long pool();

    /** As the operation carries it. */
    ObjectLocator locator();

    /** As the operation carries it. */
    String object();

    /** An object. */
    record ForObject(ObjectLocator locator, String object) implements Aim {
        @Override
        public long pool() {
            return locator.pool();
        }
    }

    /** The placement group that a listing has come to. */
    record ForListing(ObjectLocator locator, HObject cursor) implements Aim {
        @Override
        public long pool() {
            return locator.pool();
        }

        @Override
        public String object() {
            return "";
        }
    }
}
