package dev.muster.provider.haproxy;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Where HAProxy listens, and who gets what arrives there. */
final class FrontendText {

    private final HaproxySettings settings;

    FrontendText(HaproxySettings settings) {
        this.settings = settings;
    }

    /** @param certificates the list of certificates, where the main frontend speaks TLS too */
    String http(int port, SortedMap<Way, String> ways, Optional<String> certificates) {
        boolean main = port == Routing.MAIN;
        String name = main ? "muster-http" : "muster-http-" + port;
        StringBuilder out = new StringBuilder("\nfrontend " + name + " from muster-http\n");
        for (String bind : main ? settings.httpBinds() : settings.bindsFor(port)) {
            out.append("    bind ").append(bind).append('\n');
        }
        boolean tls = main && certificates.isPresent();
        if (tls) {
            for (String bind : settings.tlsBinds()) {
                out.append("    bind %s ssl crt-list %s alpn h2,http/1.1\n".formatted(bind, certificates.get()));
            }
            out.append("    bind ").append(settings.nextWorker(name + "-tls")).append(" accept-proxy name next-tls\n");
        }
        out.append("    bind ").append(settings.nextWorker(name)).append(" accept-proxy\n");
        out.append("""
                    http-request disable-l7-retry unless METH_GET
                    http-request set-var(txn.muster_host) req.hdr(host),host_only,lower
                    http-request set-var(txn.muster_path) path,concat(/)
                """);
        if (tls) {
            out.append("""
                    http-request set-var(txn.muster_tls) bool(true) if { ssl_fc } || { so_name next-tls }
                    http-request set-header X-Forwarded-Proto https if { var(txn.muster_tls) -m bool }
                """);
        }
        out.append("    # A worker that was replaced knows servers that may be gone: it asks its successor.\n");
        if (tls) {
            out.append(
                    "    use_backend _next-%s-tls if { stopping } { var(txn.muster_tls) -m bool }\n".formatted(name));
        }
        out.append("    use_backend _next-%s if { stopping }\n".formatted(name));
        ways.forEach((way, service) -> out.append("    use_backend ")
                .append(service)
                .append(way.condition())
                .append('\n'));
        out.append("    default_backend ").append(HaproxyFile.NO_SERVICE).append('\n');
        for (String each : tls ? List.of(name, name + "-tls") : List.of(name)) {
            out.append("\nbackend _next-").append(each).append(" from muster-http\n");
            out.append("    server next ").append(settings.nextWorker(each)).append(" send-proxy-v2 no-check\n");
        }
        return out.toString();
    }

    String tcp(int port, String service) {
        StringBuilder out = new StringBuilder("\nfrontend muster-tcp-" + port + " from muster-tcp\n");
        settings.bindsFor(port)
                .forEach(bind -> out.append("    bind ").append(bind).append('\n'));
        return out.append("    default_backend ").append(service).append('\n').toString();
    }
}
