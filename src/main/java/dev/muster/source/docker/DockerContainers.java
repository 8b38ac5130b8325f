package dev.muster.source.docker;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import dev.muster.config.EngineConfig;
import dev.muster.source.Container;
import dev.muster.source.ContainerSource;
import dev.muster.source.PartlyReadException;
import dev.muster.source.Selection;
import dev.muster.source.SourceException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The containers of a Docker Engine, or of anything that speaks its API. The first {@link #list} walks the same code as a
 * later {@link #findAll}, so that the first event does not meet it cold.
 */
public final class DockerContainers implements ContainerSource {

    /** Bound on a single call. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    /** How long the stream of events may be silent before the engine is pinged. */
    public static final Duration DEFAULT_QUIET = Duration.ofSeconds(10);

    private static final Pattern ID_OR_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");

    private final EngineClient engine;
    private final Duration quiet;
    private final Following following;
    private final Inspections inspections = new Inspections(this::inspect);
    private volatile @Nullable DockerEvents events;

    /** By the last list. */
    private Map<ListedContainer, Container> inspected = Map.of();

    /** @throws IllegalArgumentException when the files of its TLS cannot be used; it names the file */
    public DockerContainers(EngineConfig docker) {
        this(docker, Selection.ALL);
    }

    /**
     * Of some containers only: nothing is asked of the others, and nothing of them is told.
     *
     * @throws IllegalArgumentException when the files of its TLS cannot be used; it names the file
     */
    public DockerContainers(EngineConfig docker, Selection selection) {
        this(docker, DEFAULT_TIMEOUT, DEFAULT_QUIET, selection);
    }

    /**
     * @param timeout bound on a single call, from connecting to its last byte
     * @param quiet how long the stream of events may be silent before the engine is pinged
     */
    public DockerContainers(EngineConfig docker, Duration timeout, Duration quiet) {
        this(docker, timeout, quiet, Selection.ALL);
    }

    public DockerContainers(EngineConfig docker, Duration timeout, Duration quiet, Selection selection) {
        this.engine = new EngineClient(docker, timeout);
        this.quiet = quiet;
        this.following = new Following(selection);
    }

    @Override
    public synchronized void subscribe(Listener listener) {
        if (events != null) {
            throw new IllegalStateException("subscribed already");
        }
        DockerEvents started = new DockerEvents(engine, quiet, following, inspections, listener);
        events = started;
        started.start();
    }

    /**
     * Lists, then inspects, since a list says nothing of when a container was started or of its environment: but only
     * those of which the list does not say what it said at their last inspection.
     */
    @Override
    public synchronized List<Container> list() throws SourceException {
        inspections.forget();
        try {
            SequencedMap<String, ListedContainer> listed = new LinkedHashMap<>();
            for (String path : following.lists()) {
                engine.get(path, DockerContainers::listed).forEach(each -> listed.put(each.id(), each));
            }
            Set<String> unknown = new LinkedHashSet<>(listed.keySet());
            unknown.addAll(following.ids());
            unknown.removeIf(id -> known(listed.get(id)).isPresent());
            Inspections.Answers answers = inspections.each(unknown);
            Map<String, Optional<Container>> looked = followed(answers.found());

            Map<ListedContainer, Container> read = new LinkedHashMap<>();
            listed.forEach((id, each) -> known(each)
                    .or(() -> Optional.ofNullable(looked.remove(id)).flatMap(found -> found))
                    .ifPresent(container -> read.put(each, container)));
            List<Container> containers = new ArrayList<>(read.values());
            looked.values().forEach(unlisted -> unlisted.ifPresent(containers::add));
            inspected = read;
            containers.removeIf(container -> container.state() == Container.State.STOPPED);
            if (!answers.failed().isEmpty()) {
                throw partly(containers, answers.failed());
            }
            return List.copyOf(containers);
        } catch (IOException e) {
            throw engine.failure("its containers were not read", e);
        }
    }

    private PartlyReadException partly(List<Container> read, SequencedMap<String, IOException> failed) {
        var first = failed.firstEntry();
        String message = "%s: of its containers %d could not be read, first %s: %s"
                .formatted(engine, failed.size(), first.getKey(), EngineClient.words(first.getValue()));
        return new PartlyReadException(message, first.getValue(), read, failed.keySet());
    }

    /** As it was when the list said the same of it as now. */
    private Optional<Container> known(@Nullable ListedContainer listed) {
        return listed == null || !listed.tells() ? Optional.empty() : Optional.ofNullable(inspected.get(listed));
    }

    @Override
    public Optional<Container> find(String containerId) throws SourceException {
        return findAll(List.of(containerId)).firstEntry().getValue();
    }

    @Override
    public SequencedMap<String, Optional<Container>> findAll(Collection<String> containerIds) throws SourceException {
        try {
            return followed(inspections.all(containerIds));
        } catch (IOException e) {
            String which = containerIds.size() == 1 ? "container %s was" : "of the containers %s not all were";
            throw engine.failure((which + " not read").formatted(String.join(", ", containerIds)), e);
        }
    }

    private SequencedMap<String, Optional<Container>> followed(SequencedMap<String, Optional<Container>> found) {
        found.replaceAll((id, container) -> {
            if (container.isEmpty()) {
                following.forget(id);
            }
            return container.filter(following::takes);
        });
        return found;
    }

    private static List<ListedContainer> listed(Response answer) throws IOException {
        if (answer.getStatusCode() != 200) {
            throw EngineClient.refused(answer);
        }
        return ListedContainer.read(answer.getBody());
    }

    /** @return empty only where the engine itself says that there is no such container */
    private Optional<Container> inspect(String id) throws IOException {
        if (!ID_OR_NAME.matcher(id).matches()) {
            return Optional.empty();
        }
        return engine.get(inspection(id), answer -> {
            if (answer.getStatusCode() == 404) {
                String message = EngineClient.message(answer);
                if (message.toLowerCase(Locale.ROOT).contains("no such container")) {
                    return Optional.empty();
                }
                throw new IOException("it answers 404: " + message);
            }
            if (answer.getStatusCode() != 200) {
                throw EngineClient.refused(answer);
            }
            return Optional.of(ContainerJson.read(answer.getBody()));
        });
    }

    private static String inspection(String id) {
        return "/containers/" + id + "/json";
    }

    /** Events that called for a look, since the start. */
    public long events() {
        DockerEvents started = events;
        return started == null ? 0 : started.events();
    }

    /** Subscriptions after the first, since the start. */
    public long reconnects() {
        DockerEvents started = events;
        return started == null ? 0 : started.reconnects();
    }

    /** Whether events are being listened to, as far as anybody can know. */
    public boolean listening() {
        DockerEvents started = events;
        return started != null && started.listening();
    }

    @Override
    public void close() {
        DockerEvents started = events;
        if (started != null) {
            started.close();
        }
        inspections.close();
        engine.close();
    }
}
