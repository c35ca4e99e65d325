/** See package io.sepiola.messenger. */
module io.sepiola.messenger {
    requires static transitive org.jspecify;
    requires transitive io.sepiola.protocol;
    requires io.netty.common;
    requires io.netty.buffer;
    requires io.netty.transport;
    requires io.netty.handler;
    requires io.netty.transport.classes.epoll;
    requires org.slf4j;

    exports io.sepiola.messenger;
}
