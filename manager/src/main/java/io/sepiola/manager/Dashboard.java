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
import io.sepiola.base.Invariant;
import io.sepiola.messenger.MessengerException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The web page: one page, its style and script, and the status that the script reads. Takes GET and
 * HEAD only, and only requests that name this host, so that no other page in a browser can read it
 * under a name of its own.
 */
final class Dashboard implements AutoCloseable {
    private static final int CONNECTIONS_MAX = 64;
    private static final int REQUEST_SIZE_MAX = 8192;
    private static final int IDLE_SECONDS = 60;
    private static final long STATUS_SECONDS_MAX = 5;
    private static final String POLICY =
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src"
                    + " 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private record Resource(String type, byte[] content) {}

    private final Supplier<CompletableFuture<String>> status;
    private final Map<String, Resource> resources =
            Map.of(
                    "/", resource("dashboard.html", "text/html; charset=utf-8"),
                    "/dashboard.css", resource("dashboard.css", "text/css; charset=utf-8"),
                    "/dashboard.js", resource("dashboard.js", "text/javascript; charset=utf-8"));
    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private @Nullable Channel listenerOrNull;

    /** A page that shows what {@code status} completes with. */
    Dashboard(Supplier<CompletableFuture<String>> status) {
        this.status = status;
    }

    private static Resource resource(String name, String type) {
        try (InputStream in = Dashboard.class.getResourceAsStream(name)) {
            Invariant.that(in != null, "%s is missing", name);
            return new Resource(type, in.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * Serves the page.
     *
     * @param at the port may be 0 for any free one
     * @return the page's URL
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
                    "the dashboard cannot listen at " + at + ": " + bound.cause().getMessage(),
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
                answer(context, HttpResponseStatus.BAD_REQUEST, "the request is malformed\n", head);
            } else if (!head && !request.method().equals(HttpMethod.GET)) {
                answer(context, HttpResponseStatus.METHOD_NOT_ALLOWED, "GET and HEAD only\n", head);
            } else if (!isOurs(context, request.headers().get(HttpHeaderNames.HOST, ""))) {
                answer(context, HttpResponseStatus.FORBIDDEN, "no such host here\n", head);
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
        if (path.equals("/api/status")) {
            status.get()
                    .orTimeout(STATUS_SECONDS_MAX, TimeUnit.SECONDS)
                    .whenComplete((json, failure) ->
                            context.executor().execute(() -> status(context, json, failure, head)));
            return;
        }
        Resource resource = resources.get(path);
        if (resource == null) {
            answer(context, HttpResponseStatus.NOT_FOUND, "there is no such page\n", head);
        } else {
            answer(context, HttpResponseStatus.OK, resource.type, resource.content, head);
        }
    }

    private static void status(
            ChannelHandlerContext context,
            @Nullable String json,
            @Nullable Throwable failure,
            boolean head) {
        if (json == null || failure != null) {
            answer(
                    context,
                    HttpResponseStatus.SERVICE_UNAVAILABLE,
                    "the monitors do not answer; are they in quorum?\n",
                    head);
        } else {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            answer(context, HttpResponseStatus.OK, "application/json", bytes, head);
        }
    }

    private static void answer(
            ChannelHandlerContext context, HttpResponseStatus status, String text, boolean head) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        answer(context, status, "text/plain; charset=utf-8", bytes, head);
    }

    private static void answer(
            ChannelHandlerContext context,
            HttpResponseStatus status,
            String type,
            byte[] content,
            boolean head) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        status,
                        head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(content));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CONTENT_LENGTH, content.length)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("Content-Security-Policy", POLICY)
                .set("X-Content-Type-Options", "nosniff")
                .set("X-Frame-Options", "DENY")
                .set("Referrer-Policy", "no-referrer")
                .set("Cross-Origin-Resource-Policy", "same-origin");
        if (status.equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
            response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
        }
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }
}
