package dev.muster.provider.haproxy;

import dev.muster.provider.Isolation;
import dev.muster.provider.ProviderException;
import dev.muster.provider.haproxy.HaproxyFile.Rendered;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Frontends, binds, routes and backends: what only a start or a reload can change. */
final class Structure {

    private final HaproxySettings settings;
    private final HaproxyFile file;
    private final LiveFile live;
    private final HaproxyProcess process;
    private final PemFolder pems;
    private final StateFile state;

    /** Whether HAProxy may have loaded a file of the folder of certificates that was not what it should have been. */
    private boolean spoiled;

    Structure(HaproxySettings settings, HaproxyFile file, LiveFile live, HaproxyProcess process) {
        this.settings = settings;
        this.file = file;
        this.live = live;
        this.process = process;
        this.pems = new PemFolder(settings.pemFolder());
        this.state = new StateFile(settings.stateFile());
    }

    /**
     * @param model what was wanted, without the ports that another program has, and with what is refused as it was
     * @param lost routes that were claimed and not given
     * @param refused by service, why it is not as it was wanted
     */
    record Served(Running running, HaproxyModel model, List<String> lost, SortedMap<String, String> refused) {}

    /** Removes what a killed process left half done. */
    void clean() throws ProviderException {
        live.discardDraft();
        state.empty();
    }

    /**
     * @param before what runs now, if anything runs
     * @throws StructureException when it could not be had, and no service is at fault; file and process are as they were
     */
    Served enforce(Optional<Running> running, HaproxyModel before, HaproxyModel wanted)
            throws StructureException, ProviderException {
        Optional<String> old = live.read();
        Rendered rendered = put(wanted);
        if (isLoaded(running, old, rendered)) {
            return new Served(running.get(), wanted, rendered.lost(), new TreeMap<>());
        }
        HaproxyModel possible = wanted.refusing(taken(running.isPresent() ? before : HaproxyModel.EMPTY, wanted));
        try {
            return serve(running, old, possible, new TreeMap<>());
        } catch (ProviderException e) {
            return withoutCulprits(running, before, possible, e);
        }
    }

    /** One service that HAProxy refuses must not keep the others waiting. */
    private Served withoutCulprits(
            Optional<Running> running, HaproxyModel before, HaproxyModel wanted, ProviderException trouble)
            throws StructureException {
        try {
            Isolation.Trial trial = services -> objection(wanted.with(services));
            Optional<Isolation.Found> found = Isolation.find(
                    wanted.services(), before.withTargetsOf(wanted).services(), trial);
            if (found.isEmpty() && running.isEmpty()) {
                // Nothing serves that would have to stay as it is, so that any may be left out: after an update of
                // HAProxy.
                found = Isolation.find(wanted.services(), new TreeMap<>(), trial);
            }
            if (found.isPresent()) {
                HaproxyModel rest = wanted.with(found.get().accepted());
                return serve(running, live.read(), rest, found.get().refused());
            }
        } catch (ProviderException also) {
            trouble.addSuppressed(also);
        }
        throw new StructureException(trouble);
    }

    private Optional<Isolation.Objection> objection(HaproxyModel model) throws ProviderException {
        Rendered rendered = put(model);
        return live.trial(rendered.text()).map(said -> Blame.of(said, rendered.text(), live.path()));
    }

    private Served serve(
            Optional<Running> running, Optional<String> old, HaproxyModel model, SortedMap<String, String> refused)
            throws ProviderException {
        Rendered rendered = put(model);
        Running now = isLoaded(running, old, rendered) ? running.get() : load(running, old, model, rendered);
        return new Served(now, model, rendered.lost(), refused);
    }

    /** With the files that it names. */
    private Rendered put(HaproxyModel model) throws ProviderException {
        Rendered rendered = file.render(model);
        spoiled |= pems.put(rendered.files());
        return rendered;
    }

    /** A file that was edited may have been loaded since, whatever structure it names. */
    private boolean isLoaded(Optional<Running> running, Optional<String> old, Rendered rendered) {
        return !spoiled
                && running.isPresent()
                && running.get().structure().equals(rendered.structure())
                && old.isPresent()
                && HaproxyFileReader.withoutServers(old.get())
                        .equals(HaproxyFileReader.withoutServers(rendered.text()));
    }

    private Running load(Optional<Running> running, Optional<String> old, HaproxyModel wanted, Rendered rendered)
            throws ProviderException {
        if (old.isPresent() && !HaproxyFileReader.isOurs(old.get())) {
            live.takeOver(old.get());
        }
        if (old.isEmpty() || !old.get().equals(rendered.text())) {
            live.replaceChecked(rendered.text());
        }
        Running now = running.isPresent() ? reload(running.get(), wanted, old) : process.start();
        if (!now.structure().equals(rendered.structure())) {
            throw new ProviderException(
                    "HAProxy (process %d) has not loaded %s: start it with -f %s, and let no snippet set 'description'"
                            .formatted(now.workers().master(), live.path(), live.path()));
        }
        spoiled = false;
        pems.keepOnly(rendered.files().keySet());
        return now;
    }

    /** Servers keep their health over it, and those that drain go on draining. */
    private Running reload(Running running, HaproxyModel wanted, Optional<String> old) throws ProviderException {
        Map<String, Server> servers = new HashMap<>();
        file.servers(wanted).forEach(server -> servers.put(server.path(), server));
        state.fill(running.servers(), servers);
        try {
            return process.reload(running.workers());
        } catch (ProviderException kept) {
            if (old.isPresent() && HaproxyFileReader.isOurs(old.get())) {
                live.replace(old.get());
            }
            throw kept;
        } finally {
            state.empty();
        }
    }

    /** Ports that are wanted newly and that somebody else has: one of them would make the whole reload fail. */
    private SortedSet<Integer> taken(HaproxyModel before, HaproxyModel wanted) {
        SortedSet<Integer> taken = new TreeSet<>(ports(wanted.refusingNothing()));
        taken.removeAll(ports(before));
        taken.removeIf(port -> Ports.free(settings.addresses(), port));
        return taken;
    }

    private SortedSet<Integer> ports(HaproxyModel model) {
        Routing routing = Routing.of(model.services(), settings.ports(), model.refusedPorts());
        SortedSet<Integer> ports = new TreeSet<>(routing.http().keySet());
        ports.addAll(routing.tcp().keySet());
        ports.remove(Routing.MAIN);
        if (model.hasCertificate()) {
            ports.addAll(settings.tlsPorts());
            ports.removeAll(model.refusedPorts());
        }
        return ports;
    }
}
