package dev.muster.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An authority of its own and what it certifies, as files in a folder. Needs the program {@code openssl} on the path. */
public final class Certificates {

    private final Path folder;
    private final String authority;

    /** @param authority its name, and its files': {@code <authority>.pem}, {@code <authority>.key} */
    public Certificates(Path folder, String authority) {
        this.folder = folder;
        this.authority = authority;
        openssl(
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=%s -keyout %s -out %s"
                        .formatted(authority, key(authority), certificate(authority)));
    }

    /**
     * A certificate and its key in PKCS#8.
     *
     * @param subject its common name, and its files'
     * @param names of a server, such as {@code IP:127.0.0.1} or {@code DNS:localhost}
     */
    public Certificates issue(String subject, String names) {
        Path request = folder.resolve(subject + ".csr");
        Path extensions = write(subject + ".ext", "subjectAltName=" + names + "\n");
        openssl("req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=%s -keyout %s -out %s"
                .formatted(subject, key(subject), request));
        openssl("x509 -req -in %s -CA %s -CAkey %s -CAcreateserial -days 2 -extfile %s -out %s"
                .formatted(request, certificate(authority), key(authority), extensions, certificate(subject)));
        return this;
    }

    public Path authority() {
        return certificate(authority);
    }

    public Path certificate(String subject) {
        return folder.resolve(subject + ".pem");
    }

    public Path key(String subject) {
        return folder.resolve(subject + ".key");
    }

    /** A file beside the others. */
    public Path write(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs it; fails with what it said unless it ends with 0.
     *
     * @param arguments parted by blanks
     */
    public static void openssl(String arguments) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments.split(" ")));
        try {
            Process openssl =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            openssl.getOutputStream().close();
            String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (openssl.waitFor() != 0) {
                throw new IllegalStateException(command + " ended with " + openssl.exitValue() + ": " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(command + " was interrupted", e);
        }
    }
}
