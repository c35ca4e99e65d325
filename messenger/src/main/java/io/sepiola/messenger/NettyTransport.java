package io.sepiola.messenger;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.sepiola.base.Invariant;
import io.sepiola.base.Shard;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Carries bytes over TCP, on a fixed number of event loops: epoll where there is one, else the
 * JDK's selectors.
 */
public final class NettyTransport implements Transport {
    private static final int CONNECT_MILLIS_MAX = 10_000;
    private static final int BACKLOG = 512;
    private static final int READ_SIZE = 128 << 10;
    private static final WriteBufferWaterMark WATER_MARK =
            new WriteBufferWaterMark(512 << 10, 1 << 20);

    private final MultiThreadIoEventLoopGroup group;

    /** Listens; apart from the shards, so that a shard may wait until a port is bound. */
    private final MultiThreadIoEventLoopGroup doors;

    private final List<Shard> shards;
    private final Class<? extends ServerSocketChannel> serverChannel;
    private final Class<? extends SocketChannel> channel;

    /**
     * Starts the event loops.
     *
     * @param loops how many threads
     * @param onFailure told of every exception that a task on a shard lets through
     */
    public NettyTransport(int loops, BiConsumer<Shard, Throwable> onFailure) {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory factory = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        serverChannel = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        channel = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
        group =
                new MultiThreadIoEventLoopGroup(
                        loops, new DefaultThreadFactory("network", true), factory);
        doors =
                new MultiThreadIoEventLoopGroup(
                        1, new DefaultThreadFactory("doors", true), factory);
        List<Shard> made = new ArrayList<>();
        for (int i = 0; i < loops; i++) {
            made.add(new EventLoopShard("network-" + i, group.next(), onFailure));
        }
        shards = Collections.unmodifiableList(made);
    }

    /** The event loops; daemons may run their own state on them. */
    public List<Shard> shards() {
        return shards;
    }

    private static EventLoopShard loopOf(Shard shard) {
        if (shard instanceof EventLoopShard known) {
            return known;
        }
        throw Invariant.broken("%s is not one of this transport's shards", shard.name());
    }

    @Override
    public Listener listen(InetSocketAddress at, Shard shard, Acceptor acceptor) {
        EventLoopShard home = loopOf(shard);
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(doors, home.loop())
                        .channel(serverChannel)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                        .childOption(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new FixedRecvByteBufAllocator(READ_SIZE))
                        .childHandler(
                                initializer(made ->
                                        new NettyLink(
                                                home, acceptor.accept(made.remoteAddress()))));
        ChannelFuture bound = bootstrap.bind(at).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new MessengerException(
                    "cannot listen on "
                            + at
                            + ": "
                            + bound.cause().getMessage()
                            + "; choose another address or port, or stop who holds it",
                    bound.cause());
        }
        return new NettyListener(bound.channel());
    }

    private record NettyListener(Channel channel) implements Listener {
        @Override
        public InetSocketAddress address() {
            return (InetSocketAddress) channel.localAddress();
        }

        @Override
        public void close() {
            channel.close().awaitUninterruptibly(); // so that the port is free afterwards
        }
    }

    private interface LinkOf {
        NettyLink make(SocketChannel channel);
    }

    private static ChannelInitializer<SocketChannel> initializer(LinkOf linkOf) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel made) {
                made.pipeline().addLast(linkOf.make(made));
            }
        };
    }

    @Override
    public void connect(InetSocketAddress to, Shard shard, Handler handler) {
        EventLoopShard home = loopOf(shard);
        Bootstrap bootstrap =
                new Bootstrap()
                        .group(home.loop())
                        .channel(channel)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS_MAX)
                        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                        .option(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new FixedRecvByteBufAllocator(READ_SIZE))
                        .handler(initializer(made -> new NettyLink(home, handler)));
        bootstrap
                .connect(to)
                .addListener(future -> {
                    if (!future.isSuccess()) {
                        boolean refused =
                                future.cause() instanceof ConnectException failed
                                        && !isTimeout(failed);
                        Cause cause = refused ? Cause.REFUSED : Cause.BROKEN;
                        home.execute(() -> handler.closed(cause));
                    }
                });
    }

    private static boolean isTimeout(ConnectException failed) {
        return failed instanceof io.netty.channel.ConnectTimeoutException;
    }

    @Override
    public void close() {
        doors.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
