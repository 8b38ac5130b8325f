package dev.muster.source.docker;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import dev.muster.config.EngineConfig;
import dev.muster.source.Container;
import dev.muster.source.ContainerSource;
import dev.muster.source.Selection;
import dev.muster.source.SourceException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The containers of a Docker Engine, or of anything that speaks its API. The first {@link #list} walks the same code as a
 * later {@link #find}, so that the first event does not meet it cold.
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
        DockerEvents started = new DockerEvents(engine, quiet, following, listener);
        events = started;
        started.start();
    }

    /**
     * Lists, then inspects, since a list says nothing of when a container was started or of its environment: but only
     * those of which the list does not say what it said at their last inspection.
     */
    @Override
    public synchronized List<Container> list() throws SourceException {
        try {
            Map<ListedContainer, Container> read = new LinkedHashMap<>();
            Set<String> unlisted = new LinkedHashSet<>(following.ids());
            for (String path : following.lists()) {
                for (ListedContainer listed : engine.get(path, DockerContainers::listed)) {
                    unlisted.remove(listed.id());
                    Optional<Container> known =
                            Optional.ofNullable(inspected.get(listed)).filter(any -> listed.tells());
                    (known.isPresent() ? known : inspect(listed.id()))
                            .ifPresent(container -> read.put(listed, container));
                }
            }
            List<Container> containers = new ArrayList<>(read.values());
            for (String id : unlisted) {
                inspect(id).ifPresent(containers::add);
            }
            inspected = read;
            containers.removeIf(container -> container.state() == Container.State.STOPPED);
            return List.copyOf(containers);
        } catch (IOException e) {
            throw engine.failure("its containers were not read", e);
        }
    }

    @Override
    public Optional<Container> find(String containerId) throws SourceException {
        if (!ID_OR_NAME.matcher(containerId).matches()) {
            return Optional.empty();
        }
        try {
            return inspect(containerId);
        } catch (IOException e) {
            throw engine.failure("container %s was not read".formatted(containerId), e);
        }
    }

    private static List<ListedContainer> listed(Response answer) throws IOException {
        if (answer.getStatusCode() != 200) {
            throw EngineClient.refused(answer);
        }
        return ListedContainer.read(answer.getBody());
    }

    /** @return empty only where the engine itself says that there is no such container, or where it is not ours to report */
    private Optional<Container> inspect(String id) throws IOException {
        Optional<Container> found = engine.get(inspection(id), answer -> {
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
        if (found.isEmpty()) {
            following.forget(id);
        }
        return found.filter(following::takes);
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
        engine.close();
    }
}
