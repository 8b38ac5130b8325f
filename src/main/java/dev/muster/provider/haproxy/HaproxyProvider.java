package dev.muster.provider.haproxy;

import dev.muster.config.HaproxyConfig;
import dev.muster.model.Target;
import dev.muster.plan.Plan;
import dev.muster.plan.Refusal;
import dev.muster.plan.ServiceTargets;
import dev.muster.provider.Isolation;
import dev.muster.provider.Provider;
import dev.muster.provider.ProviderException;
import dev.muster.provider.Refusals;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One HAProxy. The file says what Muster last decided. Whatever else is found at a look, in the file or in the running
 * process (a change by hand, half of an apply that was killed, a fresh start), is brought back in line with it.
 *
 * <p>Servers change in the running worker. Structure (frontends, binds, routes, backends) needs a reload, one per apply.
 */
public final class HaproxyProvider implements Provider {

    private final String name;
    private final LiveFile file;
    private final HaproxyProcess process;
    private final PemFolder pems;
    private final CertificateFolder certificates;
    private final Structure structure;
    private final Servers servers;
    private final Notices notices = new Notices();
    private final Refusals refusals = new Refusals(true, System::nanoTime);
    private @Nullable HaproxyModel decided;

    private SortedMap<String, SortedSet<Target>> failing = new TreeMap<>();

    /** As the look before an apply found it, which a moment later need not ask again. */
    private Optional<Running> looked = Optional.empty();

    /**
     * @param name the word in flags, keys and metrics for what this one serves
     * @param tied whether an HAProxy that this provider starts ends with this process, even when that is killed
     * @param disturbed called from another thread when HAProxy has ended: look again
     */
    public HaproxyProvider(String name, HaproxyConfig config, boolean tied, Runnable disturbed) {
        this.name = name;
        HaproxySettings settings = HaproxySettings.of(config);
        HaproxyFile text = new HaproxyFile(settings);
        this.file = new LiveFile(config);
        this.process = new HaproxyProcess(config, file, tied, disturbed);
        this.pems = new PemFolder(settings.pemFolder());
        this.certificates = new CertificateFolder(config.certificates(), Clock.systemUTC());
        this.structure = new Structure(settings, text, file, process);
        this.servers = new Servers(text, file, process);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean synchronous() {
        return true;
    }

    @Override
    public SortedMap<String, ServiceTargets> actual() throws ProviderException {
        looked = Optional.empty();
        refusals.begin();
        HaproxyModel believed = believed();
        Running running;
        try {
            HaproxyModel wanted = shown(believed.refusingNothing(), believed);
            Structure.Served served = structure.enforce(process.find(), believed, wanted);
            running = served.running();
            servers.writeFile(running, served.model());
            decided = served.model();
            refused(wanted, served);
            notices.structure("");
        } catch (StructureException refused) {
            // What runs keeps its structure, and its servers are looked after all the same.
            running = process.find().orElseThrow(refused::trouble);
            decided = believed;
            notices.structure(String.valueOf(refused.getMessage()));
        }
        boolean retired = servers.retire(running, believed());
        looked = retired ? Optional.empty() : Optional.of(running);
        failing = believed().failing(running.servers());
        return believed().asServed(running.servers());
    }

    @Override
    public SortedMap<String, SortedSet<Target>> failing() {
        return failing;
    }

    @Override
    public SortedMap<String, ServiceTargets> look() throws ProviderException {
        List<ServerRow> rows = servers();
        return read(rows).asServed(rows);
    }

    @Override
    public void apply(Plan plan) throws ProviderException {
        notices.unservable(plan.desired());
        HaproxyModel before = believed();
        HaproxyModel wanted = shown(HaproxyModel.of(plan.desired()), before);
        try {
            Structure.Served served = structure.enforce(lookedAt(), before, wanted);
            decided = served.model();
            refused(wanted, served);
            notices.routes(served.lost(), served.model().refusedPorts());
            Servers.Left left = servers.enforce(served.running(), served.model());
            refused(plan.desired(), served.model(), left);
        } catch (StructureException refused) {
            applyWithin(before.withTargetsOf(wanted), refused.trouble());
            throw refused.trouble();
        }
    }

    private void refused(HaproxyModel wanted, Structure.Served served) {
        refusals.add(wanted.services(), new Isolation.Found(served.model().services(), served.refused()));
    }

    /** Single servers that were not taken: their services are as they are there, and tried again at the next look. */
    private void refused(SortedMap<String, ServiceTargets> desired, HaproxyModel model, Servers.Left left) {
        if (left.services().isEmpty()) {
            return;
        }
        SortedMap<String, ServiceTargets> there = model.asServed(left.rows());
        left.services()
                .forEach((service, words) -> refusals.addTargets(
                        Optional.ofNullable(desired.get(service)),
                        Objects.requireNonNull(there.get(service), service),
                        words));
    }

    @Override
    public SortedMap<String, ServiceTargets> possible(SortedMap<String, ServiceTargets> desired) {
        return refusals.possible(desired);
    }

    @Override
    public SortedMap<String, Refusal> refusals() {
        return refusals.told();
    }

    /** With the certificates that the person's folder has now. */
    private HaproxyModel shown(HaproxyModel model, HaproxyModel before) {
        CertificateFolder.Found found = certificates.read(before.certificates());
        notices.certificates(found.faults());
        return model.showing(found.certificates());
    }

    private Optional<Running> lookedAt() throws ProviderException {
        Optional<Running> found = looked;
        looked = Optional.empty();
        return found.isPresent() ? found : process.find();
    }

    /** One bad route or snippet keeps the structure as it was, and must not keep servers from coming and going. */
    private void applyWithin(HaproxyModel possible, ProviderException trouble) throws ProviderException {
        Running running = process.find().orElseThrow(() -> trouble);
        decided = possible;
        try {
            servers.enforce(running, possible);
        } catch (ProviderException also) {
            trouble.addSuppressed(also);
        }
    }

    /** What was decided last: remembered, or at the first look read from the file and from what runs. */
    private HaproxyModel believed() throws ProviderException {
        HaproxyModel known = decided;
        if (known != null) {
            return known;
        }
        structure.clean();
        return read(servers());
    }

    private List<ServerRow> servers() throws ProviderException {
        Optional<Running> running = process.find();
        return running.isPresent() ? running.get().servers() : List.of();
    }

    /** A server that the file lost while nobody looked still has traffic: it counts until a plan removes it. */
    private HaproxyModel read(List<ServerRow> rows) throws ProviderException {
        return HaproxyFileReader.read(file.read().orElse(""), pems::read)
                .orElse(HaproxyModel.EMPTY)
                .withServing(rows);
    }

    @Override
    public SortedMap<String, SortedMap<Target, Integer>> inFlight(SortedMap<String, SortedSet<Target>> targets)
            throws ProviderException {
        return process.inFlight(targets);
    }

    @Override
    public void close() {
        process.close();
    }
}
