package dev.muster.provider.haproxy;

import dev.muster.provider.ProviderException;
import dev.muster.provider.haproxy.HaproxyFile.Rendered;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The servers of the worker that runs: changed without a reload, and looked at again afterwards. */
final class Servers {

    private final HaproxyFile file;
    private final LiveFile live;
    private final HaproxyProcess process;

    Servers(HaproxyFile file, LiveFile live, HaproxyProcess process) {
        this.file = file;
        this.live = live;
        this.process = process;
    }

    /** Deletes servers that nobody wants any more and whose last request is done: whether there was any. */
    boolean retire(Running running, HaproxyModel model) throws ProviderException {
        return retire(running.runtime(), changes(model, running.servers()).leaving());
    }

    /**
     * What the worker, asked anew, does not do as it was told; everything else is as it should be.
     *
     * @param services by service, in words
     * @param rows the servers that there are
     */
    record Left(SortedMap<String, String> services, List<ServerRow> rows) {
        static final Left NOTHING = new Left(new TreeMap<>(), List.of());
    }

    /**
     * The new file is written beside the old one, the worker is told, and then the file is made durable and renamed: a disk
     * takes longer than HAProxy, and no request waits for it. Whoever reloads HAProxy in between is found out at the end.
     *
     * @throws ProviderException when the worker cannot be asked anew, or is another one by then
     */
    Left enforce(Running running, HaproxyModel model) throws ProviderException {
        boolean drafted = draft(running, model);
        ServerChanges changes = changes(model, running.servers());
        String said = running.runtime().run(changes.commands());
        if (drafted) {
            live.publish();
        }
        Left left = changes.commands().isEmpty() ? Left.NOTHING : left(running, model, said);
        retire(running.runtime(), changes.leaving());
        return left;
    }

    /** Brings server lines that somebody edited back to what was decided. */
    void writeFile(Running running, HaproxyModel model) throws ProviderException {
        if (draft(running, model)) {
            live.publish();
        }
    }

    /** Server lines cannot fail a check that their structure has passed; another structure is not this class's to write. */
    private boolean draft(Running running, HaproxyModel model) throws ProviderException {
        Rendered rendered = file.render(model);
        if (!rendered.structure().equals(running.structure()) || live.read().equals(Optional.of(rendered.text()))) {
            return false;
        }
        live.draft(rendered.text());
        return true;
    }

    private Left left(Running asked, HaproxyModel model, String said) throws ProviderException {
        Running now = process.find().orElseThrow(() -> new ProviderException("HAProxy ended while it was changed"));
        SortedMap<String, List<String>> differing =
                changes(model, now.servers()).differing();
        if (!differing.isEmpty() && now.workers().current() != asked.workers().current()) {
            throw new ProviderException("HAProxy was reloaded while it was changed: %s"
                    .formatted(differing.firstEntry().getValue().getFirst()));
        }
        SortedMap<String, String> left = new TreeMap<>();
        differing.forEach((service, words) -> left.put(
                service,
                "HAProxy did not take %d server changes: %s (it said: %s)"
                        .formatted(words.size(), words.getFirst(), Answers.shortened(said))));
        return new Left(left, now.servers());
    }

    private ServerChanges changes(HaproxyModel model, List<ServerRow> rows) {
        return ServerChanges.between(model.services().keySet(), file.servers(model), rows);
    }

    /** Deletes those whose last request is done; the others go on draining until a later look. */
    private static boolean retire(HaproxyRuntime runtime, List<ServerRow> leaving) throws ProviderException {
        Map<String, List<ServerRow>> byBackend = new LinkedHashMap<>();
        leaving.forEach(row -> byBackend
                .computeIfAbsent(row.backend(), any -> new ArrayList<>())
                .add(row));
        List<String> commands = new ArrayList<>();
        for (Map.Entry<String, List<ServerRow>> backend : byBackend.entrySet()) {
            Map<String, Integer> connections = runtime.connections(backend.getKey());
            for (ServerRow row : backend.getValue()) {
                if (connections.getOrDefault(row.path(), 0) == 0) {
                    commands.add("set server %s state maint".formatted(row.path()));
                    commands.add("del server " + row.path());
                }
            }
        }
        // A refusal means that a request slipped in: it goes on, and the next look deletes.
        runtime.run(commands);
        return !commands.isEmpty();
    }
}
