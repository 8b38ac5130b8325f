package dev.muster.provider.haproxy;

import dev.muster.model.BackendOption;
import dev.muster.model.Name;
import dev.muster.model.Protocol;
import dev.muster.model.Route;
import dev.muster.model.ServiceOptions;
import dev.muster.model.ServiceSettings;
import dev.muster.plan.ServiceTargets;
import java.nio.file.Path;
import java.util.Set;

/** The backend of one service, without its servers. What cannot be read back from HAProxy's words stands in comments. */
final class BackendText {

    /** Settings whose values are files of their own. */
    private static final Set<String> PEM = Set.of(
            ServiceSettings.SSL_CERT.name(), ServiceSettings.SSL_KEY.name(), ServiceSettings.SERVER_TLS_CA.name());

    private final StringBuilder out = new StringBuilder();
    private final ServiceTargets service;
    private final ServiceOptions options;

    private BackendText(ServiceTargets service) {
        this.service = service;
        this.options = service.options();
    }

    /** @param redirect where plain requests go that are to come with TLS: the port, or 0 where TLS is not served */
    static String of(ServiceTargets service, Path pemFolder, int redirect) {
        return new BackendText(service).text(pemFolder, redirect);
    }

    private String text(Path pemFolder, int redirect) {
        boolean http = service.protocol() == Protocol.HTTP;
        String name = Name.require("service", service.service());
        out.append("\n# muster service ")
                .append(name)
                .append(' ')
                .append(service.protocol().text())
                .append('\n');
        service.routes().forEach(this::route);
        settings(name);
        out.append("backend ")
                .append(name)
                .append(" from muster-")
                .append(service.protocol().text())
                .append('\n');
        if (http) {
            line("option forwardfor");
            line("http-error status 503 content-type \"text/plain; charset=utf-8\" hdr X-Content-Type-Options nosniff"
                    + " string \"muster: no instance of service '" + name + "' is in service\\n\"");
        }
        if (http && options.httpsRedirect() && redirect != 0) {
            line("http-request redirect location https://%[var(txn.muster_host)]"
                    + (redirect == 443 ? "" : ":" + redirect)
                    + "%[pathq] code 308 unless { var(txn.muster_tls) -m bool }");
        }
        check(name);
        options.backend().values().forEach(this::option);
        ServerArguments arguments = ServerArguments.of(options, pemFolder);
        if (!arguments.equals(ServerArguments.PLAIN)) {
            line("default-server " + arguments.text());
        }
        return out.toString();
    }

    private void route(Route route) {
        out.append("# muster route %s %s %d\n"
                .formatted(
                        route.host().isEmpty() ? "-" : route.host(),
                        route.path().isEmpty() ? "-" : route.path(),
                        route.port()));
    }

    private void settings(String name) {
        options.settings().forEach((setting, value) -> {
            if (!PEM.contains(setting)) {
                out.append("# muster setting ")
                        .append(setting)
                        .append(' ')
                        .append(value)
                        .append('\n');
            }
        });
        options.certificate()
                .ifPresent(certificate -> out.append("# muster certificate ")
                        .append(PemFolder.certificate(name, certificate))
                        .append('\n'));
        if (!options.serverTlsCa().isEmpty()) {
            out.append("# muster authorities ")
                    .append(PemFolder.authorities(options.serverTlsCa()))
                    .append('\n');
        }
    }

    private void check(String name) {
        if (options.healthPath().isEmpty()) {
            return;
        }
        line("option httpchk");
        line("http-check send meth GET uri %s ver HTTP/1.1 hdr Host %s hdr Connection close"
                .formatted(
                        options.healthPath(),
                        options.backend().get(BackendOption.CHECK_HOST).orElse(name)));
        line("http-check expect status "
                + options.backend().get(BackendOption.CHECK_STATUS).orElse("200-399"));
    }

    private void option(BackendOption option, String value) {
        boolean http = service.protocol() == Protocol.HTTP;
        switch (option) {
            case BALANCE -> {
                line("balance " + value);
                if (value.equals("source")) {
                    line("hash-type consistent"); // without it no server could be added
                }
            }
            case TIMEOUT_CONNECT -> line("timeout connect " + value);
            case TIMEOUT_QUEUE -> line("timeout queue " + value);
            case TIMEOUT_SERVER -> line("timeout server " + value);
            case TIMEOUT_TUNNEL -> line("timeout tunnel " + value);
            case RETRIES -> line("retries " + value);
            case HTTP_REUSE -> ifHttp(http, "http-reuse " + value);
            case COMPRESSION -> {
                ifHttp(http, "compression algo " + value);
                ifHttp(
                        http,
                        "compression type text/html text/plain text/css text/javascript application/javascript"
                                + " application/json image/svg+xml");
            }
            case MAXCONN, CHECK_INTERVAL, CHECK_FALL, CHECK_RISE -> {} // each server's
            case CHECK_STATUS, CHECK_HOST -> {} // health_url's
        }
    }

    private void ifHttp(boolean http, String line) {
        if (http) {
            line(line);
        }
    }

    private void line(String text) {
        out.append("    ").append(text).append('\n');
    }
}
