package io.hubwire.server.netty;

import io.hubwire.server.spi.HttpEndpoint;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Listens on a port and brings what comes to endpoints: HTTP/1.1 and WebSockets on Netty, over TLS if it is told to.
 *
 * {@snippet :
 * try (NettyHost host = NettyHost.builder().port(8080).endpoint(server).start()) {
 *     host.awaitClose();
 * }
 * }
 *
 * <p>The native engines load a library: see {@link Engine}. Safe for any thread.
 */
public final class NettyHost implements AutoCloseable {

    private static final int BACKLOG = 4096;
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final Engine engine;
    private final EventLoopGroup group;
    private final Channel listening;
    private final ChannelGroup accepted;
    private final DeflateOnce once;
    private final int port;

    private NettyHost(Engine engine, EventLoopGroup group, Channel listening, ChannelGroup accepted, DeflateOnce once) {
        this.engine = engine;
        this.group = group;
        this.listening = listening;
        this.accepted = accepted;
        this.once = once;
        this.port = ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** Begins to describe a host. */
    public static Builder builder() {
        return new Builder();
    }

    /** The port on which the host listens; the one that the system chose where 0 was asked for. */
    public int port() {
        return port;
    }

    /** How this host waits for its sockets. */
    public Engine engine() {
        return engine;
    }

    /** How many messages were compressed, each for however many clients. */
    long messagesCompressed() {
        return once.count();
    }

    /** Takes no more connections; those that are there go on. Returns when the port is free. */
    public void stopAccepting() {
        listening.close().syncUninterruptibly();
    }

    /** Waits until the host is closed. */
    public void awaitClose() throws InterruptedException {
        group.terminationFuture().sync();
    }

    /**
     * Takes no more connections, cuts those that are there and ends the event loops. Returns when that is done, unless
     * it is called on one of them.
     */
    @Override
    public void close() {
        // A loop that is told to end in the wrong moment of its turn forgets its sockets and leaves them open for ever.
        Future<?> deaf = listening.close();
        Future<?> alone = accepted.close();
        if (isOnLoop()) {
            alone.addListener(done -> shutdown());
            return;
        }
        deaf.awaitUninterruptibly();
        alone.awaitUninterruptibly();
        shutdown().syncUninterruptibly();
    }

    private boolean isOnLoop() {
        for (EventExecutor loop : group) {
            if (loop.inEventLoop()) {
                return true;
            }
        }
        return false;
    }

    private Future<?> shutdown() {
        return group.shutdownGracefully(0, CLOSING.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Describes a host. Every setter checks its value; what is not set has the default that its setter names. */
    public static final class Builder {

        private final List<HttpEndpoint> endpoints = new ArrayList<>();
        private @Nullable String address;
        private int port;
        private Engine engine = Engine.usual();
        private int threads = Runtime.getRuntime().availableProcessors();
        private @Nullable Tls tls;
        private @Nullable WebSocketCompression compression;
        private int maximumRequestLineSize = 16 * 1024;
        private int maximumHeaderSize = 32 * 1024;
        private Duration requestTimeout = Duration.ofSeconds(30);
        private Duration keepAliveTimeout = Duration.ofSeconds(130);

        private Builder() {}

        /** Name or number of the network interface to listen on. All of them by default. */
        public Builder address(String host) {
            address = Objects.requireNonNull(host, "address");
            return this;
        }

        /** The port to listen on. 0, the default, has the system choose one. */
        public Builder port(int number) {
            if (number < 0 || number > 0xffff) {
                throw new IllegalArgumentException("port: " + number + " (expected: 0 to 65535)");
            }
            port = number;
            return this;
        }

        /**
         * How to wait for sockets. {@link Engine#EPOLL} by default where it is available, {@link Engine#NIO} elsewhere.
         */
        public Builder engine(Engine value) {
            if (!value.isAvailable()) {
                throw new IllegalArgumentException("engine: " + value + " (expected: one that is available here)");
            }
            engine = value;
            return this;
        }

        /** How many event loops there are. One for each processor by default. */
        public Builder threads(int count) {
            threads = positive("threads", count);
            return this;
        }

        /** Adds an endpoint; they are asked in this order. What none of them takes is answered with 404. */
        public Builder endpoint(HttpEndpoint endpoint) {
            endpoints.add(Objects.requireNonNull(endpoint, "endpoint"));
            return this;
        }

        /** Has all connections speak TLS, and nothing else. None does by default. */
        public Builder tls(Tls value) {
            tls = Objects.requireNonNull(value, "tls");
            return this;
        }

        /** Has messages of WebSockets compressed for clients that offer it. Nothing is by default. */
        public Builder compression(WebSocketCompression value) {
            compression = Objects.requireNonNull(value, "compression");
            return this;
        }

        /** The longest request line; a longer one is answered with 414. 16 KB by default. */
        public Builder maximumRequestLineSize(int bytes) {
            maximumRequestLineSize = positive("maximumRequestLineSize", bytes);
            return this;
        }

        /** The most that all headers of a request take; more is answered with 431. 32 KB by default. */
        public Builder maximumHeaderSize(int bytes) {
            maximumHeaderSize = positive("maximumHeaderSize", bytes);
            return this;
        }

        /**
         * The longest that a client may take for the head of a request, from its first byte on; for any 4 KB of a body
         * that is wanted, or for its rest; and that a client may take nothing of an answer. Then the connection is
         * closed. 30 seconds by default.
         */
        public Builder requestTimeout(Duration time) {
            requestTimeout = positive("requestTimeout", time);
            return this;
        }

        /** How long a connection is kept on which no further request comes. 130 seconds by default. */
        public Builder keepAliveTimeout(Duration time) {
            keepAliveTimeout = positive("keepAliveTimeout", time);
            return this;
        }

        private static int positive(String name, int value) {
            if (value <= 0) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
            }
            return value;
        }

        private static Duration positive(String name, Duration value) {
            if (value.isZero() || value.isNegative()) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
            }
            return value;
        }

        /**
         * Listens.
         *
         * @throws UncheckedIOException if the address cannot be had
         */
        public NettyHost start() {
            InetSocketAddress local =
                    address == null ? new InetSocketAddress(port) : new InetSocketAddress(address, port);
            Limits limits = new Limits(maximumRequestLineSize, maximumHeaderSize, requestTimeout, keepAliveTimeout);
            EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                    threads, new DefaultThreadFactory("hubwire-loop"), engine.handlers());
            DeflateOnce once = new DeflateOnce();
            IdentityHashMap<EventLoop, NettyLoop> loops = new IdentityHashMap<>();
            for (EventExecutor loop : group) {
                LoopCompression shared = compression == null ? null : new LoopCompression(compression, once);
                loops.put((EventLoop) loop, new NettyLoop((EventLoop) loop, limits, shared, engine.actsAtOnce()));
            }
            ChannelGroup accepted = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
            ChannelFuture bound = new ServerBootstrap()
                    .group(group)
                    .channel(engine.serverChannel())
                    .option(ChannelOption.SO_BACKLOG, BACKLOG)
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childHandler(new Accepted(engine, loops, List.copyOf(endpoints), limits, tls, accepted))
                    .bind(local)
                    .awaitUninterruptibly();
            if (!bound.isSuccess()) {
                group.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
                throw new UncheckedIOException("cannot listen on " + local, new IOException(bound.cause()));
            }
            group.terminationFuture().addListener(ended -> loops.values().forEach(NettyLoop::release));
            NettyHost host = new NettyHost(engine, group, bound.channel(), accepted, once);
            NettyLog.started(engine, host.port(), threads);
            return host;
        }
    }

    /** Equips a connection that was accepted. */
    private static final class Accepted extends ChannelInitializer<Channel> {

        private final Engine engine;
        private final IdentityHashMap<EventLoop, NettyLoop> loops;
        private final List<HttpEndpoint> endpoints;
        private final Limits limits;
        private final @Nullable Tls tls;
        private final ChannelGroup accepted;

        Accepted(
                Engine engine,
                IdentityHashMap<EventLoop, NettyLoop> loops,
                List<HttpEndpoint> endpoints,
                Limits limits,
                @Nullable Tls tls,
                ChannelGroup accepted) {
            this.engine = engine;
            this.loops = loops;
            this.endpoints = endpoints;
            this.limits = limits;
            this.tls = tls;
            this.accepted = accepted;
        }

        @Override
        protected void initChannel(Channel channel) {
            accepted.add(channel);
            NettyLoop loop = Objects.requireNonNull(loops.get(channel.eventLoop()));
            engine.shareBuffers(channel.config(), loop);
            HttpConnection connection = new HttpConnection(loop, endpoints, limits);
            if (tls != null) {
                channel.pipeline().addLast(new TlsHandler(tls, channel.alloc()));
            }
            channel.pipeline().addLast(connection.decoder()).addLast(connection);
        }
    }
}
