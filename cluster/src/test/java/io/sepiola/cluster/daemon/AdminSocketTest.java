package io.sepiola.cluster.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.message.MCommand;
import io.sepiola.protocol.message.MCommandReply;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The admin socket's bytes, its bounds and its file. */
@Timeout(60)
class AdminSocketTest {
    @TempDir private Path directory;
    private Path path;
    private AdminSocket socket;
    private volatile String heard = "";

    @BeforeEach
    void listen() throws IOException {
        path = directory.resolve("osd.0.asok");
        socket = open(Duration.ofSeconds(30));
    }

    @AfterEach
    void close() {
        socket.close();
    }

    private AdminSocket open(Duration patience) throws IOException {
        return AdminSocket.open(path, this::tell, patience);
    }

    private CompletableFuture<MCommandReply> tell(MCommand command) {
        heard = String.join("", command.command());
        if (heard.contains("slow")) {
            return new CompletableFuture<>();
        }
        boolean wrong = heard.contains("nosuch");
        return CompletableFuture.completedFuture(
                wrong
                        ? new MCommandReply(0, -22, "no such thing", Bytes.EMPTY)
                        : new MCommandReply(0, 0, "beside", Bytes.utf8("{}\n")));
    }

    /** What the socket sends until it closes; the text when its size is right. */
    private String ask(String request) throws IOException {
        try (SocketChannel peer = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                peer.write(bytes);
            }
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            Channels.newInputStream(peer).transferTo(answer);
            ByteBuffer all = ByteBuffer.wrap(answer.toByteArray());
            assertThat(all.getInt()).isEqualTo(all.remaining());
            return StandardCharsets.UTF_8.decode(all).toString();
        }
    }

    @Test
    void aTextIsAnsweredWithASizeAndAText() throws IOException {
        assertThat(ask("{\"prefix\":\"status\"}\0")).isEqualTo("{}\n");
        assertThat(heard).isEqualTo("{\"prefix\":\"status\"}");
        assertThat(ask("{\"prefix\":\"version\"}\n")).isEqualTo("{}\n");
        assertThat(heard).isEqualTo("{\"prefix\":\"version\"}");
    }

    @Test
    void theOldCommandsAreNumbers() throws IOException {
        assertThat(ask("\0\0\0\0")).isEqualTo("2");
        assertThat(ask("\0\0\0\1")).isEqualTo("{}\n");
        assertThat(heard).isEqualTo("{\"prefix\":\"perf dump\"}");
        assertThat(ask("\0\0\0\2")).isEqualTo("{}\n");
        assertThat(heard).isEqualTo("{\"prefix\":\"perf schema\"}");
        assertThat(ask("\0\0\0\7")).startsWith("ERROR: (22) Invalid argument\n");
    }

    @Test
    void errorsAreTexts() throws IOException {
        assertThat(ask("{\"prefix\":\"nosuch\"}\0"))
                .isEqualTo("ERROR: (22) Invalid argument\nno such thing\n");
        assertThat(ask("version\n")).isEqualTo("ERROR: (22) Invalid argument\ninvalid json\n");
    }

    @Test
    void aRequestWithoutEndIsRefused() throws IOException {
        heard = "";
        assertThat(ask("{" + "x".repeat(64 << 10))).startsWith("ERROR: (22)");
        assertThat(heard).isEmpty();
    }

    @Test
    void whoKeepsTheDaemonWaitingIsLetGo() throws IOException {
        socket.close();
        socket = open(Duration.ofMillis(100));
        try (SocketChannel silent = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            assertThat(silent.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
        assertThat(ask("{\"prefix\":\"slow\"}\0"))
                .isEqualTo("ERROR: (110) Connection timed out\nthe daemon is busy\n");
        for (int i = 0; i < 20; i++) { // more than may be served at once
            assertThat(ask("{\"prefix\":\"status\"}\0")).isEqualTo("{}\n");
        }
    }

    @Test
    void theFileGoesWithTheDaemon() {
        assertThat(path).exists();
        socket.close();
        assertThat(path).doesNotExist();
    }

    @Test
    void aStaleFileIsReplacedAndOneInUseIsNot() throws IOException {
        assertThatThrownBy(() -> open(Duration.ofSeconds(1)))
                .hasMessageContaining("another process listens there");
        assertThat(ask("{\"prefix\":\"status\"}\0")).isEqualTo("{}\n");
        socket.close();
        try (ServerSocketChannel gone = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            gone.bind(UnixDomainSocketAddress.of(path));
        }
        assertThat(path).exists();
        socket = open(Duration.ofSeconds(30));
        assertThat(ask("{\"prefix\":\"status\"}\0")).isEqualTo("{}\n");
    }

    @Test
    void whatIsNoSocketStays() throws IOException {
        socket.close();
        Files.writeString(path, "precious");
        assertThatThrownBy(() -> open(Duration.ofSeconds(1))).hasMessageContaining("no socket");
        assertThat(path).hasContent("precious");
    }

    @Test
    void anothersFileOfTheSameNameStays() throws IOException {
        Files.delete(path);
        Files.writeString(path, "another's");
        socket.close();
        assertThat(path).exists();
    }
}
