package io.sepiola.manager;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.sepiola.messenger.MessengerException;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Serves a few pages over HTTP: GET and HEAD only, a bounded number of connections, a page within a
 * few seconds. Has a thread of its own.
 */
final class PageServer implements AutoCloseable {
    private static final int CONNECTIONS_MAX = 64;
    private static final int REQUEST_SIZE_MAX = 8192;
    private static final int IDLE_SECONDS = 60;
    private static final long PAGE_SECONDS_MAX = 5;
    private static final String POLICY =
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src"
                    + " 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** A page, or what is said in its place. */
    record Page(HttpResponseStatus status, String type, byte[] content) {
        static Page of(String type, String content) {
            return new Page(HttpResponseStatus.OK, type, content.getBytes(StandardCharsets.UTF_8));
        }

        static Page said(HttpResponseStatus status, String text) {
            return new Page(
                    status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
        }

        static Page missing() {
            return said(HttpResponseStatus.NOT_FOUND, "there is no such page\n");
        }
    }

    private final String name;
    private final boolean anyHost;
    private final Function<String, CompletableFuture<Page>> pages;
    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private @Nullable Channel listenerOrNull;

    /**
     * Nobody listens yet.
     *
     * @param name for errors
     * @param anyHost whether requests may name another host than this one; a browser can be made to
     *     send such
     * @param pages by path; called on the server's thread, may complete anywhere; who fails has
     *     asked the monitors in vain
     */
    PageServer(String name, boolean anyHost, Function<String, CompletableFuture<Page>> pages) {
        this.name = name;
        this.anyHost = anyHost;
        this.pages = pages;
    }

    /**
     * Begins to serve.
     *
     * @param at the port may be 0 for any free one
     * @return the URL
     * @throws MessengerException when the address is in use or not this machine's
     */
    String listen(InetSocketAddress at) {
        var bound =
                new ServerBootstrap()
                        .group(loop)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(new Setup())
                        .bind(at)
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw new MessengerException(
                    name + " cannot listen at " + at + ": " + bound.cause().getMessage(),
                    bound.cause());
        }
        listenerOrNull = bound.channel();
        InetSocketAddress real = (InetSocketAddress) bound.channel().localAddress();
        return "http://" + host(real.getAddress()) + ":" + real.getPort() + "/";
    }

    private static String host(InetAddress address) {
        String text = address.getHostAddress();
        return text.contains(":") ? "[" + text + "]" : text;
    }

    @Override
    public void close() {
        if (listenerOrNull != null) {
            listenerOrNull.close();
        }
        connections.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private final class Setup extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            if (connections.size() >= CONNECTIONS_MAX) {
                channel.close();
                return;
            }
            connections.add(channel);
            channel.pipeline()
                    .addLast(new ReadTimeoutHandler(IDLE_SECONDS))
                    .addLast(new HttpServerCodec())
                    .addLast(new HttpServerKeepAliveHandler())
                    .addLast(new HttpObjectAggregator(REQUEST_SIZE_MAX))
                    .addLast(new Requests());
        }
    }

    private final class Requests extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            boolean head = request.method().equals(HttpMethod.HEAD);
            if (!request.decoderResult().isSuccess()) {
                refuse(context, HttpResponseStatus.BAD_REQUEST, "the request is malformed\n", head);
            } else if (!head && !request.method().equals(HttpMethod.GET)) {
                refuse(context, HttpResponseStatus.METHOD_NOT_ALLOWED, "GET and HEAD only\n", head);
            } else if (!anyHost
                    && !isOurs(context, request.headers().get(HttpHeaderNames.HOST, ""))) {
                refuse(context, HttpResponseStatus.FORBIDDEN, "no such host here\n", head);
            } else {
                serve(context, path(request.uri()), head);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    private static String path(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    private static boolean isOurs(ChannelHandlerContext context, String host) {
        InetSocketAddress local = (InetSocketAddress) context.channel().localAddress();
        String port = ":" + local.getPort();
        if (!host.endsWith(port)) {
            return false;
        }
        String name = host.substring(0, host.length() - port.length());
        if (name.equals("localhost")) {
            return local.getAddress().isLoopbackAddress();
        }
        try {
            // An IPv6 address can be written in many ways.
            String bare = name.startsWith("[") ? name.substring(1, name.length() - 1) : name;
            return InetAddress.ofLiteral(bare).equals(local.getAddress());
        } catch (IllegalArgumentException otherName) {
            return false;
        }
    }

    private void serve(ChannelHandlerContext context, String path, boolean head) {
        pages.apply(path)
                .orTimeout(PAGE_SECONDS_MAX, TimeUnit.SECONDS)
                .whenComplete((page, failure) ->
                        context.executor().execute(() -> answer(context, page, head)));
    }

    private static void refuse(
            ChannelHandlerContext context, HttpResponseStatus status, String text, boolean head) {
        answer(context, Page.said(status, text), head);
    }

    private static void answer(
            ChannelHandlerContext context, @Nullable Page pageOrNull, boolean head) {
        Page page =
                pageOrNull == null
                        ? Page.said(
                                HttpResponseStatus.SERVICE_UNAVAILABLE,
                                "the monitors do not answer; are they in quorum?\n")
                        : pageOrNull;
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        page.status,
                        head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(page.content));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, page.type)
                .set(HttpHeaderNames.CONTENT_LENGTH, page.content.length)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("Content-Security-Policy", POLICY)
                .set("X-Content-Type-Options", "nosniff")
                .set("X-Frame-Options", "DENY")
                .set("Referrer-Policy", "no-referrer")
                .set("Cross-Origin-Resource-Policy", "same-origin");
        if (page.status.equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
            response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
        }
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }
}
