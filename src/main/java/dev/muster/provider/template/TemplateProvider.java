package dev.muster.provider.template;

import dev.muster.config.TemplatesConfig;
import dev.muster.plan.Effect;
import dev.muster.plan.Plan;
import dev.muster.plan.Refusal;
import dev.muster.plan.ServiceTargets;
import dev.muster.provider.FileRights;
import dev.muster.provider.Isolation;
import dev.muster.provider.Provider;
import dev.muster.provider.ProviderException;
import dev.muster.provider.Refusals;
import dev.muster.provider.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Files that are rendered from templates. What is there cannot be read back from them, so it is kept beside: the services as
 * they are in the files, and which text each file's reader has read. A file that fails its check keeps no other one waiting,
 * and what these others have is known: were it forgotten, nothing would hold what expires.
 */
public final class TemplateProvider implements Provider {

    private final List<RenderedFile> files;
    private final WholeFile state;
    private final Duration interval;
    private final LongSupplier nanos;
    private final Map<RenderedFile, Refusals> refusals = new LinkedHashMap<>();
    /** By file that could not be brought in step: what was rendered into it last. */
    private final Map<RenderedFile, SortedMap<String, ServiceTargets>> behind = new HashMap<>();

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
        files.forEach(file -> refusals.put(file, new Refusals(false, nanos)));
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
        refusals.values().forEach(Refusals::begin);
        Rendered known = rendered();
        for (RenderedFile file : files) {
            disturbed |= file.disturbed(known.loaded().getOrDefault(file.target(), ""));
        }
        return known.services();
    }

    /** What a killed process has left half done stays where it is. */
    @Override
    public SortedMap<String, ServiceTargets> look() throws ProviderException {
        if (rendered == null) {
            rendered = known();
        }
        return actual();
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

    /** What one file refuses counts as what it was, though other files may have it as it is to be. */
    @Override
    public SortedMap<String, ServiceTargets> possible(SortedMap<String, ServiceTargets> desired) {
        SortedMap<String, ServiceTargets> possible = new TreeMap<>(desired);
        boolean refused = false;
        for (Refusals ofFile : refusals.values()) {
            SortedMap<String, ServiceTargets> there = ofFile.possible(desired);
            for (String service : ofFile.told().keySet()) {
                refused = true;
                Optional.ofNullable(there.get(service))
                        .ifPresentOrElse(one -> possible.put(service, one), () -> possible.remove(service));
            }
        }
        return refused ? possible : desired;
    }

    @Override
    public SortedMap<String, Refusal> refusals() {
        SortedMap<String, Refusal> told = new TreeMap<>();
        refusals.values().forEach(ofFile -> ofFile.told().forEach((service, why) -> told.putIfAbsent(service, why)));
        return told;
    }

    @Override
    public void apply(Plan plan) throws ProviderException {
        Rendered before = rendered();
        SortedMap<String, ServiceTargets> wanted = plan.desired();
        for (Refusals ofFile : refusals.values()) {
            wanted = ofFile.desired(wanted);
        }
        Map<String, String> loaded = new TreeMap<>();
        List<ProviderException> troubles = new ArrayList<>();
        boolean written = files.isEmpty();
        for (RenderedFile file : files) {
            String last = before.loaded().getOrDefault(file.target(), "");
            try {
                loaded.put(file.target(), enforce(file, wanted, behind.getOrDefault(file, before.services()), last));
                behind.remove(file);
            } catch (ProviderException e) {
                loaded.put(file.target(), last);
                behind.putIfAbsent(file, before.services());
                troubles.add(e);
            }
            written |= file.written();
        }
        keep(before, new Rendered(written ? possible(wanted) : before.services(), new TreeMap<>(loaded)), troubles);
    }

    @Override
    public List<Effect> effects(Plan plan) throws ProviderException {
        List<Effect> effects = new ArrayList<>();
        for (RenderedFile file : files) {
            file.difference(View.of(plan.desired()))
                    .ifPresent(words -> effects.add(new Effect(Effect.Kind.UPDATE, file.name(), words)));
        }
        return effects;
    }

    /** One service that a template or a check refuses must not keep the others waiting. */
    private String enforce(
            RenderedFile file,
            SortedMap<String, ServiceTargets> wanted,
            SortedMap<String, ServiceTargets> before,
            String loaded)
            throws ProviderException {
        Refusals ofFile = Objects.requireNonNull(refusals.get(file));
        SortedMap<String, ServiceTargets> services = ofFile.possible(wanted);
        try {
            return file.enforce(View.of(services), loaded);
        } catch (ProviderException e) {
            Optional<Isolation.Found> rest = file.objected()
                    ? Isolation.find(services, before, some -> file.objection(View.of(some)))
                    : Optional.empty();
            if (rest.isEmpty()) {
                throw e;
            }
            ofFile.add(services, rest.get());
            return file.enforce(View.of(rest.get().accepted()), loaded);
        }
    }

    private void keep(Rendered before, Rendered now, List<ProviderException> troubles) throws ProviderException {
        if (!before.loaded().equals(now.loaded())) {
            changedAt = OptionalLong.of(nanos.getAsLong());
        }
        keep(before, now);
        if (!troubles.isEmpty()) {
            ProviderException trouble = troubles.getFirst();
            troubles.stream().skip(1).forEach(trouble::addSuppressed);
            throw trouble;
        }
        disturbed = false;
    }

    private Rendered rendered() throws ProviderException {
        Rendered known = rendered;
        if (known == null) {
            clean();
            known = known();
            rendered = known;
        }
        return known;
    }

    private Rendered known() throws ProviderException {
        Optional<String> kept = state.read();
        return kept.isPresent() ? read(kept.get()) : Rendered.NOTHING;
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
