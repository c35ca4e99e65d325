package io.sepiola.cluster.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * What a command on a host may read, sent by a thread of its own while the command's output is
 * read. A command that reads no further is sent no more.
 */
final class SshInput {
    private static final int PIECE_BYTES = 32 << 10;

    private final InputStream content;
    private final OutputStream toHost;
    private final Runnable giveUp;
    private final FutureTask<Boolean> sending = new FutureTask<>(this::send);

    private SshInput(InputStream content, OutputStream toHost, Runnable giveUp) {
        this.content = content;
        this.toHost = toHost;
        this.giveUp = giveUp;
    }

    /**
     * Begins to send.
     *
     * @param content what is sent; is not closed
     * @param toHost what carries it; is closed after the last byte
     * @param giveUp ends the command; done where the content cannot be read to its end, so that a
     *     part of it does not pass for the whole
     */
    static SshInput begin(InputStream content, OutputStream toHost, Runnable giveUp) {
        SshInput input = new SshInput(content, toHost, giveUp);
        Thread.ofVirtual().name("ssh-input").start(input.sending);
        return input;
    }

    /**
     * Waits until nothing more is read of the content. To be called once the command has ended:
     * then nothing is waited for but a read under way.
     *
     * @return whether the command took everything
     * @throws IOException when the content could not be read
     */
    boolean await() throws IOException {
        try {
            return sending.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException unreadable) {
                throw unreadable;
            }
            throw new CompletionException(failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    private boolean send() throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        while (true) {
            int bytes = read(piece);
            try {
                if (bytes < 0) {
                    toHost.close();
                    return true;
                }
                toHost.write(piece, 0, bytes);
            } catch (IOException ended) {
                return false;
            }
        }
    }

    private int read(byte[] piece) throws IOException {
        try {
            return content.read(piece);
        } catch (IOException unreadable) {
            giveUp.run();
            throw unreadable;
        }
    }
}
