package io.sepiola.gateway.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Listens, and runs a handler for each request on its connection's virtual thread. Connections
 * beyond the bound are closed at once. May be shared.
 */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long DRAIN_BYTES = 1 << 20;
    private static final int LOOP_COUNT = 2;

    private final InetSocketAddress address;
    private final int connectionCountMax;
    private final HttpLimits limits;
    private final HttpHandler handler;
    private final Set<Channel> connections = ConcurrentHashMap.newKeySet();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private @Nullable EventLoopGroup loops;
    private @Nullable Channel listener;

    /** Nothing happens before {@link #start}. */
    public HttpServer(
            InetSocketAddress address,
            int connectionCountMax,
            HttpLimits limits,
            HttpHandler handler) {
        this.address = address;
        this.connectionCountMax = connectionCountMax;
        this.limits = limits;
        this.handler = handler;
    }

    /**
     * Binds the address.
     *
     * @throws UncheckedIOException when it cannot be had
     */
    public void start() {
        boolean epoll = Epoll.isAvailable();
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(
                        LOOP_COUNT,
                        epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        loops = group;
        Class<? extends ServerSocketChannel> kind =
                epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(group)
                        .channel(kind)
                        .option(ChannelOption.SO_BACKLOG, 1024)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.AUTO_READ, false)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, false)
                        .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                        .childOption(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(256 << 10, 1 << 20))
                        .childHandler(new Acceptor())
                        .bind(address)
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw new UncheckedIOException(
                    new java.io.IOException(
                            "cannot listen on " + address + ": " + bound.cause().getMessage(),
                            bound.cause()));
        }
        listener = bound.channel();
    }

    private final class Acceptor extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel channel) {
            if (connections.size() >= connectionCountMax) {
                channel.close();
                return;
            }
            connections.add(channel);
            Wire wire = new Wire(channel, limits);
            channel.pipeline().addLast(wire);
            Thread thread =
                    Thread.ofVirtual()
                            .name("s3 " + channel.remoteAddress())
                            .unstarted(() -> serve(channel, wire));
            threads.add(thread);
            thread.start();
        }
    }

    private void serve(Channel channel, Wire wire) {
        try {
            wire.start();
            HeadReader reader = new HeadReader(wire, limits);
            while (serveOne(wire, reader)) {
                // The next request of this connection.
            }
            wire.awaitWritten();
        } catch (ClientGone gone) {
            LOG.debug("{}: {}", channel.remoteAddress(), gone.getMessage());
        } catch (RuntimeException failure) {
            LOG.error("{}: connection given up", channel.remoteAddress(), failure);
        } finally {
            wire.close();
            connections.remove(channel);
            threads.remove(Thread.currentThread());
        }
    }

    private boolean serveOne(Wire wire, HeadReader reader) {
        HttpRequest request;
        try {
            request = reader.nextOrNull();
        } catch (HttpRefusal refusal) {
            HttpResponse response = new HttpResponse(wire, false, true);
            handler.refuse(refusal, response);
            wire.linger(LINGER_NANOS);
            return false;
        }
        if (request == null) {
            return false;
        }
        HttpResponse response =
                new HttpResponse(wire, request.method().equals("HEAD"), !request.persistent());
        response.closeWhen(() -> mustClose(request.body()));
        try {
            handler.handle(request, response);
        } catch (HttpRefusal refusal) {
            response.closeAfter();
            if (response.isStarted()) {
                return false;
            }
            handler.refuse(refusal, response);
        }
        if (!response.isComplete()) {
            return false; // the client must not take a part for the whole
        }
        return finish(request.body(), response, wire);
    }

    /**
     * Whether an answer sent now must end the connection, because too much of the body is unread.
     */
    private static boolean mustClose(HttpBody body) {
        boolean little =
                body.length() != HttpBody.UNKNOWN
                        && body.length() <= DRAIN_BYTES
                        && !body.isContinueExpected();
        return !body.isDone() && !little;
    }

    private static boolean finish(HttpBody body, HttpResponse response, Wire wire) {
        if (response.isClosing()) {
            if (!body.isDone()) {
                wire.linger(LINGER_NANOS);
            }
            return false;
        }
        try {
            return body.drain(2 * DRAIN_BYTES, LINGER_NANOS);
        } catch (HttpRefusal refusal) {
            return false; // already answered; the rest is of no use
        }
    }

    /** Where it listens; valid once started. */
    public InetSocketAddress address() {
        Channel channel = listener;
        return channel == null ? address : (InetSocketAddress) channel.localAddress();
    }

    /** Stops listening, ends all connections, and waits a while for the handlers to return. */
    @Override
    public void close() {
        if (listener != null) {
            listener.close().awaitUninterruptibly();
        }
        connections.forEach(Channel::close);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        for (Thread thread : threads) {
            try {
                thread.join(java.time.Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        if (loops != null) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2000);
        }
    }
}
