package io.sepiola.manager;

import io.sepiola.messenger.MessengerException;
import io.sepiola.protocol.osd.HealthCheck;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Where the metrics are served: at the address that the manager was started with, or the one that
 * {@code mgr/prometheus/server_addr} and {@code server_port} name; a port of 0 closes it. When it
 * cannot be had, the cluster's health says so, and it is tried again from time to time. Owned by
 * the manager's shard.
 */
final class MetricsDoor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsDoor.class);
    private static final int AGAIN_SECONDS = 30;
    private static final String INDEX =
            "<!DOCTYPE html><html><head><title>Ceph exporter</title></head><body><h1>Ceph"
                    + " exporter</h1><p><a href='/metrics'>Metrics</a></p></body></html>\n";

    private final Optional<InetSocketAddress> standard;
    private final ModuleOptions options;
    private final Supplier<CompletableFuture<String>> metrics;
    private @Nullable PageServer server;
    private String uri = "";
    private String asked = ""; // where the server is, or could not be
    private String failure = "";
    private long failedNanos;

    /**
     * Closed until {@link #update}.
     *
     * @param standard where, unless the options say otherwise; nowhere when empty
     * @param metrics the page; called on the server's thread
     */
    MetricsDoor(
            Optional<InetSocketAddress> standard,
            ModuleOptions options,
            Supplier<CompletableFuture<String>> metrics) {
        this.standard = standard;
        this.options = options;
        this.metrics = metrics;
    }

    /**
     * Looks at the options, and opens, moves or closes.
     *
     * @return whether the URL changed
     */
    boolean update(long nanos) {
        if (standard.isEmpty()) {
            return false;
        }
        String address =
                options.local(
                        "prometheus", "server_addr", standard.get().getAddress().getHostAddress());
        String port =
                options.local(
                        "prometheus", "server_port", Integer.toString(standard.get().getPort()));
        String wanted = address + " " + port;
        boolean again = !failure.isEmpty() && nanos - failedNanos > AGAIN_SECONDS * 1_000_000_000L;
        if (wanted.equals(asked) && !again) {
            return false;
        }
        String before = uri;
        close();
        asked = wanted;
        open(address, port, nanos);
        return !uri.equals(before);
    }

    private void open(String address, String portText, long nanos) {
        OptionalInt port = ModuleOptions.number(portText, 0, 65_535);
        try {
            if (port.isEmpty()) {
                failed("mgr/prometheus/server_port " + portText + " is not a port", nanos);
            } else if (port.getAsInt() != 0) {
                InetAddress at = InetAddress.ofLiteral(address);
                PageServer fresh = new PageServer("the metrics page", true, this::page);
                uri = fresh.listen(new InetSocketAddress(at, port.getAsInt()));
                server = fresh;
            }
        } catch (IllegalArgumentException noAddress) {
            failed("mgr/prometheus/server_addr " + address + " is not an IP address", nanos);
        } catch (MessengerException taken) {
            failed(
                    taken.getMessage()
                            + "; stop what listens there, or set mgr/prometheus/server_port",
                    nanos);
        }
    }

    private void failed(String why, long nanos) {
        failure = why;
        failedNanos = nanos;
        LOG.error("metrics are not served: {}", why);
    }

    private CompletableFuture<PageServer.Page> page(String path) {
        return switch (path) {
            case "/metrics" ->
                    metrics.get().thenApply(text -> PageServer.Page.of(MetricsText.TYPE, text));
            case "/" ->
                    CompletableFuture.completedFuture(
                            PageServer.Page.of("text/html; charset=utf-8", INDEX));
            default -> CompletableFuture.completedFuture(PageServer.Page.missing());
        };
    }

    /** The page's URL; empty while there is none. */
    String uri() {
        return uri;
    }

    /** As Ceph says of a module that ended. */
    void judge(Map<String, HealthCheck> checks) {
        if (!failure.isEmpty()) {
            String line = "Module 'prometheus' has failed: " + failure;
            checks.put(
                    "MGR_MODULE_ERROR", new HealthCheck(HealthCheck.ERROR, line, List.of(line), 1));
        }
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
            server = null;
        }
        uri = "";
        failure = "";
    }
}
