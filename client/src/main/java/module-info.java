/** See package io.sepiola.client. */
module io.sepiola.client {
    requires static transitive org.jspecify;
    requires transitive io.sepiola.protocol;
    requires transitive io.sepiola.messenger;
    requires org.slf4j;

    exports io.sepiola.client;
}
