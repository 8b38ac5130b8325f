package dev.muster.provider.template;

import io.pebbletemplates.pebble.extension.Extension;
import io.pebbletemplates.pebble.extension.ExtensionCustomizer;
import io.pebbletemplates.pebble.extension.Filter;
import io.pebbletemplates.pebble.extension.Function;
import io.pebbletemplates.pebble.extension.core.CoreExtension;
import io.pebbletemplates.pebble.extension.escaper.EscaperExtension;
import io.pebbletemplates.pebble.extension.i18n.I18nExtension;
import io.pebbletemplates.pebble.template.EvaluationContext;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import io.pebbletemplates.pebble.tokenParser.TokenParser;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Pebble as far as it fits files for programs: its own filters see a {@link FreeText} as it prints, ours are beside them, and
 * the escaping that is meant for HTML is left out.
 */
final class Language extends ExtensionCustomizer {

    private final Extension original;

    Language(Extension original) {
        super(original);
        this.original = original;
    }

    @Override
    public Map<String, Filter> getFilters() {
        if (original instanceof EscaperExtension) {
            return Map.of();
        }
        Map<String, Filter> filters = new TreeMap<>();
        Map<String, Filter> theirs = super.getFilters();
        if (theirs != null) {
            theirs.forEach((name, filter) -> filters.put(name, new OnPrinted(filter)));
        }
        if (original instanceof CoreExtension) {
            filters.putAll(Filters.all());
        }
        return filters;
    }

    @Override
    public List<TokenParser> getTokenParsers() {
        return original instanceof EscaperExtension ? List.of() : super.getTokenParsers();
    }

    @Override
    public Map<String, Function> getFunctions() {
        return original instanceof I18nExtension ? Map.of() : super.getFunctions();
    }

    private record OnPrinted(Filter filter) implements Filter {

        @Override
        public @Nullable List<String> getArgumentNames() {
            return filter.getArgumentNames();
        }

        @Override
        public @Nullable Object apply(
                @Nullable Object value,
                Map<String, Object> given,
                PebbleTemplate self,
                EvaluationContext context,
                int line) {
            Object printed = value instanceof FreeText free ? free.toString() : value;
            return filter.apply(printed, given, self, context, line);
        }
    }
}
