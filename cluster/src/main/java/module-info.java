/** See package io.sepiola.cluster. */
module io.sepiola.cluster {
    requires static transitive org.jspecify;
    requires io.sepiola.monitor;
    requires io.sepiola.osd;
    requires io.sepiola.manager;
    requires io.sepiola.gateway;
    requires com.jcraft.jsch;
    requires info.picocli;
    requires tools.jackson.databind;
    requires org.slf4j;
    requires ch.qos.logback.classic;
    requires ch.qos.logback.core;

    exports io.sepiola.cluster;

    uses io.sepiola.monitor.QuorumLibrary;
}
