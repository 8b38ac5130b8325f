package dev.muster.provider.haproxy;

import dev.muster.plan.ServiceTargets;
import dev.muster.provider.ProviderException;
import dev.muster.provider.haproxy.HaproxyFile.Rendered;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** The servers of the worker that runs: changed without a reload, and looked at again afterwards. */
final class Servers {

    private final HaproxyFile file;
    private final LiveFile live;

    Servers(HaproxyFile file, LiveFile live) {
        this.file = file;
        this.live = live;
    }

    /** Services as they are served: the shape that the file gives them, and the servers that the worker has. */
    SortedMap<String, ServiceTargets> actual(Running running, HaproxyModel model) throws ProviderException {
        List<ServerRow> rows = running.runtime().servers();
        retire(running.runtime(), changes(model, rows).leaving());
        return model.asServed(rows);
    }

    /**
     * File first, so that whoever starts or reloads HAProxy from here on gets the same servers; then the running worker.
     *
     * @throws ProviderException when the worker, asked anew, is not what it should be
     */
    void enforce(Running running, HaproxyModel model) throws ProviderException {
        writeFile(running, model);
        HaproxyRuntime runtime = running.runtime();
        ServerChanges changes = changes(model, runtime.servers());
        if (!changes.commands().isEmpty()) {
            String said = runtime.run(changes.commands());
            List<String> left = changes(model, runtime.servers()).differing();
            if (!left.isEmpty()) {
                throw new ProviderException("HAProxy did not take %d of %d server changes: %s (it said: %s)"
                        .formatted(left.size(), changes.differing().size(), left.getFirst(), Answers.shortened(said)));
            }
        }
        retire(runtime, changes.leaving());
    }

    /** Server lines cannot fail a check that their structure has passed; another structure is not this class's to write. */
    void writeFile(Running running, HaproxyModel model) throws ProviderException {
        Rendered rendered = file.render(model);
        if (rendered.structure().equals(running.structure()) && !live.read().equals(Optional.of(rendered.text()))) {
            live.replace(rendered.text());
        }
    }

    private static ServerChanges changes(HaproxyModel model, List<ServerRow> rows) {
        return ServerChanges.between(model.services().keySet(), model.servers(), rows);
    }

    /** Deletes those whose last request is done; the others go on draining until a later look. */
    private static void retire(HaproxyRuntime runtime, List<ServerRow> leaving) throws ProviderException {
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
        if (commands.isEmpty()) {
            return;
        }
        // A refusal means that a request slipped in: it goes on, and the next look deletes.
        runtime.run(commands);
    }
}
