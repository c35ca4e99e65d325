package io.sepiola.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One connection's bytes: the event loop puts them into a bounded queue, one virtual thread takes
 * them out, blocking. The queue's bytes stay under {@link #QUEUE_BYTES} plus one network read,
 * because reading pauses while it is full.
 */
final class Wire extends ChannelInboundHandlerAdapter {
    private static final int QUEUE_BYTES = 256 << 10;
    private static final int PENDING_WRITES_MAX = 4;
    private static final ByteBuf END = Unpooled.unreleasableBuffer(Unpooled.buffer(0, 0));
    private static final byte[] CONTINUE =
            "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Channel channel;
    private final HttpLimits limits;
    private final LinkedBlockingQueue<ByteBuf> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final ArrayDeque<ChannelFuture> pending = new ArrayDeque<>();
    private volatile boolean reading;
    private volatile boolean abandoned;
    private ByteBuf current = Unpooled.EMPTY_BUFFER;

    Wire(Channel channel, HttpLimits limits) {
        this.channel = channel;
        this.limits = limits;
    }

    // On the event loop.

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        queued.addAndGet(bytes.readableBytes());
        queue.add(bytes);
        if (abandoned) {
            releaseQueue();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        reading = false; // before looking at the queue: its reader looks in the other order
        if (queued.get() < QUEUE_BYTES) {
            askForMore();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        queue.add(END);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close(); // a reset connection; the reader sees the end
    }

    private void askForMore() {
        if (!reading) {
            reading = true;
            channel.read();
        }
    }

    // On the connection's thread.

    long nanos() {
        return System.nanoTime();
    }

    void start() {
        askForMore();
    }

    /** Makes at least one byte readable; false at the end, HttpRefusal 408 after the deadline. */
    private boolean fill(long deadlineNanos) {
        while (!current.isReadable()) {
            current.release();
            current = Unpooled.EMPTY_BUFFER;
            ByteBuf next;
            try {
                next = queue.poll();
                if (next == null) {
                    next = queue.poll(deadlineNanos - nanos(), TimeUnit.NANOSECONDS);
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return false;
            }
            if (next == null) {
                throw new HttpRefusal(408, "The request did not arrive in time.");
            }
            if (next == END) {
                queue.add(END);
                return false;
            }
            current = next;
            if (queued.addAndGet(-next.readableBytes()) < QUEUE_BYTES) {
                askForMore();
            }
        }
        return true;
    }

    /** Waits for a first byte; false when the connection ends or stays idle instead. */
    boolean awaitFirst(long deadlineNanos) {
        try {
            return fill(deadlineNanos);
        } catch (HttpRefusal idle) {
            return false;
        }
    }

    /** The next byte, or -1 at the end. */
    int readByte(long deadlineNanos) {
        return fill(deadlineNanos) ? current.readByte() & 0xff : -1;
    }

    int read(byte[] target, int offset, int count, long deadlineNanos) {
        if (!fill(deadlineNanos)) {
            return -1;
        }
        int taken = Math.min(count, current.readableBytes());
        current.readBytes(target, offset, taken);
        return taken;
    }

    /** A line that ends with CRLF, as ISO 8859-1, without its end. */
    String line(int bytesMax, long deadlineNanos) {
        StringBuilder line = new StringBuilder(80);
        while (true) {
            int b = readByte(deadlineNanos);
            if (b < 0) {
                throw new ClientGone("connection ended inside a line");
            }
            if (b == '\r') {
                expect('\n', deadlineNanos);
                return line.toString();
            }
            if (b < ' ' && b != '\t' || b == 0x7f) {
                throw new HttpRefusal(400, "A control character stands where none may.");
            }
            if (line.length() >= bytesMax) {
                throw new HttpRefusal(431, "A line is too long.");
            }
            line.append((char) b);
        }
    }

    void expectLineEnd(long deadlineNanos) {
        expect('\r', deadlineNanos);
        expect('\n', deadlineNanos);
    }

    private void expect(char wanted, long deadlineNanos) {
        int b = readByte(deadlineNanos);
        if (b < 0) {
            throw new ClientGone("connection ended before a line's end");
        }
        if (b != wanted) {
            throw new HttpRefusal(400, "A line does not end with CR LF.");
        }
    }

    void writeContinue() {
        write(Unpooled.wrappedBuffer(CONTINUE));
    }

    /** Sends; blocks while the client has not read enough of what was sent before. */
    void write(ByteBuf bytes) {
        while (pending.size() >= PENDING_WRITES_MAX) {
            awaitOldestWrite();
        }
        pending.add(channel.writeAndFlush(bytes));
        while (!pending.isEmpty() && pending.peek().isDone()) {
            awaitOldestWrite();
        }
    }

    /** Blocks until all that was written has reached the system. */
    void awaitWritten() {
        while (!pending.isEmpty()) {
            awaitOldestWrite();
        }
    }

    private void awaitOldestWrite() {
        @Nullable ChannelFuture oldest = pending.poll();
        if (oldest == null) {
            return;
        }
        if (!oldest.isDone()) {
            try {
                if (!oldest.await(limits.stall().toMillis())) {
                    throw new ClientGone("the client reads nothing");
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new ClientGone("interrupted");
            }
        }
        if (!oldest.isSuccess()) {
            throw new ClientGone("the connection is gone");
        }
    }

    /** Says that nothing more will be sent, and throws away what still arrives for a while. */
    void linger(long nanosMax) {
        awaitWritten();
        if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        }
        long end = nanos() + nanosMax;
        try {
            while (nanos() - end < 0 && fill(end)) {
                current.skipBytes(current.readableBytes());
            }
        } catch (HttpRefusal late) {
            return; // the client had its time to read the answer
        }
    }

    /** Ends the connection and frees what is queued. */
    void close() {
        channel.close();
        abandoned = true;
        current.release();
        current = Unpooled.EMPTY_BUFFER;
        releaseQueue();
    }

    private void releaseQueue() {
        for (ByteBuf left = queue.poll(); left != null; left = queue.poll()) {
            ReferenceCountUtil.safeRelease(left);
        }
    }
}
