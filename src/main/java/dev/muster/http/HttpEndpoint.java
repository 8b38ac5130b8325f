package dev.muster.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.muster.config.HostPort;
import dev.muster.config.HttpSettings;
import dev.muster.config.UsageException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code /metrics}, {@code /health/live} and {@code /health/ready}, for GET and HEAD only, without any
 * authentication: the default is loopback.
 */
public final class HttpEndpoint implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HttpEndpoint.class);

    static {
        // Seconds that one request or answer may take; without them a silent client holds its connection for ever.
        System.setProperty("sun.net.httpserver.maxReqTime", "10");
        System.setProperty("sun.net.httpserver.maxRspTime", "10");
        // Milliseconds between two looks for such clients, and for connections that nobody has used for half a minute.
        System.setProperty("sun.net.httpserver.timerMillis", "10000");
        System.setProperty("sun.net.httpserver.idleTimerScheduleMillis", "30000");
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final Map<String, Supplier<Reply>> pages;

    private HttpEndpoint(HttpServer server, Metrics metrics, Health health) {
        this.server = server;
        this.threads = Executors.newVirtualThreadPerTaskExecutor();
        this.pages = Map.of(
                "/metrics", () -> Reply.metrics(metrics.scrape()),
                "/health/live", () -> Reply.health("live", health.notLive()),
                "/health/ready", () -> Reply.health("ready", health.notReady()));
    }

    /**
     * Serves from now on.
     *
     * @throws UsageException when that address is not this machine's, or its port is taken
     */
    public static HttpEndpoint open(HostPort address, Metrics metrics, Health health) {
        try {
            InetSocketAddress place = new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
            HttpEndpoint endpoint = new HttpEndpoint(HttpServer.create(place, 0), metrics, health);
            endpoint.start();
            return endpoint;
        } catch (UnknownHostException e) {
            throw refusal(address, "there is no such host", e);
        } catch (BindException e) {
            String why = String.valueOf(e.getMessage()).startsWith("Address already in use")
                    ? "that port is in use"
                    : "that is no address of this machine, or its port needs more rights";
            throw refusal(address, why, e);
        } catch (IOException e) {
            throw refusal(address, "cannot listen there (" + e.getMessage() + ")", e);
        }
    }

    /** Where it listens, with the port that was found when 0 was asked for. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void start() {
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Reply reply = reply(exchange);
            byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", reply.contentType());
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
                exchange.sendResponseHeaders(reply.status(), -1);
            } else {
                exchange.sendResponseHeaders(reply.status(), body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    private Reply reply(HttpExchange exchange) {
        Supplier<Reply> page = pages.get(exchange.getRequestURI().getPath());
        if (page == null) {
            return Reply.text(404, "not found; here are /metrics, /health/live, /health/ready");
        }
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            return Reply.text(405, "only GET and HEAD");
        }
        try {
            return page.get();
        } catch (RuntimeException e) {
            log.warn("{} cannot be answered", exchange.getRequestURI().getPath(), e);
            return Reply.text(500, "a defect of Muster; its log says more");
        }
    }

    private static UsageException refusal(HostPort address, String why, Exception cause) {
        return new UsageException(
                "%s '%s': %s; choose another, or none".formatted(HttpSettings.AGENT.flag(), address, why), cause);
    }
}
