package dev.muster.provider.haproxy;

import dev.muster.config.HaproxyConfig;
import dev.muster.provider.FileRights;
import dev.muster.provider.ProgramRun;
import dev.muster.provider.ProviderException;
import dev.muster.provider.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The file at its live path, which is only ever replaced whole. */
final class LiveFile {

    private static final Duration CHECK = Duration.ofSeconds(15);

    private final WholeFile file;
    private final Path path;
    private final Path snippets;
    private final String binary;

    LiveFile(HaproxyConfig config) {
        this.file = new WholeFile(config.config(), StandardCharsets.ISO_8859_1, FileRights.KEPT);
        this.path = file.path();
        this.snippets = config.snippets().toAbsolutePath();
        this.binary = config.binary();
    }

    Path path() {
        return path;
    }

    /** Empty where there is no file. */
    Optional<String> read() throws ProviderException {
        return file.read();
    }

    /** Replaces the file by a text whose structure has passed its check before. */
    void replace(String text) throws ProviderException {
        draft(text);
        publish();
    }

    /** Replaces the file once HAProxy has found no fault in the new one and the snippets together. */
    void replaceChecked(String text) throws ProviderException {
        draft(text);
        try {
            check();
        } catch (ProviderException refused) {
            discardDraft();
            throw refused;
        }
        publish();
    }

    /**
     * Why a file that is not Muster's may not be replaced: it serves something, which is a person's, and is not taken away.
     *
     * @return empty where it may
     */
    Optional<String> objection(String foreign) {
        return foreign.lines().anyMatch(line -> line.matches("\\s*(frontend|backend|listen)\\b.*"))
                ? Optional.of(
                        "%s is not Muster's and has proxies of its own: move them to a .cfg file in %s and remove it, or name another file with --haproxy-config"
                                .formatted(path, snippets))
                : Optional.empty();
    }

    /**
     * Keeps what was there before Muster as a copy beside it.
     *
     * @throws ProviderException when it may not be replaced
     */
    void takeOver(String foreign) throws ProviderException {
        Optional<String> objection = objection(foreign);
        if (objection.isPresent()) {
            throw new ProviderException(objection.get());
        }
        Path copy = path.resolveSibling(path.getFileName() + ".before-muster");
        try {
            if (!Files.exists(copy)) {
                Files.copy(path, copy);
            }
        } catch (IOException e) {
            throw new ProviderException("%s cannot be kept as %s: %s".formatted(path, copy, e), e);
        }
    }

    /** The {@code -f} arguments: the file, and the person's folder where it has anything to load. */
    List<String> arguments() throws ProviderException {
        return arguments(path);
    }

    private List<String> arguments(Path file) throws ProviderException {
        List<String> arguments = new ArrayList<>(List.of("-f", file.toString()));
        if (Files.isDirectory(snippets)) {
            try (Stream<Path> entries = Files.list(snippets)) {
                if (entries.anyMatch(entry -> entry.toString().endsWith(".cfg"))) {
                    arguments.addAll(List.of("-f", snippets.toString()));
                }
            } catch (IOException e) {
                throw new ProviderException("%s cannot be read: %s".formatted(snippets, e), e);
            }
        }
        return arguments;
    }

    /** Writes the new text beside the file: a full disk shows here, before anything was changed. */
    void draft(String text) throws ProviderException {
        file.write(text);
    }

    /** Makes the draft durable, and then the file. */
    void publish() throws ProviderException {
        file.publish();
    }

    /** Removes the draft, which is left when this process was killed over it. */
    void discardDraft() throws ProviderException {
        file.discard();
    }

    private void check() throws ProviderException {
        Optional<String> said = said(file.draft());
        if (said.isPresent()) {
            throw new ProviderException(
                    "HAProxy refuses the new file, the old one stays: " + Answers.alerts(asIfLive(said.get())));
        }
    }

    /** What HAProxy says against this text, if it stood at the live path, all of it; empty where it says nothing. */
    Optional<String> trial(String text) throws ProviderException {
        draft(text);
        try {
            return said(file.draft()).map(this::asIfLive);
        } finally {
            discardDraft();
        }
    }

    private String asIfLive(String said) {
        return said.replace(file.draft().toString(), path.toString());
    }

    /** What HAProxy has against the file as it is live, in its own words ({@code haproxy -c}); empty where it has nothing. */
    Optional<String> refusal() throws ProviderException {
        return said(path).map(Answers::alerts);
    }

    private Optional<String> said(Path file) throws ProviderException {
        List<String> command = new ArrayList<>(List.of(binary, "-c"));
        command.addAll(arguments(file));
        ProgramRun run = ProgramRun.of(command, CHECK);
        return run.code() == 0 ? Optional.empty() : Optional.of(run.output());
    }
}
