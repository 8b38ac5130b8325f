package dev.muster.provider.template;

import dev.muster.provider.ProviderException;
import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.error.PebbleException;
import io.pebbletemplates.pebble.node.ForNode;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;

/** One template, read anew for each rendering, with what it includes from its own folder. */
final class Template {

    private final Path source;
    private final PebbleEngine engine;

    Template(Path source) {
        this.source = source;
        this.engine = new PebbleEngine.Builder()
                .loader(new SourceLoader(source.resolveSibling("")))
                .registerExtensionCustomizer(Language::new)
                .autoEscaping(false)
                .newLineTrimming(false)
                .strictVariables(true)
                .cacheActive(false)
                // Of what a template sees, only the entries of maps and Pebble's own 'loop' have methods for it.
                .methodAccessValidator(
                        (object, method) -> object instanceof Map.Entry || object instanceof ForNode.LoopVariables)
                .build();
    }

    /** @throws ProviderException with the template's place, in one line */
    String render(Map<String, Object> view) throws ProviderException {
        StringWriter out = new StringWriter();
        try {
            engine.getTemplate(source.getFileName().toString()).evaluate(out, view);
        } catch (PebbleException e) {
            throw new ProviderException("%s: %s".formatted(place(e), e.getPebbleMessage()), e);
        } catch (IOException | RuntimeException e) {
            throw new ProviderException("%s: %s".formatted(source, e.getMessage()), e);
        }
        return out.toString();
    }

    /** @throws ProviderException with the template's place, in one line, when it is none */
    void parse() throws ProviderException {
        try {
            engine.getTemplate(source.getFileName().toString());
        } catch (PebbleException e) {
            throw new ProviderException("%s: %s".formatted(place(e), e.getPebbleMessage()), e);
        } catch (RuntimeException e) {
            throw new ProviderException("%s: %s".formatted(source, e.getMessage()), e);
        }
    }

    private String place(PebbleException e) {
        String file = e.getFileName() == null ? source.getFileName().toString() : e.getFileName();
        return source.resolveSibling(file) + (e.getLineNumber() == null ? "" : ":" + e.getLineNumber());
    }

    /** Another one once the template was edited; an included one that was edited does not show. */
    Object stamp() throws ProviderException {
        try {
            BasicFileAttributes now = Files.readAttributes(source, BasicFileAttributes.class);
            return Map.of("modified", now.lastModifiedTime(), "size", now.size());
        } catch (IOException e) {
            throw new ProviderException("%s cannot be read: %s".formatted(source, e), e);
        }
    }
}
