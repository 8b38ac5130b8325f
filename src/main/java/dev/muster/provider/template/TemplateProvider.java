package dev.muster.provider.template;

import dev.muster.config.TemplatesConfig;
import dev.muster.plan.Plan;
import dev.muster.plan.ServiceTargets;
import dev.muster.provider.FileRights;
import dev.muster.provider.Provider;
import dev.muster.provider.ProviderException;
import dev.muster.provider.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Files that are rendered from templates. What is there cannot be read back from them, so it is kept beside: the services as
 * every file has them, and which text each file's reader has read. A file that fails its check keeps no other one waiting.
 */
public final class TemplateProvider implements Provider {

    private final List<RenderedFile> files;
    private final WholeFile state;
    private final Duration interval;
    private final LongSupplier nanos;
    private @Nullable Rendered rendered;
    private boolean disturbed = true;
    private OptionalLong changedAt = OptionalLong.empty();

    /** @param nanos a monotonic clock */
    public TemplateProvider(TemplatesConfig config, LongSupplier nanos) {
        this.files = config.files().stream()
                .map(file -> new RenderedFile(file, nanos))
                .toList();
        // It holds what settings hold, and these may be secrets.
        this.state = new WholeFile(
                config.stateFile(),
                StandardCharsets.UTF_8,
                new FileRights(Optional.of("600"), Optional.empty(), Optional.empty()));
        this.interval = config.interval();
        this.nanos = nanos;
    }

    @Override
    public String name() {
        return "template";
    }

    @Override
    public boolean synchronous() {
        return true;
    }

    @Override
    public SortedMap<String, ServiceTargets> actual() throws ProviderException {
        Rendered known = rendered();
        for (RenderedFile file : files) {
            disturbed |= file.disturbed(known.loaded().getOrDefault(file.target(), ""));
        }
        return known.services();
    }

    @Override
    public boolean disturbed() {
        return disturbed;
    }

    @Override
    public Duration rest() {
        if (changedAt.isEmpty()) {
            return Duration.ZERO;
        }
        Duration left = interval.minusNanos(nanos.getAsLong() - changedAt.getAsLong());
        return left.isNegative() ? Duration.ZERO : left;
    }

    @Override
    public void apply(Plan plan) throws ProviderException {
        Rendered before = rendered();
        Map<String, Object> view = View.of(plan.desired());
        Map<String, String> loaded = new TreeMap<>();
        @Nullable ProviderException trouble = null;
        for (RenderedFile file : files) {
            String last = before.loaded().getOrDefault(file.target(), "");
            try {
                loaded.put(file.target(), file.enforce(view, last));
            } catch (ProviderException e) {
                loaded.put(file.target(), last);
                if (trouble == null) {
                    trouble = e;
                } else {
                    trouble.addSuppressed(e);
                }
            }
        }
        if (!before.with(loaded).equals(before)) {
            changedAt = OptionalLong.of(nanos.getAsLong());
        }
        if (trouble != null) {
            keep(before, before.with(loaded));
            throw trouble;
        }
        keep(before, new Rendered(plan.desired(), new TreeMap<>(loaded)));
        disturbed = false;
    }

    private Rendered rendered() throws ProviderException {
        Rendered known = rendered;
        if (known == null) {
            clean();
            known = state.read().isPresent() ? read(state.read().get()) : Rendered.NOTHING;
            rendered = known;
        }
        return known;
    }

    private Rendered read(String text) throws ProviderException {
        try {
            return RenderedJson.read(text);
        } catch (IllegalArgumentException e) {
            throw new ProviderException(
                    "%s is not what was written there (%s): remove it, and what is held without a registration is forgotten"
                            .formatted(state.path(), e.getMessage()),
                    e);
        }
    }

    /** Removes what a killed process left half done. */
    private void clean() throws ProviderException {
        state.discard();
        for (RenderedFile file : files) {
            file.clean();
        }
    }

    private void keep(Rendered before, Rendered now) throws ProviderException {
        if (now.equals(before)) {
            return;
        }
        try {
            Files.createDirectories(state.path().getParent());
        } catch (IOException e) {
            throw new ProviderException(
                    "%s cannot be made: %s".formatted(state.path().getParent(), e), e);
        }
        state.write(RenderedJson.write(now));
        state.publish();
        rendered = now;
    }

    @Override
    public void close() {}
}
