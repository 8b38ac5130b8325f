package dev.muster.source.docker;

import dev.muster.tls.Pem;
import dev.muster.tls.Tls;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * TLS towards an engine, from the folder that Docker's own client calls {@code DOCKER_CERT_PATH}
 * (<a href="https://docs.docker.com/engine/security/protect-access/">Protect the Docker daemon socket</a>): {@code ca.pem},
 * whose certificates alone are trusted, and {@code cert.pem} with {@code key.pem}, by which the engine knows this client.
 * Without these two, this client stays nameless.
 */
final class EngineTls {

    /** As that page makes keys: in PKCS#8 or, with an older openssl, in PKCS#1. */
    private static final Set<Pem.Form> KEYS = EnumSet.allOf(Pem.Form.class);

    private EngineTls() {}

    /** @throws IllegalArgumentException with the file's name when one is missing or cannot be used */
    static SSLContext context(Path folder) {
        try {
            return new Tls(
                            Optional.of(read(folder.resolve("ca.pem"), Pem::certificates)),
                            identity(folder.resolve("cert.pem"), folder.resolve("key.pem")))
                    .context();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("%s: %s".formatted(folder, EngineClient.words(e)), e);
        }
    }

    /**
     * For a Unix socket, one that trusts nobody: it has no TLS, but the transport asks for a context all the same, and makes
     * one of all that the system trusts where there is none. Over TCP a context would mean TLS.
     */
    static Optional<SSLContext> none(URI address) {
        if (!address.getScheme().equals("unix")) {
            return Optional.empty();
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[0], null);
            return Optional.of(context);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    private static Optional<Tls.Identity> identity(Path certificate, Path key) {
        if (Files.notExists(certificate) && Files.notExists(key)) {
            return Optional.empty();
        }
        return Optional.of(
                new Tls.Identity(read(key, file -> Pem.key(file, KEYS)), read(certificate, Pem::certificates)));
    }

    private static <T> T read(Path file, Function<Path, T> reader) {
        try {
            return reader.apply(file);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s: %s".formatted(file, e.getMessage()), e);
        }
    }
}
