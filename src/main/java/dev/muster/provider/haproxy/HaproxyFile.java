package dev.muster.provider.haproxy;

import dev.muster.model.InstanceState;
import dev.muster.model.KeyedCertificate;
import dev.muster.model.Name;
import dev.muster.model.ServiceOptions;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.TargetState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Renders the whole file. Every name in it, and every value of a setting, has met a grammar that has no space, quote or line
 * end; nothing else of a service gets into it. What cannot be read back from HAProxy's own words stands in comments ({@link HaproxyFileReader}).
 */
final class HaproxyFile {

    static final String HEADER =
            "# This file is Muster's: it is written anew at each change. Put what is yours into the"
                    + " snippets folder.";

    static final String NO_SERVICE = "_no-service";

    private final HaproxySettings settings;
    private final FrontendText frontends;

    HaproxyFile(HaproxySettings settings) {
        this.settings = settings;
        this.frontends = new FrontendText(settings);
    }

    /**
     * @param structure stands for everything that only a reload can change; the worker that has it loaded says the same
     * @param lost routes that were claimed and not given, and what else cannot be served
     * @param files that the text names, by their name in the folder of certificates
     */
    record Rendered(String text, String structure, List<String> lost, SortedMap<String, String> files) {}

    Rendered render(HaproxyModel model) {
        Routing routing = Routing.of(model.services(), settings.ports(), model.refusedPorts());
        SortedMap<String, String> files = new TreeMap<>();
        Optional<String> certificates = certificates(model, files);
        int redirect = certificates.isEmpty() ? 0 : settings.redirectPort();
        List<String> lost = new ArrayList<>(routing.lost());
        StringBuilder body = new StringBuilder(defaults());
        routing.http().forEach((port, ways) -> body.append(frontends.http(port, ways, certificates)));
        routing.tcp().forEach((port, service) -> body.append(frontends.tcp(port, service)));
        body.append("\nbackend ").append(NO_SERVICE).append(" from muster-http\n");
        body.append("    http-request return status 503 content-type \"text/plain; charset=utf-8\"")
                .append(" hdr X-Content-Type-Options nosniff lf-string")
                // Whatever a client sends as its host is shown as letters, digits and a few signs, or as '?'.
                .append(" \"muster: no service for host '%[var(txn.muster_host),")
                .append("regsub([^a-z0-9._:-],?,g),bytes(0,253)]'\\n\"\n");
        StringBuilder whole = new StringBuilder(body);
        for (ServiceTargets service : model.services().values()) {
            String head = BackendText.of(service, settings.pemFolder(), redirect);
            body.append(head);
            whole.append(head);
            service.targets().forEach((target, state) -> whole.append(server(service.service(), target, state)));
            if (service.options().httpsRedirect() && redirect == 0) {
                lost.add("%s: https_redirect waits until there is a certificate and a port for TLS"
                        .formatted(service.service()));
            }
        }
        model.certificates()
                .forEach((name, certificate) -> whole.append("\n# muster certificate ")
                        .append(PemFolder.certificate(name, certificate))
                        .append(' ')
                        .append(name)
                        .append('\n'));
        model.refusedPorts()
                .forEach(
                        port -> whole.append("\n# muster refused ").append(port).append('\n'));
        String start = global();
        String structure = "muster-" + Digest.of(start + body);
        return new Rendered(HEADER + "\n\n" + start.replace("@structure@", structure) + whole, structure, lost, files);
    }

    List<Server> servers(HaproxyModel model) {
        return model.servers(settings.pemFolder());
    }

    /** The list of certificates that the main frontend has; none where it speaks no TLS. The folder's come first. */
    private Optional<String> certificates(HaproxyModel model, SortedMap<String, String> files) {
        List<String> names = new ArrayList<>();
        model.certificates().forEach((name, certificate) -> names.add(add(files, name, certificate)));
        model.services().values().forEach(service -> {
            ServiceOptions options = service.options();
            options.certificate().ifPresent(certificate -> names.add(add(files, service.service(), certificate)));
            if (!options.serverTlsCa().isEmpty()) {
                files.put(PemFolder.authorities(options.serverTlsCa()), options.serverTlsCa());
            }
        });
        if (names.isEmpty()
                || settings.tlsBinds().isEmpty()
                || !Collections.disjoint(settings.tlsPorts(), model.refusedPorts())) {
            return Optional.empty();
        }
        String list = names.stream()
                .distinct()
                .map(name -> settings.pemFolder().resolve(name) + "\n")
                .collect(Collectors.joining());
        files.put(PemFolder.list(list), list);
        return Optional.of(settings.pemFolder().resolve(PemFolder.list(list)).toString());
    }

    private static String add(SortedMap<String, String> files, String name, KeyedCertificate certificate) {
        String file = PemFolder.certificate(name, certificate);
        files.put(file, certificate.pem());
        return file;
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
                """.formatted(ServerArguments.PLAIN.text(), ServerArguments.PLAIN.text());
    }

    private static String server(String service, dev.muster.model.Target target, TargetState state) {
        Server server = Server.of(service, target, state, ServerArguments.PLAIN);
        return "    server %s %s weight %d # %s%s\n"
                .formatted(
                        server.name(),
                        target,
                        server.weight(),
                        state.state().text(),
                        state.state() == InstanceState.UP ? "" : " " + state.weight());
    }

    private static String quoted(Path path) {
        String text = path.toString();
        if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new IllegalArgumentException("path '%s' has control characters".formatted(Name.printable(text)));
        }
        return text.replaceAll("([ #\\\\\"'])", "\\\\$1");
    }
}
