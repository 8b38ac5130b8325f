package dev.muster.cli;

import dev.muster.config.DoctorSettings;
import dev.muster.config.Setting;
import dev.muster.doctor.Area;
import dev.muster.doctor.Check;
import dev.muster.doctor.Checkup;
import dev.muster.doctor.Finding;
import dev.muster.doctor.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code muster doctor}. */
final class DoctorCommand implements Command {

    /** More than the bounds that the checks have themselves, several of them one after the other. */
    private static final Duration BOUND = Duration.ofSeconds(15);

    @Override
    public String name() {
        return "doctor";
    }

    @Override
    public String summary() {
        return "Look at all that agent and watcher need here, and say what is wrong and how to mend it; exit code 1 when anything is";
    }

    @Override
    public List<Setting<?>> settings() {
        List<Setting<?>> all = new ArrayList<>(List.of(ReadSettings.JSON));
        all.addAll(DoctorSettings.all());
        return all;
    }

    @Override
    public List<String> examples() {
        return List.of(
                "muster doctor --etcd-endpoints http://10.0.0.5:2379",
                "muster doctor --config /etc/muster/muster.conf --only etcd,docker",
                "muster doctor --json");
    }

    @Override
    public int run(Invocation invocation) throws Exception {
        Set<Area> areas = invocation
                .settings()
                .find(DoctorSettings.ONLY)
                .map(names -> names.stream()
                        .map(name -> Area.valueOf(name.toUpperCase(Locale.ROOT)))
                        .collect(Collectors.toSet()))
                .orElse(Set.of(Area.values()));
        List<Check> checks =
                invocation
                        .roles()
                        .get()
                        .checks(DoctorSettings.from(invocation.settings(), invocation.environment()))
                        .stream()
                        .filter(check -> areas.contains(check.area()))
                        .toList();
        boolean json = invocation.settings().get(ReadSettings.JSON);
        DoctorScreen screen = new DoctorScreen(invocation.terminal(), !json);
        List<Finding> findings = new Checkup(checks, BOUND).run(screen);
        if (json) {
            invocation.terminal().out().println(DoctorJson.of(findings).toPrettyString());
        } else {
            screen.sum(findings);
        }
        return findings.stream().anyMatch(finding -> finding.level() == Level.FAIL) ? ExitCode.FAILED : ExitCode.DONE;
    }
}
