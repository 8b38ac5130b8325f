package dev.muster.cli;

import dev.muster.model.InstanceId;
import dev.muster.model.Registration;
import dev.muster.reconcile.Time;
import dev.muster.registry.CatalogFeed;
import dev.muster.registry.RegistryException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The list, kept in step: a picture on a terminal, else a line for each change. */
final class ListWatch {

    /** Ages grow by the second. */
    private static final Duration REDRAW = Duration.ofSeconds(1);

    private final CatalogReading reading;
    private final Optional<String> service;
    private final boolean json;
    private final Terminal terminal;
    private final Time time;
    private final Map<InstanceId, String> told = new HashMap<>();
    private boolean synced = true;
    private long revision = -1;

    ListWatch(CatalogReading reading, Optional<String> service, boolean json, Terminal terminal, Time time) {
        this.reading = reading;
        this.service = service;
        this.json = json;
        this.terminal = terminal;
        this.time = time;
    }

    int run(Stop stop) throws RegistryException, InterruptedException {
        stop.onRequest(reading.changed()::wake);
        while (!stop.requested()) {
            CatalogFeed.View view = reading.first();
            if (json) {
                writeJson(view);
            } else if (terminal.screen()) {
                draw(view);
            } else {
                writeLines(view);
            }
            terminal.out().flush();
            reading.changed().await(REDRAW);
        }
        return ExitCode.DONE;
    }

    private void draw(CatalogFeed.View view) {
        terminal.clear();
        ListCommand.table(ListCommand.shown(view.catalog(), service), time.now())
                .lines(terminal)
                .forEach(terminal.out()::println);
        terminal.out().println();
        terminal.out()
                .println(
                        view.synced()
                                ? terminal.paint(
                                        Terminal.Style.FAINT,
                                        "revision " + view.catalog().revision())
                                : terminal.paint(
                                        Terminal.Style.RED, "etcd does not answer; this is what it said last"));
    }

    private void writeJson(CatalogFeed.View view) {
        if (view.catalog().revision() != revision) {
            revision = view.catalog().revision();
            terminal.out().println(ListCommand.json(view.catalog(), service));
        }
    }

    private void writeLines(CatalogFeed.View view) {
        Instant now = time.now();
        Map<InstanceId, String> left = new HashMap<>(told);
        List<String> lines = new ArrayList<>();
        for (Registration registration : ListCommand.shown(view.catalog(), service)) {
            String line = "%s at %s"
                    .formatted(
                            ListCommand.state(registration),
                            registration.instance().target());
            left.remove(registration.id());
            if (!line.equals(told.put(registration.id(), line))) {
                lines.add(now + " " + registration.id() + " " + line);
            }
        }
        for (InstanceId gone : left.keySet().stream().sorted().toList()) {
            told.remove(gone);
            lines.add(now + " " + gone + " gone");
        }
        if (view.synced() != synced) {
            synced = view.synced();
            lines.add(now + (synced ? " etcd answers again" : " etcd does not answer"));
        }
        lines.forEach(terminal.out()::println);
    }
}
