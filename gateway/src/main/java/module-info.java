/** See package io.sepiola.gateway. */
module io.sepiola.gateway {
    requires static transitive org.jspecify;
    requires transitive io.sepiola.client;
    requires tools.jackson.databind;
    requires io.netty.common;
    requires io.netty.buffer;
    requires io.netty.transport;
    requires io.netty.handler;
    requires io.netty.codec.http;
    requires io.netty.transport.classes.epoll;
    requires java.xml;
    requires org.slf4j;

    exports io.sepiola.gateway;
}
