package io.sepiola.cluster.daemon;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.message.MCommand;
import io.sepiola.protocol.message.MCommandReply;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * A socket of the file system, through which whoever owns the daemon's process tells it something
 * ({@code ceph daemon osd.0 status}): the same commands as through the network. One command goes
 * through a connection.
 *
 * <p>request := JSON text ended by NUL or newline, or number:u32 of three old commands. answer :=
 * size:u32 text:byte[size]; both numbers are big-endian. A command that failed is answered with a
 * text that begins with ERROR.
 */
final class AdminSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminSocket.class);
    private static final UUID ANY_CLUSTER = new UUID(0, 0);
    private static final int REQUEST_BYTES_MAX = 64 << 10;
    private static final int SIMULTANEOUS_MAX = 8; // others wait to be accepted
    private static final int EINVAL = -22;
    private static final int EIO = -5;
    private static final int ETIMEDOUT = -110;
    private static final String PROTOCOL_VERSION = "2";
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Path path;
    private final Object file;
    private final ServerSocketChannel door;
    private final Function<MCommand, ? extends CompletionStage<MCommandReply>> daemon;
    private final Duration patience;
    private final Semaphore slots = new Semaphore(SIMULTANEOUS_MAX);
    private final ScheduledThreadPoolExecutor deadlines;

    private AdminSocket(
            Path path,
            ServerSocketChannel door,
            Function<MCommand, ? extends CompletionStage<MCommandReply>> daemon,
            Duration patience)
            throws IOException {
        this.path = path;
        this.file = identity(path);
        this.door = door;
        this.daemon = daemon;
        this.patience = patience;
        this.deadlines =
                new ScheduledThreadPoolExecutor(
                        1,
                        task ->
                                Thread.ofPlatform()
                                        .name("admin deadline")
                                        .daemon()
                                        .unstarted(task));
        deadlines.setRemoveOnCancelPolicy(true);
    }

    /**
     * Listens. The file of a process that is gone is replaced, one behind which somebody listens is
     * not.
     *
     * @param patience how long a connection may take in all
     * @throws IOException when there can be no socket, and why
     */
    static AdminSocket open(
            Path path,
            Function<MCommand, ? extends CompletionStage<MCommandReply>> daemon,
            Duration patience)
            throws IOException {
        clear(path);
        ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            door.bind(UnixDomainSocketAddress.of(path));
            // To connect one must be allowed to write: nobody but the owner, as Ceph's.
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
            AdminSocket socket = new AdminSocket(path, door, daemon, patience);
            Thread.ofPlatform().name("admin socket").daemon().start(socket::accept);
            return socket;
        } catch (IOException | RuntimeException failed) {
            door.close();
            throw failed;
        }
    }

    private static void clear(Path path) throws IOException {
        Optional<BasicFileAttributes> there = attributes(path);
        if (there.isEmpty()) {
            return;
        }
        if (!there.get().isOther()) {
            throw new FileSystemException(path.toString(), null, "is there, and no socket");
        }
        if (isServed(path)) {
            throw new FileSystemException(path.toString(), null, "another process listens there");
        }
        Files.deleteIfExists(path);
    }

    private static boolean isServed(Path path) {
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return probe.isConnected();
        } catch (IOException nobody) {
            return false;
        }
    }

    private static Optional<BasicFileAttributes> attributes(Path path) throws IOException {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(
                        Files.readAttributes(
                                path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS))
                : Optional.empty();
    }

    /** What tells the file from another of the same name. */
    private static Object identity(Path path) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return List.of(
                Objects.requireNonNullElse(attributes.fileKey(), ""), attributes.creationTime());
    }

    private void accept() {
        while (door.isOpen()) {
            try {
                slots.acquire();
                SocketChannel peer = door.accept();
                Thread.ofVirtual().name("admin command").start(() -> serve(peer));
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException failed) {
                slots.release();
                LOG.warn("the admin socket {} takes nobody: {}", path, failed.getMessage());
                if (!isOpenAfterPause()) {
                    return;
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** What failed may be over soon: open files may have been too many. */
    private boolean isOpenAfterPause() {
        try {
            Thread.sleep(AGAIN);
            return door.isOpen();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void serve(SocketChannel peer) {
        ScheduledFuture<?> deadline =
                deadlines.schedule(() -> closed(peer), patience.toMillis(), TimeUnit.MILLISECONDS);
        try (peer) {
            byte[] text = answer(request(peer)).getBytes(StandardCharsets.UTF_8);
            ByteBuffer out = ByteBuffer.allocate(Integer.BYTES + text.length);
            out.putInt(text.length).put(text).flip();
            while (out.hasRemaining()) {
                peer.write(out);
            }
        } catch (IOException gone) {
            LOG.debug("nobody waits for the answer", gone);
        } finally {
            deadline.cancel(false);
            slots.release();
        }
    }

    private static void closed(SocketChannel peer) {
        try {
            peer.close();
        } catch (IOException failed) {
            LOG.debug("closing", failed);
        }
    }

    /** Nothing when what came is no request, or too long. */
    private static Optional<String> request(SocketChannel peer) throws IOException {
        InputStream in = new BufferedInputStream(Channels.newInputStream(peer));
        int next = in.read();
        if (next == 0) {
            byte[] rest = in.readNBytes(Integer.BYTES - 1);
            return rest.length < Integer.BYTES - 1 ? Optional.empty() : old(rest[2]);
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        while (next > 0 && next != '\n') {
            if (text.size() == REQUEST_BYTES_MAX) {
                return Optional.empty();
            }
            text.write(next);
            next = in.read();
        }
        return Optional.of(text.toString(StandardCharsets.UTF_8));
    }

    /** The commands from before there were texts, by number. */
    private static Optional<String> old(int number) {
        return switch (number) {
            case 0 -> Optional.of("{\"prefix\":\"0\"}");
            case 1 -> Optional.of("{\"prefix\":\"perf dump\"}");
            case 2 -> Optional.of("{\"prefix\":\"perf schema\"}");
            default -> Optional.empty();
        };
    }

    private String answer(Optional<String> request) {
        String text = request.orElse("");
        if (!text.startsWith("{")) {
            return refusal(EINVAL, "invalid json");
        }
        if (text.equals("{\"prefix\":\"0\"}")) {
            return PROTOCOL_VERSION;
        }
        try {
            MCommandReply reply =
                    daemon.apply(new MCommand(0, ANY_CLUSTER, List.of(text), Bytes.EMPTY))
                            .toCompletableFuture()
                            .orTimeout(patience.toMillis() / 2, TimeUnit.MILLISECONDS)
                            .join();
            String output = reply.output().toUtf8();
            return reply.result() < 0 ? refusal(reply.result(), reply.text()) + output : output;
        } catch (CompletionException failed) {
            return failed.getCause() instanceof TimeoutException
                    ? refusal(ETIMEDOUT, "the daemon is busy")
                    : refusal(EIO, String.valueOf(failed.getCause()));
        }
    }

    private static String refusal(int result, String why) {
        return "ERROR: (" + -result + ") " + name(-result) + "\n" + why + "\n";
    }

    private static String name(int errno) {
        return switch (errno) {
            case 1 -> "Operation not permitted";
            case 2 -> "No such file or directory";
            case 5 -> "Input/output error";
            case 11 -> "Resource temporarily unavailable";
            case 13 -> "Permission denied";
            case 16 -> "Device or resource busy";
            case 17 -> "File exists";
            case 22 -> "Invalid argument";
            case 95 -> "Operation not supported";
            case 110 -> "Connection timed out";
            default -> "Unknown error " + errno;
        };
    }

    /** Listens no more, and takes its file away. */
    @Override
    public void close() {
        try {
            door.close();
            // Another process may have taken the name meanwhile.
            if (attributes(path).isPresent() && identity(path).equals(file)) {
                Files.deleteIfExists(path);
            }
        } catch (IOException failed) {
            LOG.warn("the admin socket {} stays: {}", path, failed.getMessage());
        }
        deadlines.shutdownNow();
    }
}
