package io.sepiola.manager;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.sepiola.base.Invariant;
import io.sepiola.messenger.MessengerException;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The web page: one page, its style and script, and the status that the script reads. Takes only
 * requests that name this host, so that no other page in a browser can read it under a name of its
 * own.
 */
final class Dashboard implements AutoCloseable {
    private final Supplier<CompletableFuture<String>> status;
    private final PageServer server = new PageServer("the dashboard", false, this::page);
    private final Map<String, PageServer.Page> resources =
            Map.of(
                    "/", resource("dashboard.html", "text/html; charset=utf-8"),
                    "/dashboard.css", resource("dashboard.css", "text/css; charset=utf-8"),
                    "/dashboard.js", resource("dashboard.js", "text/javascript; charset=utf-8"));

    /** A page that shows what {@code status} completes with. */
    Dashboard(Supplier<CompletableFuture<String>> status) {
        this.status = status;
    }

    private static PageServer.Page resource(String name, String type) {
        try (InputStream in = Dashboard.class.getResourceAsStream(name)) {
            Invariant.that(in != null, "%s is missing", name);
            return new PageServer.Page(HttpResponseStatus.OK, type, in.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * Serves the page.
     *
     * @param at the port may be 0 for any free one
     * @return the page's URL
     * @throws MessengerException when the address is in use or not this machine's
     */
    String listen(InetSocketAddress at) {
        return server.listen(at);
    }

    private CompletableFuture<PageServer.Page> page(String path) {
        if (path.equals("/api/status")) {
            return status.get().thenApply(json -> PageServer.Page.of("application/json", json));
        }
        return CompletableFuture.completedFuture(
                resources.getOrDefault(path, PageServer.Page.missing()));
    }

    @Override
    public void close() {
        server.close();
    }
}
