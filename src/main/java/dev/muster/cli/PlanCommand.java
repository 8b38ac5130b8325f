package dev.muster.cli;

import dev.muster.config.EtcdConfig;
import dev.muster.config.EtcdSettings;
import dev.muster.config.Setting;
import dev.muster.config.WatcherConfig;
import dev.muster.config.WatcherSettings;
import dev.muster.model.Catalog;
import dev.muster.registry.Progress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code muster plan}. */
final class PlanCommand implements Command {

    private static final Setting<Boolean> LIVE = Setting.flag(
            "live",
            "look at the targets themselves, by the flags of a watcher; nothing is changed, nobody is asked to");

    @Override
    public String name() {
        return "plan";
    }

    @Override
    public String summary() {
        return "Show what is not yet in load balancers and DNS as etcd has it, and why, by the watchers' own records; "
                + "with --live by a look at the targets, AWS included, as a watcher with these flags would change them; "
                + "exit code 10 when anything is not";
    }

    @Override
    public Operands operands() {
        return new Operands("[SERVICE]", 0, 1);
    }

    @Override
    public List<Setting<?>> settings() {
        Map<String, Setting<?>> all = new LinkedHashMap<>();
        ReadSettings.and(LIVE).forEach(setting -> all.put(setting.name(), setting));
        WatcherSettings.planned().forEach(setting -> all.putIfAbsent(setting.name(), setting));
        return List.copyOf(all.values());
    }

    @Override
    public List<String> examples() {
        return List.of(
                "muster plan web",
                "muster plan --live --provider route53 --route53-zones example.com",
                "muster plan --json");
    }

    @Override
    public int run(Invocation invocation) throws Exception {
        if (invocation.settings().get(LIVE)) {
            return live(invocation);
        }
        EtcdConfig etcd = EtcdSettings.from(invocation.settings());
        Roles roles = invocation.roles().get();
        Optional<String> service = invocation.operands().stream().findFirst();
        Catalog catalog = CatalogReading.once(roles, etcd);
        PlanReport report;
        List<Progress.Leader> leaders;
        try (Progress progress = roles.progress(etcd)) {
            List<Progress.Watcher> watchers = progress.watchers();
            leaders = progress.leadersOf(watchers);
            report = PlanReport.of(
                    catalog,
                    progress.records(),
                    watchers,
                    service,
                    invocation.time().now());
        }
        Terminal terminal = invocation.terminal();
        if (invocation.settings().get(ReadSettings.JSON)) {
            terminal.out()
                    .println(PlanJson.of(report, leaders, catalog.revision()).toPrettyString());
        } else {
            print(report, leaders, terminal);
        }
        return report.inStep() ? ExitCode.DONE : ExitCode.CHANGES;
    }

    private static int live(Invocation invocation) throws Exception {
        WatcherConfig config = WatcherSettings.from(invocation.settings(), invocation.environment());
        Optional<String> service = invocation.operands().stream().findFirst();
        Rehearsal found = invocation.roles().get().rehearse(config).about(service);
        Terminal terminal = invocation.terminal();
        if (invocation.settings().get(ReadSettings.JSON)) {
            terminal.out().println(LivePlan.json(found).toPrettyString());
        } else {
            LivePlan.lines(found).forEach(line -> print(terminal, line.kind(), line.text()));
        }
        if (found.unfinished().isPresent()) {
            terminal.err()
                    .println("muster: not looked at to the end: "
                            + Terminal.safe(found.unfinished().get()));
            return ExitCode.WAITED;
        }
        return found.inStep() ? ExitCode.DONE : ExitCode.CHANGES;
    }

    private static void print(PlanReport report, List<Progress.Leader> leaders, Terminal terminal) {
        if (report.watchers() == 0) {
            terminal.err().println("no watcher is running, so nothing changes any load balancer");
        }
        Table table = new Table("SERVICE", "PROVIDER", "WATCHER", "TARGETS", "REVISION", "STATUS");
        for (TargetReport target : report.targets()) {
            table.row(
                    Table.Cell.of(target.record().service()),
                    Table.Cell.of(target.record().provider()),
                    Table.Cell.of(target.record().watcher()),
                    Table.Cell.of(String.valueOf(target.record().targets().size())),
                    Table.Cell.of(String.valueOf(target.record().revision())),
                    Table.Cell.of(target.status(), target.inStep() ? Terminal.Style.GREEN : Terminal.Style.YELLOW));
        }
        table.lines(terminal).forEach(terminal.out()::println);
        leaders.forEach(leader -> terminal.out()
                .println("group %s is led by watcher %s".formatted(leader.group(), Terminal.safe(leader.watcher()))));
        report.troubles()
                .forEach((where, trouble) -> terminal.out()
                        .println(Terminal.safe("%s cannot be brought in step: %s".formatted(where, trouble))));
        for (TargetReport target : report.targets()) {
            for (Difference difference : target.differences()) {
                print(
                        terminal,
                        difference.kind(),
                        "%s/%s by %s: %s, %s"
                                .formatted(
                                        target.record().service(),
                                        target.record().provider(),
                                        target.record().watcher(),
                                        difference.subject(),
                                        difference.why()));
            }
        }
        report.unserved()
                .forEach(service -> print(
                        terminal, Difference.Kind.ADD, service + ": no watcher has brought it to any load balancer"));
    }

    private static void print(Terminal terminal, Difference.Kind kind, String text) {
        String line = kind.sign() + " " + Terminal.safe(text);
        terminal.out().println(terminal.paint(kind.style(), line));
    }
}
