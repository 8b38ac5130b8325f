package dev.muster.http;

import dev.muster.config.HostPort;
import dev.muster.config.HttpSettings;
import dev.muster.config.UsageException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;

/**
 * Serves {@code /metrics}, {@code /health/live} and {@code /health/ready}, for GET and HEAD only, without any authentication:
 * the default is loopback. A connection is for one request, and lasts ten seconds at most. While nobody asks, nothing runs (the
 * JDK's own server looks once a second whether anybody does).
 */
public final class HttpEndpoint implements AutoCloseable {

    private static final int SECONDS_FOR_ALL = 10;
    private static final int LARGEST_BODY_BYTES = 8192;

    private final EventLoopGroup loop;
    private final Channel server;
    private final InetSocketAddress address;

    private HttpEndpoint(EventLoopGroup loop, Channel server) {
        this.loop = loop;
        this.server = server;
        this.address = (InetSocketAddress) server.localAddress();
    }

    /**
     * Serves from now on.
     *
     * @throws UsageException when that address is not this machine's, or its port is taken
     */
    public static HttpEndpoint open(HostPort address, Metrics metrics, Health health) {
        InetAddress host;
        try {
            host = InetAddress.getByName(address.host());
        } catch (UnknownHostException e) {
            throw refusal(address, "there is no such host", e);
        }
        Pages pages = new Pages(metrics, health);
        EventLoopGroup loop =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("http", true), NioIoHandler.newFactory());
        // Netty's loop wakes up each second unless it has a task ahead.
        var _ = loop.scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.DAYS);
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel connection) {
                        prepare(connection, pages);
                    }
                })
                .bind(host, address.port())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            var _ = loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw refusal(address, why(bound.cause()), bound.cause());
        }
        return new HttpEndpoint(loop, bound.channel());
    }

    /** Where it listens, with the port that was found when 0 was asked for. */
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        server.close().awaitUninterruptibly();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Without an end, a silent client would hold its connection for ever. */
    private static void prepare(SocketChannel connection, Pages pages) {
        Future<?> deadline = connection.eventLoop().schedule(() -> end(connection), SECONDS_FOR_ALL, TimeUnit.SECONDS);
        connection.closeFuture().addListener(closed -> deadline.cancel(false));
        connection.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(LARGEST_BODY_BYTES), pages);
    }

    private static void end(SocketChannel connection) {
        var _ = connection.close();
    }

    private static String why(Throwable failure) {
        if (!(failure instanceof BindException)) {
            return "cannot listen there (" + failure.getMessage() + ")";
        }
        return String.valueOf(failure.getMessage()).startsWith("Address already in use")
                ? "that port is in use"
                : "that is no address of this machine, or its port needs more rights";
    }

    private static UsageException refusal(HostPort address, String why, Throwable cause) {
        return new UsageException(
                "%s '%s': %s; choose another, or none".formatted(HttpSettings.AGENT.flag(), address, why), cause);
    }
}
