package dev.muster.provider.template;

import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Texts by names that nobody can list beforehand: one that is not there is empty, and no reason to stop. */
final class Texts extends AbstractMap<String, Object> {

    private final Map<String, Object> texts = new LinkedHashMap<>();

    Texts(Map<String, String> texts) {
        texts.forEach((name, text) -> this.texts.put(name, FreeText.of(text)));
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        return texts.entrySet();
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return true;
    }

    @Override
    public Object get(@Nullable Object name) {
        return texts.getOrDefault(String.valueOf(name), "");
    }
}
