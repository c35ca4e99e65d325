/** See package io.sepiola.store. */
module io.sepiola.store {
    requires static transitive org.jspecify;
    requires transitive io.sepiola.protocol;
    requires jdk.unsupported; // files without the page cache
    requires rocksdbjni;
    requires org.slf4j;

    exports io.sepiola.store;
}
