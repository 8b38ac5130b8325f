package dev.muster.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A simulated host's {@code muster agent}: the built distribution, run by that host's systemd from the unit that is shipped,
 * with its settings in {@code /etc/muster/muster.env}.
 */
public final class HostedAgent {

    private static final String UNIT = "muster-agent.service";
    private static final int PORT = 9464;

    private final SimulatedHost host;
    private final Pages pages;

    private HostedAgent(SimulatedHost host) {
        this.host = host;
        this.pages = new Pages(host.address(), PORT);
    }

    /**
     * Started, and not waited for.
     *
     * @param environment its settings, {@code MUSTER_...}, and what else its process is to have
     */
    public static HostedAgent start(SimulatedHost host, Map<String, String> environment) {
        host.copy(MusterProcess.DISTRIBUTION, "/opt/muster");
        host.copy(Path.of("units", UNIT), "/etc/systemd/system/" + UNIT);
        List<String> write = new ArrayList<>(
                List.of("sh", "-c", "mkdir /etc/muster; printf '%s\\n' \"$@\" >/etc/muster/muster.env", "sh"));
        write.add("MUSTER_HTTP=0.0.0.0:" + PORT);
        environment.forEach((name, value) -> write.add(name + "=" + value));
        host.exec(write.toArray(String[]::new));
        HostedAgent agent = new HostedAgent(host);
        host.exec("systemctl", "daemon-reload");
        host.exec("systemctl", "start", UNIT);
        return agent;
    }

    /** Waits until it says that it is ready; fails with its log. */
    public HostedAgent awaitReady() {
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> pages.status("/health/ready") == 200);
            return this;
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException("the agent of " + host.name() + " is not ready:\n" + log(), e);
        }
    }

    public Pages pages() {
        return pages;
    }

    /** All that it has said so far. */
    public String log() {
        return host.exec("journalctl", "--unit=" + UNIT, "--output=cat", "--no-pager");
    }

    /** SIGSTOP: it stands still. */
    public void pause() {
        host.exec("systemctl", "kill", "--kill-whom=main", "--signal=STOP", UNIT);
    }

    /** SIGCONT. */
    public void unpause() {
        host.exec("systemctl", "kill", "--kill-whom=main", "--signal=CONT", UNIT);
    }

    /** How much of one core it may use from now on, as systemd.resource-control(5) has it: {@code 5%}; all, where empty. */
    public void cpuQuota(String share) {
        host.exec("systemctl", "set-property", "--runtime", UNIT, "CPUQuota=" + share);
    }

    /** How often its quota has been used up so far: periods in which the kernel made it wait. */
    public long throttled() {
        String group = host.exec("systemctl", "show", "--value", "--property=ControlGroup", UNIT);
        String statistics = host.exec(
                "sh", "-c", "cat /sys/fs/cgroup/cpu%1$s/cpu.stat || cat /sys/fs/cgroup%1$s/cpu.stat".formatted(group));
        return statistics
                .lines()
                .filter(line -> line.startsWith("nr_throttled "))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                .sum();
    }
}
