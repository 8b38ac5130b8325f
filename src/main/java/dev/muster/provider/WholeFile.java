package dev.muster.provider;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * A file that is only ever replaced whole: written beside, checked, made durable, renamed. So a kill, a full disk or a
 * failing check leaves the old one as it was. Owner, group and mode stay as they are.
 */
public final class WholeFile {

    private static final Set<StandardOpenOption> NEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private final Path path;
    private final Path draft;
    private final Charset charset;
    private final FileRights rights;

    /** @param rights what it is to have, whatever it has */
    public WholeFile(Path path, Charset charset, FileRights rights) {
        this.path = path.toAbsolutePath();
        // In the same folder, since a rename is atomic only within one file system.
        this.draft = this.path.resolveSibling("." + path.getFileName() + ".muster-draft");
        this.charset = charset;
        this.rights = rights;
    }

    public Path path() {
        return path;
    }

    /** Where the new text stands until it is published. */
    public Path draft() {
        return draft;
    }

    /** Empty where there is no file. */
    public Optional<String> read() throws ProviderException {
        try {
            // By hand, since a file that is not in this charset is an edited one, and no reason to stop.
            return Optional.of(new String(Files.readAllBytes(path), charset));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException e) {
            throw new ProviderException("%s cannot be read: %s".formatted(path, reason(e)), e);
        }
    }

    /** Writes the new text beside the file: a full disk shows here, before anything was changed. */
    public void write(String text) throws ProviderException {
        try {
            Files.deleteIfExists(draft);
            // Nobody else may look into it before it has its rights.
            try (FileChannel channel = FileChannel.open(
                    draft, NEW, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(charset));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
            rights.give(draft, path);
        } catch (IOException e) {
            discard();
            throw new ProviderException("%s cannot be written: %s".formatted(path, reason(e)), e);
        }
    }

    /** Makes the draft durable, and then the file. */
    public void publish() throws ProviderException {
        try {
            try (FileChannel written = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel folder = FileChannel.open(path.getParent())) {
                folder.force(true);
            }
        } catch (IOException e) {
            throw new ProviderException("%s cannot be replaced: %s".formatted(path, reason(e)), e);
        }
    }

    /** Removes the draft, which is left when this process was killed over it. */
    public void discard() throws ProviderException {
        try {
            Files.deleteIfExists(draft);
        } catch (IOException e) {
            throw new ProviderException("%s cannot be removed: %s".formatted(draft, reason(e)), e);
        }
    }

    /** A full disk says so in its message; of a file that is not there the message is only its name. */
    private static String reason(IOException e) {
        return e instanceof FileSystemException file && file.getReason() == null
                ? e.toString()
                : String.valueOf(e.getMessage());
    }
}
