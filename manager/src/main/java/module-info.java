/** See package io.sepiola.manager. */
module io.sepiola.manager {
    requires static transitive org.jspecify;
    requires transitive io.sepiola.client;
    requires tools.jackson.databind;
    requires io.netty.common;
    requires io.netty.buffer;
    requires io.netty.transport;
    requires io.netty.handler;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires org.slf4j;

    exports io.sepiola.manager;
}
