package dev.muster.tls;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Whether a certificate can be shown to clients. */
public final class ServerCertificate {

    private static final Path KEY = Path.of("KEY");

    private ServerCertificate() {}

    /**
     * @param chain in PEM, the certificate first
     * @param key in PEM
     * @throws IllegalArgumentException saying what is wrong: it is none, the key is another one's, or it is not valid now
     */
    public static void check(String chain, String key, Instant now) {
        List<X509Certificate> certificates = Pem.certificates(chain);
        X509Certificate certificate = certificates.getFirst();
        if (!Pem.belongTogether(
                Pem.key(KEY, key, Set.of(Pem.Form.PKCS8, Pem.Form.PKCS1)), certificate.getPublicKey())) {
            throw new IllegalArgumentException("its key is not the certificate's");
        }
        Instant end = certificate.getNotAfter().toInstant();
        Instant begin = certificate.getNotBefore().toInstant();
        if (now.isAfter(end)) {
            throw new IllegalArgumentException("it has expired at " + end);
        }
        if (now.isBefore(begin)) {
            throw new IllegalArgumentException("it is not valid before " + begin);
        }
    }
}
