package dev.muster.registry;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Releases in memory. An outage fails every call; of one that is cut short, only the answer is lost. */
public final class FakeReleases implements Releases {

    private final TreeMap<String, Release> standing = new TreeMap<>();
    private Optional<String> outage = Optional.empty();
    private Optional<String> lostAnswer = Optional.empty();
    private long revision = 1000;
    private int looks;

    @Override
    public long put(Release release) throws RegistryException {
        answer();
        revision++;
        standing.put(
                key(release),
                new Release(
                        release.service(),
                        release.provider(),
                        release.targets(),
                        release.by(),
                        release.at(),
                        revision));
        return revision;
    }

    @Override
    public List<Release> standing() throws RegistryException {
        looks++;
        answer();
        return List.copyOf(standing.values());
    }

    @Override
    public void end(Release release) throws RegistryException {
        answer();
        Release there = standing.get(key(release));
        if (there != null && there.revision() == release.revision() && lostAnswer.isEmpty()) {
            standing.remove(key(release));
        }
        if (lostAnswer.isPresent()) {
            throw new RegistryException(lostAnswer.get());
        }
    }

    /** From now on nothing answers; empty ends it. */
    public void outage(Optional<String> message) {
        outage = message;
    }

    /** From now on nothing can be ended, and nobody is told whether it was; empty ends it. */
    public void loseAnswers(Optional<String> message) {
        lostAnswer = message;
    }

    /** How often somebody asked what stands. */
    public int looks() {
        return looks;
    }

    private void answer() throws RegistryException {
        if (outage.isPresent()) {
            throw new RegistryException(outage.get());
        }
    }

    private static String key(Release release) {
        return release.service() + "/" + release.provider();
    }
}
