package dev.muster.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.config.EtcdConfig;
import dev.muster.config.EtcdSettings;
import dev.muster.config.Setting;
import dev.muster.config.UsageException;
import dev.muster.model.Catalog;
import dev.muster.model.InstanceId;
import dev.muster.registry.Progress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** {@code muster why}. */
final class WhyCommand implements Command {

    @Override
    public String name() {
        return "why";
    }

    @Override
    public String summary() {
        return "Tell how an instance came into service, or where a service is on its way to each load balancer and to DNS, "
                + "and what keeps it out or holds it; exit code 1 or 4 then";
    }

    @Override
    public Operands operands() {
        return new Operands("SERVICE[/INSTANCE]", 1, 2);
    }

    @Override
    public List<Setting<?>> settings() {
        return ReadSettings.and();
    }

    @Override
    public List<String> examples() {
        return List.of("muster why web/web01 --json", "muster why web", "muster why web web01");
    }

    @Override
    public int run(Invocation invocation) throws Exception {
        List<String> words = GetCommand.words(invocation.operands());
        Optional<InstanceId> id = words.size() < 2 ? Optional.empty() : Optional.of(id(words));
        String service = id.map(InstanceId::service).orElseGet(() -> SetCommand.service(words.getFirst()));
        EtcdConfig etcd = EtcdSettings.from(invocation.settings());
        Roles roles = invocation.roles().get();
        Catalog catalog = CatalogReading.once(roles, etcd);
        Journey journey;
        try (Progress progress = roles.progress(etcd)) {
            List<Progress.Watcher> watchers = progress.watchers();
            Journey.Evidence evidence = new Journey.Evidence(
                    catalog,
                    id.isPresent() && catalog.registrations().containsKey(id.get())
                            ? roles.publications(etcd).of(id.get())
                            : Optional.empty(),
                    progress.records(),
                    watchers,
                    progress.leadersOf(watchers),
                    id.isPresent() ? roles.roster(etcd).agents() : List.of(),
                    etcd.prefix(),
                    invocation.time().now());
            journey = id.isPresent() ? Journey.of(id.get(), evidence) : Journey.of(service, evidence);
        }
        Terminal terminal = invocation.terminal();
        if (invocation.settings().get(ReadSettings.JSON)) {
            terminal.out()
                    .println(json(journey, service, id.map(InstanceId::instance), catalog.revision())
                            .toPrettyString());
        } else {
            print(journey, terminal);
        }
        return journey.outcome().exitCode();
    }

    private static InstanceId id(List<String> words) {
        try {
            return new InstanceId(words.getFirst(), words.getLast());
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void print(Journey journey, Terminal terminal) {
        boolean well = journey.outcome() == Journey.Outcome.IN_SERVICE;
        terminal.out()
                .println(terminal.paint(
                        well ? Terminal.Style.GREEN : Terminal.Style.YELLOW,
                        journey.subject() + " " + journey.outcome().words()));
        if (!journey.steps().isEmpty()) {
            Table table = new Table("STEP", "TIME", "AFTER", "WHAT");
            Optional<Instant> before = Optional.empty();
            for (Journey.Step step : journey.steps()) {
                table.row(
                        Table.Cell.of(step.name()),
                        Table.Cell.of(step.at()
                                .map(at -> at.truncatedTo(ChronoUnit.MILLIS).toString())
                                .orElse("")),
                        Table.Cell.of(after(before, step.at())),
                        Table.Cell.of(step.what(), step.well() ? Terminal.Style.GREEN : Terminal.Style.YELLOW));
                before = before.or(step::at);
            }
            table.lines(terminal).forEach(terminal.out()::println);
        }
        journey.advice().forEach(line -> terminal.out().println("-> " + Terminal.safe(line)));
    }

    /** Since its first step; clocks of several machines may say that it was earlier. */
    private static String after(Optional<Instant> first, Optional<Instant> at) {
        if (first.isEmpty() || at.isEmpty()) {
            return "";
        }
        Duration after = Duration.between(first.get(), at.get());
        return after.compareTo(Duration.ofMinutes(2)) < 0
                ? "+" + after.toMillis() + " ms"
                : "+" + Age.of(first.get(), at.get());
    }

    private static ObjectNode json(Journey journey, String service, Optional<String> instance, long revision) {
        ObjectNode object = JsonNodeFactory.instance.objectNode().put("service", service);
        instance.ifPresent(id -> object.put("instance", id));
        object.put("revision", revision).put("outcome", journey.outcome().text());
        ArrayNode steps = object.putArray("steps");
        journey.steps()
                .forEach(step -> steps.addObject()
                        .put("step", step.name())
                        .put("at", step.at().map(Instant::toString).orElse(null))
                        .put("well", step.well())
                        .put("what", step.what()));
        ArrayNode advice = object.putArray("advice");
        journey.advice().forEach(advice::add);
        return object;
    }
}
