package dev.muster.provider.haproxy;

import dev.muster.doctor.Area;
import dev.muster.doctor.Check;
import dev.muster.doctor.Report;
import dev.muster.model.Name;
import dev.muster.tls.Pem;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;

/** The person's folder of certificates, as a watcher reads it: which are good, which are not and why, when they expire. */
public final class CertificatesCheck implements Check {

    private static final String CERTIFICATES = "certificates";

    /** Whoever renews by a program does so a month before. */
    private static final Duration SOON = Duration.ofDays(21);

    private final Optional<Path> folder;
    private final Clock clock;

    /** @param folder empty where the person has none */
    public CertificatesCheck(Optional<Path> folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    @Override
    public Area area() {
        return Area.HAPROXY;
    }

    @Override
    public String name() {
        return CERTIFICATES;
    }

    @Override
    public void run(Report report) {
        if (folder.isEmpty()) {
            report.ok(
                    CERTIFICATES,
                    "there is no folder of certificates (--haproxy-certificates): TLS is served with those of services alone");
            return;
        }
        CertificateFolder.Found found = new CertificateFolder(folder, clock).read(new TreeMap<>());
        found.certificates()
                .forEach((name, certificate) ->
                        tell(report, name, Pem.certificates(certificate.chain()).getFirst()));
        found.faults()
                .forEach(
                        fault -> report.fail(
                                CERTIFICATES,
                                fault,
                                "mend it: NAME.pem with chain and key, or NAME.crt and NAME.key, readable for the watcher's user; openssl x509 -in FILE -noout -text shows it"));
        if (found.certificates().isEmpty() && found.faults().isEmpty()) {
            report.warn(
                    CERTIFICATES,
                    "%s has no certificate".formatted(folder.get()),
                    "put NAME.pem with chain and key there, or leave --haproxy-certificates out");
        }
    }

    private void tell(Report report, String name, X509Certificate certificate) {
        Instant end = certificate.getNotAfter().toInstant();
        Duration left = Duration.between(clock.instant(), end);
        String seen = "certificate %s, %s, fits its key and expires at %s, in %d days"
                .formatted(
                        name,
                        Name.printable(certificate.getSubjectX500Principal().getName()),
                        end,
                        left.toDays());
        if (left.compareTo(SOON) < 0) {
            report.warn(CERTIFICATES, seen, "renew it: a new file in its place is taken while all runs");
        } else {
            report.ok(CERTIFICATES, seen);
        }
    }
}
