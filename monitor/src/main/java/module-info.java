/** See package io.sepiola.monitor. */
module io.sepiola.monitor {
    requires static transitive org.jspecify;
    requires transitive io.sepiola.client;
    requires tools.jackson.databind;
    requires org.slf4j;

    exports io.sepiola.monitor;
}
