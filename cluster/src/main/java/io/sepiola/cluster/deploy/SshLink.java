package io.sepiola.cluster.deploy;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One SSH connection.
 *
 * <p>What a command reads is sent by a thread of ours ({@link SshInput}). The library would start
 * one of its own, and fails when the command ends while that thread is being set up.
 */
final class SshLink implements Link {
    private static final int CHANNEL_MILLIS = 15_000;
    private static final int OUTPUT_BYTES_MAX = 64 << 20;
    private static final long GOODBYE_NANOS_MAX = TimeUnit.SECONDS.toNanos(15);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Session session;

    SshLink(Session session) {
        this.session = session;
    }

    @Override
    public Answer run(String command, InputStream input) throws IOException {
        ChannelExec channel = null;
        try {
            channel = (ChannelExec) session.openChannel("exec");
            channel.setCommand(command);
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            channel.setErrStream(err);
            InputStream out = channel.getInputStream();
            OutputStream in = channel.getOutputStream();
            channel.connect(CHANNEL_MILLIS);
            SshInput sent = SshInput.begin(input, in, channel::disconnect);
            byte[] printed = out.readNBytes(OUTPUT_BYTES_MAX);
            awaitEnd(channel);
            sent.await();
            return new Answer(
                    exitCode(channel),
                    new String(printed, StandardCharsets.UTF_8),
                    err.toString(StandardCharsets.UTF_8));
        } catch (JSchException failed) {
            throw new IOException(failed.getMessage(), failed);
        } finally {
            if (channel != null) {
                channel.disconnect();
            }
        }
    }

    /** The exit code comes after the end of the output, and the library has no way to wait. */
    private static void awaitEnd(ChannelExec channel) throws IOException {
        long begin = System.nanoTime();
        while (!channel.isClosed()) {
            if (System.nanoTime() - begin > GOODBYE_NANOS_MAX) {
                throw new IOException("the host does not say how the command has ended");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static int exitCode(ChannelExec channel) throws IOException {
        if (channel.getExitStatus() < 0) {
            throw new IOException("the connection was lost, or the command was killed");
        }
        return channel.getExitStatus();
    }

    @Override
    public void close() {
        session.disconnect();
    }
}
