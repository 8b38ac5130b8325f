package dev.muster.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.config.EtcdConfig;
import dev.muster.config.EtcdSettings;
import dev.muster.config.Setting;
import dev.muster.config.UsageException;
import dev.muster.model.Catalog;
import dev.muster.model.Registration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code muster ls}. */
final class ListCommand implements Command {

    private static final Setting<Boolean> WATCH =
            Setting.flag("watch", "go on until Ctrl-C: redraw on a terminal, else a line for each change");

    private static final Setting<Boolean> REJECTED =
            Setting.flag("rejected", "list what is set aside instead, and why: keys that nobody can understand");

    @Override
    public String name() {
        return "ls";
    }

    @Override
    public String summary() {
        return "List the instances that are registered";
    }

    @Override
    public Operands operands() {
        return new Operands("[SERVICE]", 0, 1);
    }

    @Override
    public List<Setting<?>> settings() {
        return ReadSettings.and(WATCH, REJECTED);
    }

    @Override
    public List<String> examples() {
        return List.of("muster ls web --watch", "muster ls --json", "muster ls --rejected");
    }

    @Override
    public int run(Invocation invocation) throws Exception {
        EtcdConfig etcd = EtcdSettings.from(invocation.settings());
        Optional<String> service = invocation.operands().stream().findFirst();
        boolean json = invocation.settings().get(ReadSettings.JSON);
        Terminal terminal = invocation.terminal();
        Roles roles = invocation.roles().get();
        boolean rejected = invocation.settings().get(REJECTED);
        if (rejected && (service.isPresent() || invocation.settings().get(WATCH))) {
            throw new UsageException("--rejected lists all that is set aside, once: without SERVICE and --watch");
        }
        if (invocation.settings().get(WATCH)) {
            try (CatalogReading reading = CatalogReading.begin(roles, etcd)) {
                return new ListWatch(reading, service, json, terminal, invocation.time()).run(invocation.stop());
            }
        }
        Catalog catalog = CatalogReading.once(roles, etcd);
        if (rejected) {
            RejectedList list = new RejectedList(catalog);
            (json ? Stream.of(list.json().toPrettyString()) : list.lines(terminal).stream())
                    .forEach(terminal.out()::println);
        } else if (json) {
            terminal.out().println(json(catalog, service).toPrettyString());
        } else {
            table(shown(catalog, service), invocation.time().now())
                    .lines(terminal)
                    .forEach(terminal.out()::println);
        }
        return ExitCode.DONE;
    }

    static Collection<Registration> shown(Catalog catalog, Optional<String> service) {
        return service.map(catalog::of).orElse(catalog.registrations()).values();
    }

    static ObjectNode json(Catalog catalog, Optional<String> service) {
        ObjectNode object = JsonNodeFactory.instance.objectNode().put("revision", catalog.revision());
        object.set("instances", RegistrationJson.of(shown(catalog, service)));
        return object;
    }

    static Table table(Collection<Registration> registrations, Instant now) {
        Table table = new Table("SERVICE", "INSTANCE", "STATE", "ADDRESS", "PORT", "OWNER", "IMAGE", "AGE");
        for (Registration registration : registrations) {
            table.row(
                    Table.Cell.of(registration.id().service()),
                    Table.Cell.of(registration.id().instance()),
                    Table.Cell.of(state(registration), style(registration)),
                    Table.Cell.of(registration.instance().addresses().preferred()),
                    Table.Cell.of(String.valueOf(registration.instance().port())),
                    Table.Cell.of(registration.owner()),
                    Table.Cell.of(registration.instance().image()),
                    Table.Cell.of(Age.of(registration.instance().run().startedAt(), now)));
        }
        return table;
    }

    static String state(Registration registration) {
        String state = registration.state().text();
        return registration.reason().isEmpty() ? state : state + " (" + registration.reason() + ")";
    }

    private static Terminal.Style style(Registration registration) {
        return switch (registration.state()) {
            case UP -> Terminal.Style.GREEN;
            case DOWN -> Terminal.Style.RED;
            case DRAINING -> Terminal.Style.YELLOW;
        };
    }
}
