package io.sepiola.gateway;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * How one gateway is set up. Start from {@link #at} and change what differs.
 *
 * @param address where to listen; port 0 lets the system choose
 * @param region the region that clients must sign for, and that buckets are said to be in
 * @param hostNames names under which buckets may be addressed as {@code bucket.NAME}; lower case
 * @param bufferBytes object data held in memory at once, over all requests; more clients wait
 * @param connectionCountMax connections served at once; further ones are closed
 * @param garbageGrace how long replaced data stays, so that readers in progress finish
 * @param sweepInterval time between two searches for what nobody refers to
 * @param sessionTimeout silence after which another gateway's unfinished uploads are collected
 */
public record GatewayOptions(
        InetSocketAddress address,
        String region,
        List<String> hostNames,
        int bufferBytes,
        int connectionCountMax,
        Duration garbageGrace,
        Duration sweepInterval,
        Duration sessionTimeout) {
    /** Copies the list. */
    public GatewayOptions {
        hostNames = List.copyOf(hostNames);
    }

    /** The defaults, listening there. */
    public static GatewayOptions at(InetSocketAddress address) {
        return new GatewayOptions(
                address,
                "us-east-1",
                List.of(),
                96 << 20,
                1024,
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                Duration.ofMinutes(2));
    }

    /** The same in another region. */
    public GatewayOptions withRegion(String name) {
        return new GatewayOptions(
                address,
                name,
                hostNames,
                bufferBytes,
                connectionCountMax,
                garbageGrace,
                sweepInterval,
                sessionTimeout);
    }

    /** The same, answering to these names for {@code bucket.NAME}. */
    public GatewayOptions withHostNames(List<String> names) {
        return new GatewayOptions(
                address,
                region,
                names,
                bufferBytes,
                connectionCountMax,
                garbageGrace,
                sweepInterval,
                sessionTimeout);
    }

    /** The same with another bound on the object data in memory. */
    public GatewayOptions withBufferBytes(int bytes) {
        return new GatewayOptions(
                address,
                region,
                hostNames,
                bytes,
                connectionCountMax,
                garbageGrace,
                sweepInterval,
                sessionTimeout);
    }

    /** The same with other times for collecting garbage. */
    public GatewayOptions withCollection(Duration grace, Duration interval, Duration timeout) {
        return new GatewayOptions(
                address,
                region,
                hostNames,
                bufferBytes,
                connectionCountMax,
                grace,
                interval,
                timeout);
    }
}
