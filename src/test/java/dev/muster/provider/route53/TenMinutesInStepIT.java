package dev.muster.provider.route53;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.MusterProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A watcher as people start it, before moto, with nothing to do: {@link Route53CallsIT} without a clock of its own. */
@Tag("soak")
class TenMinutesInStepIT {

    private static final int MINUTES = 10;
    private static final int SERVICES = 200;

    @TempDir
    private Path folder;

    /** By the reference: in each reading one call for each 100 zones, and one for each 300 record sets of each zone. */
    @Test
    void the_log_of_ten_minutes_shows_only_reads_at_the_documented_rate() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start();
                MotoZones moto = new MotoZones();
                AwsGate gate = new AwsGate(moto)) {
            Zone large = moto.create("large.example");
            Zone small = moto.create("small.example");
            for (Zone zone : List.of(large, small)) {
                gate.watch(zone, (batch, after) -> {});
            }
            for (int n = 1; n <= SERVICES; n++) {
                String service = "/services/s%03d/".formatted(n);
                etcd.put(service + "dns_name", "s%03d.large.example".formatted(n));
                etcd.put(service + "i%03d/port".formatted(n), "8000");
                etcd.put(service + "i%03d/public_ipv4_addr".formatted(n), "203.0.113.5");
            }
            try (MusterProcess watcher = MusterProcess.startBy(
                    List.of("env", "AWS_ACCESS_KEY_ID=AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY=not-a-secret"),
                    "watcher",
                    "--etcd-endpoints=" + etcd.endpoint(),
                    "--provider=route53",
                    "--watcher-id=dns1",
                    "--aws-endpoint=" + gate.endpoint(),
                    "--state-dir=" + folder)) {
                await().atMost(Duration.ofMinutes(2)).until(() -> {
                    double everywhere = watcher.metric("muster_insync_seconds_count");
                    return everywhere > 0
                            && watcher.metric("muster_insync_waiting") == 0
                            && moto.sets(large).size() == 2 * SERVICES + 3;
                });
                int first = readings(gate).size();
                await().atMost(Duration.ofMinutes(MINUTES + 3))
                        .until(() -> readings(gate).size() > first + MINUTES);
                AwsGate.Seen begins = readings(gate).get(first);
                AwsGate.Seen ends = readings(gate).get(first + MINUTES);
                List<AwsGate.Seen> all = gate.seen();
                List<AwsGate.Seen> calls = all.subList(all.indexOf(begins), all.indexOf(ends));
                Map<String, Long> byCall = calls.stream()
                        .collect(Collectors.groupingBy(
                                call -> call.name() + (call.about().equals(large.id()) ? " of the large zone" : ""),
                                TreeMap::new,
                                Collectors.counting()));
                Duration took = Duration.ofNanos(ends.atNanos() - begins.atNanos());
                System.out.printf("TenMinutesInStepIT: %s in %s%n", byCall, took);
                assertThat(took)
                        .as("each --route53-reread, and two seconds from one look to the next")
                        .isBetween(Duration.ofMinutes(MINUTES), Duration.ofSeconds(MINUTES * 65));
                assertThat(byCall)
                        .as("403 record sets are two pages")
                        .containsExactlyInAnyOrderEntriesOf(Map.of(
                                "ListHostedZones",
                                MINUTES + 0L,
                                "ListResourceRecordSets of the large zone",
                                MINUTES * 2L,
                                "ListResourceRecordSets",
                                MINUTES + 0L));
            }
        }
    }

    private static List<AwsGate.Seen> readings(AwsGate gate) {
        return gate.seen().stream()
                .filter(call -> call.name().equals("ListHostedZones"))
                .toList();
    }
}
