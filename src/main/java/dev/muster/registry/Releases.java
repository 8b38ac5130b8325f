package dev.muster.registry;

import java.util.List;

/** What people let go that the guard holds. Every watcher that holds some of it obeys it once; the last one ends it. */
public interface Releases {

    /**
     * Says it, in place of one that stands for the same service and provider; it ends by itself after {@link Release#LIFE}.
     *
     * @return the revision at which it was written
     * @throws UnansweredException where it may be written all the same
     */
    long put(Release release) throws RegistryException;

    /** Those that stand. */
    List<Release> standing() throws RegistryException;

    /** Ends it, unless another one has taken its place. */
    void end(Release release) throws RegistryException;
}
