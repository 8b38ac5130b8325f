package dev.muster.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.config.Durations;
import dev.muster.config.EtcdConfig;
import dev.muster.config.EtcdSettings;
import dev.muster.config.ReleaseSettings;
import dev.muster.config.Setting;
import dev.muster.model.Name;
import dev.muster.model.Target;
import dev.muster.plan.Hold;
import dev.muster.reconcile.Signal;
import dev.muster.registry.Applied;
import dev.muster.registry.Progress;
import dev.muster.registry.RegistryException;
import dev.muster.registry.Release;
import dev.muster.registry.UnansweredException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** {@code muster release}. */
final class ReleaseCommand implements Command {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    /** One removal that a watcher holds, and whether it still does. */
    private record Held(Applied record, Hold hold) {}

    @Override
    public String name() {
        return "release";
    }

    @Override
    public String summary() {
        return "Let go, once, what the guard holds of a service at this moment; exit code 4 when it is held all the same";
    }

    @Override
    public Operands operands() {
        return new Operands("SERVICE", 1, 1);
    }

    @Override
    public List<Setting<?>> settings() {
        return ReadSettings.and(ReleaseSettings.all().toArray(Setting<?>[]::new));
    }

    @Override
    public List<String> examples() {
        return List.of("muster release web --provider haproxy --wait 30s", "muster release web");
    }

    @Override
    public int run(Invocation invocation) throws Exception {
        String service = SetCommand.service(invocation.operands().getFirst());
        Optional<List<String>> providers = invocation.settings().find(ReleaseSettings.PROVIDER);
        EtcdConfig etcd = EtcdSettings.from(invocation.settings());
        Roles roles = invocation.roles().get();
        try (Progress progress = roles.progress(etcd)) {
            List<Held> anywhere = held(progress, service);
            List<Held> held = anywhere.stream()
                    .filter(one -> providers.isEmpty()
                            || providers.get().contains(one.record().provider()))
                    .toList();
            if (held.isEmpty()) {
                throw new RegistryException(nothing(service, providers, anywhere));
            }
            SortedMap<String, SortedSet<Target>> targets = new TreeMap<>();
            held.forEach(one -> targets.computeIfAbsent(one.record().provider(), key -> new TreeSet<>())
                    .add(one.hold().target()));
            String by = ReleaseSettings.by(invocation.settings());
            List<Held> left;
            try {
                for (var one : targets.entrySet()) {
                    roles.releases(etcd)
                            .put(new Release(
                                    service,
                                    one.getKey(),
                                    one.getValue(),
                                    by,
                                    invocation.time().now(),
                                    0));
                }
                left = await(invocation, progress, held, service);
            } catch (UnansweredException e) {
                return Unanswered.tell(invocation, e, "muster plan " + service);
            }
            print(invocation, held, left);
            return code(invocation, progress, left);
        }
    }

    private static String nothing(String service, Optional<List<String>> providers, List<Held> anywhere) {
        String where = providers.map(names -> " at " + String.join(", ", names)).orElse("");
        String elsewhere = anywhere.stream()
                .map(one -> one.record().provider())
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return "nothing of '%s' is held%s, %s"
                .formatted(
                        Name.printable(service),
                        where,
                        elsewhere.isEmpty() ? "so there is nothing to release" : "but at " + elsewhere);
    }

    private static List<Held> held(Progress progress, String service) throws RegistryException {
        List<Held> held = new ArrayList<>();
        for (Applied record : progress.records()) {
            if (record.service().equals(service)) {
                record.held().forEach(hold -> held.add(new Held(record, hold)));
            }
        }
        return held;
    }

    /** Until none of it is held any more, or the time is over. @return what still is */
    private static List<Held> await(Invocation invocation, Progress progress, List<Held> released, String service)
            throws RegistryException, InterruptedException {
        Duration patience = invocation.settings().get(ReleaseSettings.WAIT);
        long began = invocation.time().nanos();
        Signal pause = new Signal();
        while (true) {
            List<Held> now = stillHeld(progress, service);
            List<Held> left = released.stream()
                    .filter(one -> now.stream().anyMatch(still -> sameHold(one, still)))
                    .toList();
            if (left.isEmpty() || invocation.time().elapsed(began).compareTo(patience) >= 0) {
                return left;
            }
            pause.await(BETWEEN_LOOKS);
        }
    }

    /** Where that cannot be read, the release stands all the same, and may have been obeyed. */
    private static List<Held> stillHeld(Progress progress, String service) throws UnansweredException {
        try {
            return held(progress, service);
        } catch (RegistryException e) {
            throw new UnansweredException(new RegistryException("the release is written; " + e.getMessage(), e));
        }
    }

    private static boolean sameHold(Held one, Held other) {
        return one.record().watcher().equals(other.record().watcher())
                && one.record().provider().equals(other.record().provider())
                && one.hold().target().equals(other.hold().target());
    }

    /** Held all the same, where the watcher is there; waited in vain, where it is not. */
    private static int code(Invocation invocation, Progress progress, List<Held> left) throws RegistryException {
        if (left.isEmpty()) {
            return ExitCode.DONE;
        }
        Set<String> present = Progress.names(progress.watchers());
        boolean answered =
                left.stream().allMatch(one -> present.contains(one.record().watcher()));
        invocation
                .terminal()
                .err()
                .println(
                        "muster: %d still held after %s; %s"
                                .formatted(
                                        left.size(),
                                        Durations.format(invocation.settings().get(ReleaseSettings.WAIT)),
                                        answered
                                                ? "the release stands for the rest of its 10m, 'muster plan' says why it is held"
                                                : "a watcher that holds some of it is gone; start it again, or forget its record"));
        return answered ? ExitCode.HELD : ExitCode.WAITED;
    }

    private static void print(Invocation invocation, List<Held> held, List<Held> left) {
        Terminal terminal = invocation.terminal();
        if (invocation.settings().get(ReadSettings.JSON)) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            ArrayNode array = object.putArray("released");
            for (Held one : held) {
                array.addObject()
                        .put("service", one.record().service())
                        .put("provider", one.record().provider())
                        .put("watcher", one.record().watcher())
                        .put("instance", one.hold().instance().instance())
                        .put("target", one.hold().target().toString())
                        .put("gone", !left.contains(one));
            }
            terminal.out().println(object.toPrettyString());
            return;
        }
        Table table = new Table("INSTANCE", "TARGET", "PROVIDER", "WATCHER", "STATUS");
        for (Held one : held) {
            boolean gone = !left.contains(one);
            table.row(
                    Table.Cell.of(one.hold().instance().instance()),
                    Table.Cell.of(one.hold().target().toString()),
                    Table.Cell.of(one.record().provider()),
                    Table.Cell.of(one.record().watcher()),
                    Table.Cell.of(
                            gone ? "gone" : "still held: " + one.hold().why(),
                            gone ? Terminal.Style.GREEN : Terminal.Style.YELLOW));
        }
        table.lines(terminal).forEach(terminal.out()::println);
    }
}
