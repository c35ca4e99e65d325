/** See package io.sepiola.store. */
module io.sepiola.store {
    requires static transitive org.jspecify;
    requires transitive io.sepiola.protocol;
    requires jdk.unsupported; // files without the page cache
    requires rocksdbjni;
    requires com.github.luben.zstd_jni;
    requires org.xerial.snappy;
    requires org.lz4.java;
    requires org.slf4j;

    exports io.sepiola.store;
}
