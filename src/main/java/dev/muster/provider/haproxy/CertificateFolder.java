package dev.muster.provider.haproxy;

import dev.muster.model.KeyedCertificate;
import dev.muster.model.Name;
import dev.muster.tls.Pem;
import dev.muster.tls.ServerCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The person's folder of certificates: {@code NAME.pem} or {@code NAME.crt} with the chain, and the key in it or in {@code
 * NAME.key}. It is only read. One that is no good is told, and the last good one of its name stays.
 */
final class CertificateFolder {

    private final Optional<Path> folder;
    private final Clock clock;

    /** @param folder empty where the person has none */
    CertificateFolder(Optional<Path> folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** @param faults what is wrong, in sentences */
    record Found(SortedMap<String, KeyedCertificate> certificates, List<String> faults) {}

    /** @param before what is shown now; one that is shown goes on being shown when it expires */
    Found read(SortedMap<String, KeyedCertificate> before) {
        SortedMap<String, KeyedCertificate> certificates = new TreeMap<>();
        SortedMap<String, String> faults = new TreeMap<>();
        if (folder.isEmpty()) {
            return new Found(certificates, List.of());
        }
        try (Stream<Path> files = Files.list(folder.get())) {
            for (Path file : files.filter(CertificateFolder::isChain).sorted().toList()) {
                String name = nameOf(file);
                try {
                    certificates.put(
                            Name.require("certificate", name),
                            certificate(file, Optional.ofNullable(before.get(name))));
                } catch (IllegalArgumentException e) {
                    Optional.ofNullable(before.get(name)).ifPresent(last -> certificates.put(name, last));
                    faults.put(name, "%s: %s".formatted(file, e.getMessage()));
                }
            }
        } catch (IOException e) {
            return new Found(before, List.of("%s cannot be read: %s".formatted(folder.get(), e)));
        }
        return new Found(certificates, List.copyOf(faults.values()));
    }

    private KeyedCertificate certificate(Path file, Optional<KeyedCertificate> before) {
        String text = Pem.read(file);
        Path key = file.resolveSibling(nameOf(file) + ".key");
        KeyedCertificate found = new KeyedCertificate(text, Files.exists(key) ? Pem.read(key) : text);
        if (!before.equals(Optional.of(found))) {
            ServerCertificate.check(found.chain(), found.key(), clock.instant());
        }
        return found;
    }

    private static boolean isChain(Path file) {
        String name = String.valueOf(file.getFileName());
        return !name.startsWith(".") && (name.endsWith(".pem") || name.endsWith(".crt"));
    }

    private static String nameOf(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(0, name.length() - ".pem".length());
    }
}
