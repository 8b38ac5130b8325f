package dev.muster.provider.haproxy;

import static dev.muster.model.BackendOption.CHECK_FALL;
import static dev.muster.model.BackendOption.CHECK_INTERVAL;
import static dev.muster.model.BackendOption.CHECK_RISE;
import static dev.muster.model.BackendOption.MAXCONN;

import dev.muster.model.BackendOptions;
import dev.muster.model.ServerTls;
import dev.muster.model.ServiceOptions;
import java.nio.file.Path;

/**
 * How HAProxy treats every server of a backend: in the file as its default-server, and in words for a server that is added
 * at run time, which inherits nothing from there.
 */
record ServerArguments(String text, boolean tls) {

    /** Fast enough that a dead host gets its last request within three seconds, and cheap enough for every backend. */
    static final ServerArguments PLAIN = of(ServiceOptions.NONE, Path.of("/"));

    static ServerArguments of(ServiceOptions options, Path pemFolder) {
        BackendOptions said = options.backend();
        StringBuilder words = new StringBuilder("check inter ")
                .append(said.get(CHECK_INTERVAL).orElse("1s"))
                .append(" fastinter 250ms fall ")
                .append(said.get(CHECK_FALL).orElse("2"));
        said.get(CHECK_RISE).ifPresent(times -> words.append(" rise ").append(times));
        said.get(MAXCONN).ifPresent(most -> words.append(" maxconn ").append(most));
        boolean tls = options.serverTls() != ServerTls.OFF;
        if (tls) {
            tls(words, options, pemFolder);
        }
        return new ServerArguments(words.toString(), tls);
    }

    private static void tls(StringBuilder words, ServiceOptions options, Path pemFolder) {
        String name = options.serverTlsName();
        boolean verifies = options.serverTls() == ServerTls.VERIFY;
        words.append(" ssl verify ").append(verifies ? "required" : "none");
        if (verifies) {
            words.append(" ca-file ")
                    .append(
                            options.serverTlsCa().isEmpty()
                                    ? "@system-ca"
                                    : pemFolder.resolve(PemFolder.authorities(options.serverTlsCa())));
            words.append(name.isEmpty() ? "" : " verifyhost " + name);
        }
        words.append(name.isEmpty() ? "" : " sni str(%s) check-sni %s".formatted(name, name));
    }
}
