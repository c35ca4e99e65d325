package io.sepiola.messenger;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.sepiola.base.Bytes;
import io.sepiola.base.Lent;
import io.sepiola.base.Shard;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * One TCP connection. What is written waits until the loop's turn ends, and is then copied into
 * buffers of the system's memory, only as many as the socket takes: small frames leave together,
 * large ones do not pile up outside the heap. Lent memory goes to the socket as it is, and back to
 * its owner when the socket has taken it. Owned by its event loop.
 */
final class NettyLink extends ChannelInboundHandlerAdapter
        implements Transport.Link, Transport.Source {
    private static final int BUFFER_SIZE_MAX = 128 << 10;
    private static final int LINGER_SECONDS = 5;

    private static final byte[] NO_ARRAY = new byte[0];

    /** In the array, or in lent memory, which the link has retained. */
    private record Piece(byte[] array, @Nullable Lent lentOrNull, int offset, int length) {}

    private final class Appender implements Bytes.PieceVisitor {
        @Override
        public void visit(byte[] array, int offset, int length) {
            pending.add(new Piece(array, null, offset, length));
        }

        @Override
        public void lent(Lent memory, int offset, int length) {
            memory.retain();
            pending.add(new Piece(NO_ARRAY, memory, offset, length));
        }
    }

    private final EventLoopShard shard;
    private final Transport.Handler handler;
    private final ArrayDeque<Piece> pending = new ArrayDeque<>();
    private final Appender appender = new Appender();
    private int pendingOffset; // within the first piece
    private long pendingBytes;
    private boolean flushAsked;
    private boolean closing;
    private boolean reading;
    private @Nullable ChannelHandlerContext contextOrNull;
    private @Nullable InetSocketAddress remoteOrNull;
    private @Nullable InetSocketAddress localOrNull;
    private @Nullable ByteBuf inboxOrNull;

    NettyLink(EventLoopShard shard, Transport.Handler handler) {
        this.shard = shard;
        this.handler = handler;
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext context = contextOrNull;
        if (context == null) {
            throw new IllegalStateException("the link is not open");
        }
        return context;
    }

    // Netty's side.

    @Override
    public void channelActive(ChannelHandlerContext context) {
        contextOrNull = context;
        remoteOrNull = (InetSocketAddress) context.channel().remoteAddress();
        localOrNull = (InetSocketAddress) context.channel().localAddress();
        guarded(() -> handler.opened(this));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf more = (ByteBuf) message;
        ByteBuf inbox = inboxOrNull;
        if (inbox == null) {
            inbox = more;
        } else {
            inbox = joined(context, inbox, more);
        }
        inboxOrNull = inbox;
        deliver();
    }

    /** What is left over is less than a small part of a frame, so copying it is cheap. */
    private static ByteBuf joined(ChannelHandlerContext context, ByteBuf first, ByteBuf second) {
        ByteBuf both = context.alloc().buffer(first.readableBytes() + second.readableBytes());
        both.writeBytes(first).writeBytes(second);
        first.release();
        second.release();
        return both;
    }

    private void deliver() {
        reading = true;
        guarded(() -> handler.received(this));
        reading = false;
        ByteBuf inbox = inboxOrNull;
        if (inbox != null && (!inbox.isReadable() || closing)) {
            inbox.release();
            inboxOrNull = null;
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        flush();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        boolean byUs = closing;
        closing = true;
        forgetPending();
        ByteBuf inbox = inboxOrNull;
        if (inbox != null && !reading) {
            inbox.release();
            inboxOrNull = null;
        }
        guarded(() -> handler.closed(byUs ? Transport.Cause.CLOSED : Transport.Cause.BROKEN));
    }

    private void forgetPending() {
        for (Piece piece : pending) {
            if (piece.lentOrNull != null) {
                piece.lentOrNull.release();
            }
        }
        pending.clear();
        pendingBytes = 0;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            shard.failed(cause);
        }
        context.close();
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable failure) {
            shard.failed(failure);
            context().close();
        }
    }

    // The link.

    @Override
    public Shard shard() {
        return shard;
    }

    @Override
    public InetSocketAddress remote() {
        return java.util.Objects.requireNonNull(remoteOrNull);
    }

    @Override
    public InetSocketAddress local() {
        return java.util.Objects.requireNonNull(localOrNull);
    }

    @Override
    public void write(Bytes bytes) {
        if (closing) {
            return;
        }
        bytes.forEachPiece(appender);
        pendingBytes += bytes.size();
        if (!flushAsked) {
            flushAsked = true;
            shard.loop().execute(this::flush);
        }
    }

    private void flush() {
        flushAsked = false;
        ChannelHandlerContext context = contextOrNull;
        if (context == null) {
            return;
        }
        boolean wrote = false;
        while (pendingBytes > 0 && context.channel().isWritable()) {
            context.write(nextBuffer(context), context.voidPromise());
            wrote = true;
        }
        if (wrote) {
            context.flush();
        }
        if (closing && pendingBytes == 0) {
            context.writeAndFlush(context.alloc().buffer(0))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }

    private ByteBuf nextBuffer(ChannelHandlerContext context) {
        Piece first = pending.getFirst();
        Lent lent = first.lentOrNull;
        ByteBuf buffer;
        if (lent == null) {
            buffer = copyOfPending(context);
        } else {
            pending.removeFirst();
            buffer = new NettyBytes.LentBuf(lent, first.offset, first.length);
        }
        pendingBytes -= buffer.readableBytes();
        return buffer;
    }

    /** Of what is pending up to the first lent piece. */
    private ByteBuf copyOfPending(ChannelHandlerContext context) {
        int size = (int) Math.min(pendingBytes, BUFFER_SIZE_MAX);
        ByteBuf buffer = context.alloc().directBuffer(size, size);
        int rest = size;
        while (rest > 0) {
            Piece piece = pending.getFirst();
            if (piece.lentOrNull != null) {
                break;
            }
            int take = Math.min(rest, piece.length - pendingOffset);
            buffer.writeBytes(piece.array, piece.offset + pendingOffset, take);
            rest -= take;
            pendingOffset += take;
            if (pendingOffset == piece.length) {
                pending.removeFirst();
                pendingOffset = 0;
            }
        }
        return buffer;
    }

    @Override
    public long queuedBytes() {
        return pendingBytes;
    }

    @Override
    public void readable(boolean wanted) {
        context().channel().config().setAutoRead(wanted);
        if (wanted) {
            shard.loop().execute(this::deliverRest);
        }
    }

    /** What had come before the pause and was not taken. */
    private void deliverRest() {
        if (inboxOrNull != null && !closing) {
            deliver();
        }
    }

    @Override
    public void close() {
        if (closing) {
            return;
        }
        closing = true;
        ChannelHandlerContext context = contextOrNull;
        if (context != null) {
            shard.loop().execute(this::flush);
            // A peer that reads nothing shall not hold the link for ever.
            shard.loop().schedule(() -> context.close(), LINGER_SECONDS, TimeUnit.SECONDS);
        }
    }

    // What has come.

    private ByteBuf inbox() {
        ByteBuf inbox = inboxOrNull;
        if (inbox == null) {
            throw new IllegalStateException("nothing has come");
        }
        return inbox;
    }

    @Override
    public int available() {
        ByteBuf inbox = inboxOrNull;
        return inbox == null ? 0 : inbox.readableBytes();
    }

    @Override
    public Bytes take(int size) {
        byte[] array = new byte[size];
        inbox().readBytes(array);
        return Bytes.of(array);
    }

    @Override
    public void read(byte[] target, int offset, int size) {
        inbox().readBytes(target, offset, size);
    }
}
