package dev.muster.provider.haproxy;

import dev.muster.model.KeyedCertificate;
import dev.muster.provider.ProviderException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * The folder of certificates and authorities that the file names: nobody but its owner may read them. A file's name carries
 * the digest of what is in it, so that a new content is a new file, and the live file never means another than it meant.
 */
final class PemFolder {

    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

    private final Path folder;

    PemFolder(Path folder) {
        this.folder = folder;
    }

    static String certificate(String name, KeyedCertificate certificate) {
        return named(name, certificate.pem());
    }

    static String authorities(String pem) {
        return named("authorities", pem);
    }

    /** The list of certificates that a bind has: an order, and the first one for names that none is for. */
    static String list(String text) {
        return named("bind", text);
    }

    private static String named(String name, String content) {
        return "%s-%s.pem".formatted(name, Digest.of(content));
    }

    /** What stands there under this name; empty where it is not there, or is not what its name says. */
    Optional<String> read(String name) {
        try {
            String content = Files.readString(folder.resolve(name), StandardCharsets.ISO_8859_1);
            return name.endsWith("-%s.pem".formatted(Digest.of(content))) ? Optional.of(content) : Optional.empty();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /**
     * Writes what is not there as it is to be.
     *
     * @return whether one of them had another content, which HAProxy may have loaded by now
     */
    boolean put(SortedMap<String, String> files) throws ProviderException {
        boolean spoiled = false;
        try {
            for (Map.Entry<String, String> file : files.entrySet()) {
                if (read(file.getKey()).isEmpty()) {
                    spoiled |= Files.exists(folder.resolve(file.getKey()));
                    write(file.getKey(), file.getValue());
                }
            }
            return spoiled;
        } catch (IOException e) {
            throw new ProviderException("%s cannot be written: %s".formatted(folder, e), e);
        }
    }

    /** Removes what no file names any more. */
    void keepOnly(Set<String> names) throws ProviderException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (!names.contains(String.valueOf(file.getFileName()))) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException none) {
            return;
        } catch (IOException e) {
            throw new ProviderException("%s cannot be tidied up: %s".formatted(folder, e), e);
        }
    }

    private void write(String name, String content) throws IOException {
        if (folder.toString().chars().anyMatch(Character::isWhitespace)) {
            throw new IOException("HAProxy takes no list of certificates whose paths have blanks");
        }
        Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(FOLDER));
        Files.setPosixFilePermissions(folder, FOLDER);
        Path draft = folder.resolve("." + name);
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(FILE));
        Files.writeString(draft, content, StandardCharsets.ISO_8859_1);
        Files.move(draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
