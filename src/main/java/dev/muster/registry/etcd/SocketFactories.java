package dev.muster.registry.etcd;

import dev.muster.config.EtcdTls;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** What TLS is for the JDK's own client, as the settings for gRPC's have it. */
final class SocketFactories {

    private static final char[] NO_PASSWORD = {};

    private SocketFactories() {}

    static SSLSocketFactory of(EtcdTls tls) throws GeneralSecurityException, IOException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(identity(tls.identity()), trust(tls.authorities()), null);
        return context.getSocketFactory();
    }

    private static KeyManager @Nullable [] identity(Optional<EtcdTls.Identity> own)
            throws GeneralSecurityException, IOException {
        if (own.isEmpty()) {
            return null;
        }
        KeyStore store = empty();
        store.setKeyEntry("own", own.get().key(), NO_PASSWORD, own.get().chain().toArray(X509Certificate[]::new));
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, NO_PASSWORD);
        return managers.getKeyManagers();
    }

    /** Those that Java trusts where none are named. */
    private static TrustManager @Nullable [] trust(Optional<List<X509Certificate>> authorities)
            throws GeneralSecurityException, IOException {
        if (authorities.isEmpty()) {
            return null;
        }
        KeyStore store = empty();
        for (int i = 0; i < authorities.get().size(); i++) {
            store.setCertificateEntry("authority" + i, authorities.get().get(i));
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        return managers.getTrustManagers();
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, NO_PASSWORD);
        return store;
    }
}
