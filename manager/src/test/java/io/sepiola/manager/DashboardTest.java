package io.sepiola.manager;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** The page's server: what it gives, and to whom it gives nothing. */
class DashboardTest {
    private CompletableFuture<String> status = CompletableFuture.completedFuture("{\"a\":1}");
    private final Dashboard dashboard = new Dashboard(() -> status);
    private int port;

    @BeforeEach
    void listen() {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        port = URI.create(dashboard.listen(new InetSocketAddress(loopback, 0))).getPort();
    }

    @AfterEach
    void close() {
        dashboard.close();
    }

    /** The whole answer to a head; the connection is closed behind it. */
    private String answer(String start, String host) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            String head = start + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String answer(String start) throws IOException {
        return answer(start, "127.0.0.1:" + port);
    }

    @Test
    void thePageAndWhatItReads() throws IOException {
        assertThat(answer("GET /"))
                .startsWith("HTTP/1.1 200 OK")
                .contains("default-src 'none'", "nosniff", "X-Frame-Options: DENY", "<html");
        assertThat(answer("GET /dashboard.js?v=1")).startsWith("HTTP/1.1 200 OK");
        assertThat(answer("GET /dashboard.css")).startsWith("HTTP/1.1 200 OK");
        assertThat(answer("GET /api/status", "localhost:" + port)).endsWith("\r\n\r\n{\"a\":1}");
        assertThat(answer("HEAD /api/status")).contains("200 OK").endsWith("\r\n\r\n");
    }

    @Test
    void monitorsThatDoNotAnswerAreToldOf() throws IOException {
        status = CompletableFuture.failedFuture(new IllegalStateException("secret of the inside"));
        assertThat(answer("GET /api/status"))
                .startsWith("HTTP/1.1 503")
                .contains("quorum")
                .doesNotContain("secret of the inside");
    }

    @Test
    void otherNamesMethodsAndPathsGetNothing() throws IOException {
        for (String host : new String[] {"evil.example:" + port, "127.0.0.1", "", "[:" + port}) {
            assertThat(answer("GET /api/status", host)).as(host).doesNotContain("{\"a\":1}");
        }
        assertThat(answer("GET /api/status", "evil.example:" + port)).startsWith("HTTP/1.1 403");
        assertThat(answer("POST /api/status")).startsWith("HTTP/1.1 405").contains("GET, HEAD");
        assertThat(answer("OPTIONS /")).startsWith("HTTP/1.1 405");
        for (String path :
                new String[] {
                    "/../dashboard.js",
                    "/%2e%2e/dashboard.js",
                    "//etc/passwd",
                    "/api/status/",
                    "/dashboard.html"
                }) {
            assertThat(answer("GET " + path)).as(path).startsWith("HTTP/1.1 404");
        }
        assertThat(answer("GET /" + "x".repeat(100_000))).doesNotStartWith("HTTP/1.1 200");
    }
}
