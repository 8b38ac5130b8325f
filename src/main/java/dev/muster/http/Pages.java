package dev.muster.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests, each on a thread of its own: a page may have to wait for what it tells. */
@ChannelHandler.Sharable
final class Pages extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final Logger log = LoggerFactory.getLogger(Pages.class);
    private static final Set<HttpMethod> METHODS = Set.of(HttpMethod.GET, HttpMethod.HEAD);
    /** RFC 9110, section 5.6.7. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Map<String, Supplier<Reply>> pages;

    Pages(Metrics metrics, Health health) {
        this.pages = Map.of(
                "/metrics", () -> Reply.metrics(metrics.scrape()),
                "/health/live", () -> Reply.health("live", health.notLive()),
                "/health/ready", () -> Reply.health("ready", health.notReady()));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext connection, FullHttpRequest request) {
        boolean understood = request.decoderResult().isSuccess();
        HttpMethod method = request.method();
        String path = new QueryStringDecoder(request.uri()).rawPath();
        Thread.ofVirtual()
                .name("http-page")
                .start(() -> answer(connection, understood ? reply(method, path) : Reply.text(400, "no HTTP request")));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext connection, Throwable failure) {
        log.debug("{} went away", connection.channel().remoteAddress(), failure);
        var _ = connection.close();
    }

    private Reply reply(HttpMethod method, String path) {
        Supplier<Reply> page = pages.get(path);
        if (page == null) {
            return Reply.text(404, "not found; here are /metrics, /health/live, /health/ready");
        }
        if (!METHODS.contains(method)) {
            return Reply.text(405, "only GET and HEAD");
        }
        try {
            return page.get();
        } catch (RuntimeException e) {
            log.warn("{} cannot be answered", path, e);
            return Reply.text(500, "a defect of Muster; its log says more");
        }
    }

    private static void answer(ChannelHandlerContext connection, Reply reply) {
        ByteBuf body = Unpooled.copiedBuffer(reply.body(), UTF_8);
        var response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()), body);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, reply.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                .set(HttpHeaderNames.DATE, DATE.format(Instant.now()))
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (reply.status() == HttpResponseStatus.METHOD_NOT_ALLOWED.code()) {
            response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
        }
        connection.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }
}
