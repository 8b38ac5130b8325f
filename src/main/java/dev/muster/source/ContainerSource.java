package dev.muster.source;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** The local container engine. "Not read" is never "empty": whatever was not read whole is a {@link SourceException}. */
public interface ContainerSource extends AutoCloseable {

    /**
     * Who is told that there may be something to see. Called on the source's own threads; must return at once.
     */
    interface Listener {
        /** This container may have changed. */
        void changed(String containerId);

        /** Somebody sent this container a signal; whether it ends of it is another question. {@link #changed} follows. */
        default void signalled(String containerId) {}

        /** Anything may have changed: a subscription is in place (again), or events may have been lost. */
        void anythingChanged();
    }

    /**
     * Subscribes for good: reconnects by itself until closed, and calls {@link Listener#anythingChanged} after each
     * subscription, so that nothing falls between the subscription and the list that follows it.
     */
    void subscribe(Listener listener);

    /**
     * Every container that runs or is paused.
     *
     * @throws PartlyReadException with the others, where some could not be read each by itself
     */
    List<Container> list() throws SourceException;

    /** @return the container, or empty when the engine says that there is none of this id */
    Optional<Container> find(String containerId) throws SourceException;

    /** @return each of these ids, in their order, as it was after {@link Listener#changed} told of it last, or is now */
    default SequencedMap<String, Optional<Container>> findAll(Collection<String> containerIds) throws SourceException {
        SequencedMap<String, Optional<Container>> found = new LinkedHashMap<>();
        for (String id : containerIds) {
            found.put(id, find(id));
        }
        return found;
    }

    @Override
    void close();
}
