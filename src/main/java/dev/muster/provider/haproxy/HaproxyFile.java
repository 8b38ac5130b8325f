package dev.muster.provider.haproxy;

import dev.muster.model.InstanceState;
import dev.muster.model.Name;
import dev.muster.model.Protocol;
import dev.muster.model.Route;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.TargetState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;

/**
 * Renders the whole file. Every name in it has met a grammar that has no space, quote or line end; nothing else of a
 * service gets into it. What cannot be read back from HAProxy's own words stands in comments ({@link HaproxyFileReader}).
 */
final class HaproxyFile {

    static final String HEADER =
            "# This file is Muster's: it is written anew at each change. Put what is yours into the"
                    + " snippets folder.";

    private static final String NO_SERVICE = "_no-service";

    private final HaproxySettings settings;

    HaproxyFile(HaproxySettings settings) {
        this.settings = settings;
    }

    /**
     * @param structure stands for everything that only a reload can change; the worker that has it loaded says the same
     * @param lost routes that were claimed and not given
     */
    record Rendered(String text, String structure, java.util.List<String> lost) {}

    Rendered render(HaproxyModel model) {
        Routing routing = Routing.of(model.services(), settings.ports(), model.refusedPorts());
        StringBuilder body = new StringBuilder(defaults());
        routing.http().forEach((port, ways) -> httpFrontend(body, port, ways));
        routing.tcp().forEach((port, service) -> tcpFrontend(body, port, service));
        body.append("\nbackend ").append(NO_SERVICE).append(" from muster-http\n");
        body.append("    http-request return status 503 content-type \"text/plain; charset=utf-8\"")
                .append(" hdr X-Content-Type-Options nosniff lf-string")
                // Whatever a client sends as its host is shown as letters, digits and a few signs, or as '?'.
                .append(" \"muster: no service for host '%[var(txn.muster_host),")
                .append("regsub([^a-z0-9._:-],?,g),bytes(0,253)]'\\n\"\n");
        StringBuilder whole = new StringBuilder(body);
        for (ServiceTargets service : model.services().values()) {
            String head = backend(service);
            body.append(head);
            whole.append(head);
            service.targets().forEach((target, state) -> whole.append(server(service.service(), target, state)));
        }
        model.refusedPorts()
                .forEach(
                        port -> whole.append("\n# muster refused ").append(port).append('\n'));
        String start = global();
        String structure = "muster-" + digest(start + body);
        return new Rendered(
                HEADER + "\n\n" + start.replace("@structure@", structure) + whole, structure, routing.lost());
    }

    private String global() {
        return """
                global
                    description @structure@
                    stats socket %s mode 600 level admin expose-fd listeners
                    stats timeout 2m
                    server-state-file %s
                    log /dev/log local0
                    # An old worker keeps its websockets and long requests this long after a reload.
                    hard-stop-after 24h
                %s""".formatted(
                        quoted(settings.socket()),
                        quoted(settings.stateFile()),
                        settings.user().isEmpty()
                                ? ""
                                : "    user %s\n    group %s\n".formatted(settings.user(), settings.user()));
    }

    private String defaults() {
        return """

                defaults muster-tcp
                    mode tcp
                    log global
                    option tcplog
                    option dontlognull
                    load-server-state-from-file global
                    # At each retry another server, at once.
                    option redispatch 1
                    retries 4
                    option clitcpka
                    option srvtcpka
                    timeout connect 1s
                    timeout queue 5s
                    timeout client 24h
                    timeout server 24h
                    timeout check 500ms
                    default-server %s
                    balance leastconn

                defaults muster-http
                    mode http
                    log global
                    option httplog
                    option dontlognull
                    load-server-state-from-file global
                    option redispatch 1
                    retries 4
                    retry-on conn-failure empty-response
                    # A kept connection that the server closes as a POST arrives could not be retried.
                    option http-server-close
                    # A reload answers one more request on an idle connection instead of closing it under the client.
                    option idle-close-on-response
                    timeout connect 1s
                    timeout queue 5s
                    timeout http-request 10s
                    timeout http-keep-alive 75s
                    timeout client 10m
                    timeout server 10m
                    timeout tunnel 24h
                    timeout check 500ms
                    default-server %s
                    # Not leastconn: a server that fails fast would draw the traffic.
                    balance roundrobin

                # For snippets that bring no defaults of their own.
                defaults muster-snippets
                    mode http
                    log global
                    option httplog
                    option dontlognull
                    option redispatch 1
                    timeout connect 1s
                    timeout queue 5s
                    timeout http-request 10s
                    timeout http-keep-alive 75s
                    timeout client 10m
                    timeout server 10m
                    timeout tunnel 24h
                    timeout check 500ms
                """.formatted(Server.CHECK, Server.CHECK);
    }

    private void httpFrontend(StringBuilder out, int port, SortedMap<Way, String> ways) {
        String name = port == Routing.MAIN ? "muster-http" : "muster-http-" + port;
        String next = settings.nextWorker(name);
        out.append("\nfrontend ").append(name).append(" from muster-http\n");
        for (String bind : port == Routing.MAIN ? settings.httpBinds() : settings.bindsFor(port)) {
            out.append("    bind ").append(bind).append('\n');
        }
        out.append("    bind ").append(next).append(" accept-proxy\n");
        out.append("""
                    http-request disable-l7-retry unless METH_GET
                    http-request set-var(txn.muster_host) req.hdr(host),host_only,lower
                    http-request set-var(txn.muster_path) path,concat(/)
                    # A worker that was replaced knows servers that may be gone: it asks its successor.
                    use_backend _next-%s if { stopping }
                """.formatted(name));
        ways.forEach((way, service) -> out.append("    use_backend ")
                .append(service)
                .append(way.condition())
                .append('\n'));
        out.append("    default_backend ").append(NO_SERVICE).append('\n');
        out.append("\nbackend _next-").append(name).append(" from muster-http\n");
        out.append("    server next ").append(next).append(" send-proxy-v2 no-check\n");
    }

    private void tcpFrontend(StringBuilder out, int port, String service) {
        out.append("\nfrontend muster-tcp-").append(port).append(" from muster-tcp\n");
        settings.bindsFor(port)
                .forEach(bind -> out.append("    bind ").append(bind).append('\n'));
        out.append("    default_backend ").append(service).append('\n');
    }

    private static String backend(ServiceTargets service) {
        String name = Name.require("service", service.service());
        StringBuilder out = new StringBuilder(
                "\n# muster service %s %s\n".formatted(name, service.protocol().text()));
        for (Route route : service.routes()) {
            out.append("# muster route %s %s %d\n"
                    .formatted(
                            route.host().isEmpty() ? "-" : route.host(),
                            route.path().isEmpty() ? "-" : route.path(),
                            route.port()));
        }
        out.append(
                "backend %s from muster-%s\n".formatted(name, service.protocol().text()));
        return service.protocol() == Protocol.TCP
                ? out.toString()
                : out.append("    option forwardfor\n").toString();
    }

    private static String server(String service, dev.muster.model.Target target, TargetState state) {
        Server server = Server.of(service, target, state);
        return "    server %s %s weight %d # %s%s\n"
                .formatted(
                        server.name(),
                        target,
                        server.weight(),
                        state.state().text(),
                        state.state() == InstanceState.UP ? "" : " " + state.weight());
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String quoted(Path path) {
        String text = path.toString();
        if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new IllegalArgumentException("path '%s' has control characters".formatted(Name.printable(text)));
        }
        return text.replaceAll("([ #\\\\\"'])", "\\\\$1");
    }
}
