package dev.muster.cli;

import dev.muster.model.Catalog;
import dev.muster.model.InstanceId;
import dev.muster.registry.Applied;
import dev.muster.registry.Progress;
import dev.muster.registry.Publications.Publication;
import dev.muster.registry.Roster;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How one instance, or a whole service, has come to where it is, or what keeps it: by the registry and by the watchers' own records.
 *
 * @param subject {@code SERVICE/INSTANCE}, or a service
 * @param outcome in one word
 * @param steps in the order in which an instance takes them
 * @param advice what a person can do; empty where nothing needs doing
 */
record Journey(String subject, Outcome outcome, List<Step> steps, List<String> advice) {

    /** How it ends. */
    enum Outcome {
        IN_SERVICE("is in service"),
        WAITING("is registered and not in service yet"),
        OUT_OF_SERVICE("is registered and gets no traffic"),
        HELD("is not registered any more, and the guard holds it in service"),
        LEFT("has left"),
        UNKNOWN("is not known");

        private final String words;

        Outcome(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        int exitCode() {
            return switch (this) {
                case IN_SERVICE -> ExitCode.DONE;
                case HELD -> ExitCode.HELD;
                case WAITING, OUT_OF_SERVICE, LEFT, UNKNOWN -> ExitCode.FAILED;
            };
        }
    }

    /**
     * @param name {@code started}, {@code healthy}, {@code published}, or a provider's and a watcher's name
     * @param at when it was taken, where that is known
     * @param well whether nothing is wrong with it
     */
    record Step(String name, Optional<Instant> at, boolean well, String what) {}

    /**
     * What is known when somebody asks.
     *
     * @param publication how it stands in the registry
     * @param prefix where services stand there
     */
    record Evidence(
            Catalog catalog,
            Optional<Publication> publication,
            List<Applied> records,
            List<Progress.Watcher> watchers,
            List<Progress.Leader> leaders,
            List<Roster.Agent> agents,
            String prefix,
            Instant now) {}

    static Journey of(InstanceId id, Evidence evidence) {
        return new JourneyTelling(id, evidence).tell();
    }

    /** The same of all of a service. */
    static Journey of(String service, Evidence evidence) {
        return new ServiceTelling(service, evidence).tell();
    }
}
