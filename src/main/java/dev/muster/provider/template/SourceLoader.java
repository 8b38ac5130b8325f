package dev.muster.provider.template;

import io.pebbletemplates.pebble.error.LoaderException;
import io.pebbletemplates.pebble.loader.FileLoader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads templates from one folder. A line that has nothing but tags leaves nothing behind, not even an empty line, and any
 * other line keeps its end: Pebble alone can only do both or neither. The end of such a line goes into its last tag, where it
 * says nothing, so that errors name the right line.
 */
final class SourceLoader extends FileLoader {

    private static final Pattern TAGS = Pattern.compile(
            "(?m)^[ \\t]*((?:\\{%(?:(?!%\\}).)*%\\}|\\{#(?:(?!#\\}).)*#\\})(?:[ \\t]*(?:\\{%(?:(?!%\\}).)*%\\}|\\{#(?:(?!#\\}).)*#\\}))*)[ \\t]*\\n");

    SourceLoader(Path folder) {
        super(folder.toString());
    }

    @Override
    public Reader getReader(String name) {
        StringWriter text = new StringWriter();
        try (Reader reader = super.getReader(name)) {
            reader.transferTo(text);
        } catch (IOException e) {
            throw new LoaderException(e, "%s cannot be read: %s".formatted(name, e.getMessage()));
        }
        return new StringReader(withoutTagLines(text.toString()));
    }

    static String withoutTagLines(String text) {
        return TAGS.matcher(text.replace("\r\n", "\n"))
                .replaceAll(line -> Matcher.quoteReplacement(endInside(line.group(1))));
    }

    private static String endInside(String tags) {
        int close = tags.length() - 2;
        int end = tags.charAt(close - 1) == '-' ? close - 1 : close;
        return tags.substring(0, end) + "\n" + tags.substring(end);
    }
}
