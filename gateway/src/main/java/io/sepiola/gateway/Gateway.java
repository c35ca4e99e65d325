package io.sepiola.gateway;

import io.sepiola.base.Clock;
import io.sepiola.client.Rados;
import io.sepiola.gateway.http.HttpLimits;
import io.sepiola.gateway.http.HttpServer;
import io.sepiola.gateway.service.S3Service;
import io.sepiola.gateway.storage.BucketIndex;
import io.sepiola.gateway.storage.Buckets;
import io.sepiola.gateway.storage.Collector;
import io.sepiola.gateway.storage.DataStore;
import io.sepiola.gateway.storage.Memory;
import io.sepiola.gateway.storage.Pools;
import io.sepiola.gateway.storage.Sessions;
import io.sepiola.gateway.storage.Sweeper;
import io.sepiola.gateway.storage.Uploads;
import io.sepiola.gateway.storage.Users;
import io.sepiola.protocol.perf.PerfCounters;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetSocketAddress;

/** S3 over a RADOS client: listens once started, until closed. May be shared. */
public final class Gateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    private final GatewayOptions options;
    private final Rados rados;
    private final Clock clock;
    private final HttpLimits limits;
    private PerfCounters counters = new PerfCounters();
    private @Nullable HttpServer server;
    private @Nullable Sweeper sweeper;
    private @Nullable Collector collector;
    private @Nullable Sessions sessions;

    /** Nothing happens before {@link #start}. The client stays the caller's to close. */
    public Gateway(GatewayOptions options, Rados rados, Clock clock) {
        this(options, rados, clock, HttpLimits.DEFAULT);
    }

    Gateway(GatewayOptions options, Rados rados, Clock clock, HttpLimits limits) {
        this.options = options;
        this.rados = rados;
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * Makes what is missing of pools and base objects, then listens. Blocks until both are done.
     */
    public synchronized void start() {
        Pools pools = Pools.open(rados);
        Sessions session = new Sessions(pools);
        DataStore data = new DataStore(pools, session, new Memory(options.bufferBytes()));
        Collector garbage = new Collector(pools, data, clock);
        Buckets buckets = new Buckets(pools, garbage, clock);
        BucketIndex index = new BucketIndex(pools, data, garbage, clock, options.garbageGrace());
        Uploads uploads = new Uploads(pools, data, index, garbage);
        Users users = new Users(pools, clock);
        S3Service service =
                new S3Service(
                        options.region(),
                        options.hostNames(),
                        clock,
                        users,
                        buckets,
                        index,
                        uploads,
                        data);
        RequestCounters counted = new RequestCounters(service);
        HttpServer http =
                new HttpServer(options.address(), options.connectionCountMax(), limits, counted);
        http.start();
        Sweeper sweep =
                new Sweeper(
                        pools,
                        data,
                        garbage,
                        buckets,
                        session,
                        clock,
                        options.sweepInterval(),
                        options.sessionTimeout());
        garbage.start();
        sweep.start();
        sessions = session;
        collector = garbage;
        sweeper = sweep;
        server = http;
        counters = counted.shown();
        LOG.info("S3 on {}", http.address());
    }

    /** Where it listens; valid after {@link #start}. */
    public synchronized InetSocketAddress address() {
        return server == null ? options.address() : server.address();
    }

    /** What it counts; valid after {@link #start}. */
    public synchronized PerfCounters counters() {
        return counters;
    }

    /** Stops listening, ends connections, waits for uploads that are being undone. */
    @Override
    public synchronized void close() {
        if (server != null) {
            server.close();
            server = null;
        }
        if (sweeper != null) {
            sweeper.close();
        }
        if (collector != null) {
            collector.close();
        }
        if (sessions != null) {
            try {
                sessions.end();
            } catch (RuntimeException failure) {
                LOG.info("the session stays on record for a sweep: {}", failure.toString());
            }
            sessions = null;
        }
    }
}
