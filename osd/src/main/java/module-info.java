/** See package io.sepiola.osd. */
module io.sepiola.osd {
    requires static transitive org.jspecify;
    requires transitive io.sepiola.client;
    requires transitive io.sepiola.store;
    requires tools.jackson.databind;
    requires org.slf4j;

    exports io.sepiola.osd;
    exports io.sepiola.osd.heartbeat;
}
