package dev.muster.source.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards an engine, from the folder that Docker's own client calls {@code DOCKER_CERT_PATH}
 * (<a href="https://docs.docker.com/engine/security/protect-access/">Protect the Docker daemon socket</a>): {@code ca.pem},
 * whose certificates alone are trusted, and {@code cert.pem} with {@code key.pem}, by which the engine knows this client.
 * Without these two, this client stays nameless.
 */
final class EngineTls {

    /** A key store wants one; it never leaves the memory. */
    private static final char[] PASSWORD = "in memory only".toCharArray();

    private EngineTls() {}

    /** @throws IllegalArgumentException with the file's name when one is missing or cannot be used */
    static SSLContext context(Path folder) {
        Path ca = folder.resolve("ca.pem");
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own(folder.resolve("cert.pem"), folder.resolve("key.pem")), trusted(ca), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("%s: %s".formatted(folder, EngineClient.words(e)), e);
        }
    }

    private static TrustManager[] trusted(Path ca) throws GeneralSecurityException, IOException {
        KeyStore store = empty();
        int number = 0;
        for (X509Certificate certificate : Pem.certificates(ca)) {
            store.setCertificateEntry("ca" + number++, certificate);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyManager @Nullable [] own(Path certificate, Path key)
            throws GeneralSecurityException, IOException {
        if (Files.notExists(certificate) && Files.notExists(key)) {
            return null;
        }
        List<X509Certificate> chain = Pem.certificates(certificate);
        KeyStore store = empty();
        store.setKeyEntry("client", Pem.privateKey(key), PASSWORD, chain.toArray(X509Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
