/** The nouns of Ceph and their encodings. See package io.sepiola.protocol. */
module io.sepiola.protocol {
    requires static transitive org.jspecify;
    requires transitive io.sepiola.base;
    requires transitive io.sepiola.crush;

    exports io.sepiola.protocol;
    exports io.sepiola.protocol.auth;
    exports io.sepiola.protocol.caps;
    exports io.sepiola.protocol.dump;
    exports io.sepiola.protocol.fs;
    exports io.sepiola.protocol.map;
    exports io.sepiola.protocol.message;
    exports io.sepiola.protocol.option;
    exports io.sepiola.protocol.osd;
    exports io.sepiola.protocol.perf;
    exports io.sepiola.protocol.tell;
    exports io.sepiola.protocol.upmap;
}
