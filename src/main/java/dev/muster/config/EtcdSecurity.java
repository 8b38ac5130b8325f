package dev.muster.config;

import dev.muster.tls.Pem;
import dev.muster.tls.Tls;
import java.net.URI;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** How etcd is trusted and how it is told who asks, as a person sets it; and what of that does not fit together. */
public record EtcdSecurity(Optional<Tls> tls, Optional<EtcdUser> user) {

    /** Instead of a file: those whom Java trusts. */
    private static final String SYSTEM = "system";

    static final Setting<String> CA = Setting.optional(
            "etcd-ca",
            "FILE|system",
            text -> text.equals(SYSTEM) ? text : Values.path(text).toString(),
            "certificates (PEM) of those who vouch for etcd's, or 'system' for those whom Java trusts; https needs it");

    static final Setting<Path> CERT = Setting.optional(
            "etcd-cert", "FILE", Values::path, "certificate (PEM) that is shown to etcd, with those who vouch for it");

    static final Setting<Path> KEY =
            Setting.optional("etcd-key", "FILE", Values::path, "that certificate's key (PEM, PKCS#8, not encrypted)");

    static final Setting<String> USER =
            Setting.optional("etcd-user", "NAME", EtcdSecurity::user, "who asks, where etcd has users");

    static final Setting<Path> PASSWORD_FILE =
            Setting.optional("etcd-password-file", "FILE", Values::path, "file with that user's password");

    /** @param endpoints empty where they are discovered: https exactly where a CA is given */
    static EtcdSecurity from(Settings settings, List<URI> endpoints) {
        boolean https = endpoints.isEmpty()
                ? settings.find(CA).isPresent()
                : endpoints.stream().anyMatch(endpoint -> "https".equals(endpoint.getScheme()));
        if (endpoints.stream().anyMatch(endpoint -> https != "https".equals(endpoint.getScheme()))) {
            throw settings.refuse(EtcdSettings.ENDPOINTS, "allowed are all http or all https");
        }
        if (https && settings.find(CA).isEmpty()) {
            throw settings.refuse(
                    EtcdSettings.ENDPOINTS,
                    "https needs %s: the file of those who vouch for etcd's certificate, or 'system' for those whom Java trusts"
                            .formatted(CA.flag()));
        }
        return new EtcdSecurity(
                https ? Optional.of(tls(settings)) : withoutTls(settings),
                credentials(settings, https || isHere(endpoints)));
    }

    private static Optional<Tls> withoutTls(Settings settings) {
        for (Setting<?> each : List.of(CA, CERT, KEY)) {
            if (settings.find(each).isPresent()) {
                throw settings.refuse(
                        each,
                        "%s says http, where it has no use; allowed is https://HOST:PORT there"
                                .formatted(EtcdSettings.ENDPOINTS.flag()));
            }
        }
        return Optional.empty();
    }

    private static Tls tls(Settings settings) {
        Optional<List<X509Certificate>> authorities = settings.find(CA)
                .filter(file -> !file.equals(SYSTEM))
                .map(file -> read(settings, CA, Path.of(file), Pem::certificates));
        return new Tls(authorities, identity(settings));
    }

    private static Optional<Tls.Identity> identity(Settings settings) {
        Optional<Path> cert = settings.find(CERT);
        Optional<Path> key = settings.find(KEY);
        if (!bothOrNone(settings, CERT, KEY)) {
            return Optional.empty();
        }
        List<X509Certificate> chain = read(settings, CERT, cert.orElseThrow(), Pem::certificates);
        PrivateKey secret = read(settings, KEY, key.orElseThrow(), file -> Pem.key(file, Set.of(Pem.Form.PKCS8)));
        if (!read(
                settings,
                KEY,
                key.get(),
                file -> Pem.belongTogether(secret, chain.getFirst().getPublicKey()))) {
            throw settings.refuse(
                    KEY, "it is not the key of the first certificate in %s '%s'".formatted(CERT.flag(), cert.get()));
        }
        return Optional.of(new Tls.Identity(secret, chain));
    }

    private static Optional<EtcdUser> credentials(Settings settings, boolean confidential) {
        if (!bothOrNone(settings, USER, PASSWORD_FILE)) {
            return Optional.empty();
        }
        if (!confidential) {
            throw settings.refuse(
                    USER,
                    "its password would cross the network readable; allowed is https:// with %s, or http:// to this machine alone (127.0.0.1, [::1], localhost)"
                            .formatted(CA.flag()));
        }
        Path file = settings.find(PASSWORD_FILE).orElseThrow();
        String password = read(settings, PASSWORD_FILE, file, Pem::read);
        String line = password.endsWith("\n") ? password.substring(0, password.length() - 1) : password;
        if (line.isEmpty() || line.chars().anyMatch(c -> c < ' ')) {
            throw settings.refuse(PASSWORD_FILE, "allowed is a file with one line, the password");
        }
        return Optional.of(new EtcdUser(settings.find(USER).orElseThrow(), line));
    }

    private static boolean bothOrNone(Settings settings, Setting<?> one, Setting<?> other) {
        for (Setting<?> missing : List.of(one, other)) {
            Setting<?> given = missing.equals(one) ? other : one;
            if (settings.find(given).isPresent() && settings.find(missing).isEmpty()) {
                throw settings.refuse(given, "it needs %s too".formatted(missing.flag()));
            }
        }
        return settings.find(one).isPresent();
    }

    private static <T> T read(Settings settings, Setting<?> setting, Path file, Function<Path, T> reader) {
        try {
            return reader.apply(file);
        } catch (IllegalArgumentException e) {
            throw settings.refuse(setting, String.valueOf(e.getMessage()));
        }
    }

    /** Whether all are on this machine, by their names alone: nobody is asked. What is discovered may be anywhere. */
    private static boolean isHere(List<URI> endpoints) {
        return !endpoints.isEmpty()
                && endpoints.stream()
                        .map(URI::getHost)
                        .allMatch(host -> host.matches("localhost|\\[::1]|127(\\.[0-9]{1,3}){3}"));
    }

    private static String user(String text) {
        if (text.isEmpty() || text.length() > 128 || text.chars().anyMatch(c -> c <= ' ' || c == 127 || c == ':')) {
            throw new IllegalArgumentException("allowed is a user's name, without blanks or a colon");
        }
        return text;
    }
}
