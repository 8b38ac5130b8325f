package dev.muster.provider.route53;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.provider.aws.AwsException;
import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.MusterProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Two watchers of one group as processes, the services that they alone see, and the zone that is theirs, in which a stranger
 * has a record too. After each batch it is looked whether what must always hold does.
 */
final class WatcherPair implements AutoCloseable, AwsGate.Witness {

    static final Duration TTL = Duration.ofSeconds(3);
    static final Duration AWS_TIMEOUT = Duration.ofSeconds(1);

    private static final Duration REREAD = Duration.ofSeconds(1);
    private static final Pattern EPOCH = Pattern.compile("epoch=(\\d+)");

    /** One of the two, which may be started again. */
    final class Side {
        private final String id;
        private MusterProcess process;

        private Side(String id) {
            this.id = id;
            this.process = start();
        }

        private MusterProcess start() {
            return MusterProcess.startBy(
                    List.of("env", "AWS_ACCESS_KEY_ID=" + key(), "AWS_SECRET_ACCESS_KEY=not-a-secret"),
                    "watcher",
                    "--etcd-endpoints=" + etcd.endpoint(),
                    "--prefix=/" + name,
                    "--provider=route53",
                    "--group=" + name,
                    "--watcher-id=" + id,
                    "--aws-endpoint=" + gate.endpoint(),
                    "--aws-timeout=" + AWS_TIMEOUT.toMillis() + "ms",
                    "--ttl=" + TTL.toSeconds() + "s",
                    "--route53-zones=" + domain(),
                    "--route53-reread=" + REREAD.toSeconds() + "s",
                    "--state-dir=" + folder);
        }

        void startAgain() {
            process.close();
            process = start();
        }

        MusterProcess process() {
            return process;
        }

        /** As which it calls. */
        String key() {
            return "AKIA" + id.toUpperCase(Locale.ROOT);
        }

        boolean leads() {
            return process.metric("muster_leader") == 1;
        }

        boolean standsBy() {
            return process.metric("muster_leader") == 0 && process.status("/health/ready") == 200;
        }

        long writes() {
            return gate.seen(key()).stream()
                    .filter(call -> call.name().equals("ChangeResourceRecordSets"))
                    .count();
        }

        @Override
        public String toString() {
            return id;
        }
    }

    private final String name;
    private final EtcdProcess etcd;
    private final MotoZones moto;
    private final AwsGate gate;
    private final Path folder;
    private final Zone zone;
    private final RecordSet stranger;
    private final List<Side> sides;

    /** By name, the addresses that it is to have. */
    private final SortedMap<String, SortedSet<String>> registered = new TreeMap<>();

    /** By name, the address that is registered from beginning to end. */
    private final Map<String, String> standing = new ConcurrentHashMap<>();

    private final List<String> broken = Collections.synchronizedList(new ArrayList<>());
    private long newestEpoch;
    private int instances;

    /** @param name of its group, its zone and its services */
    WatcherPair(String name, EtcdProcess etcd, MotoZones moto, AwsGate gate, Path folder) {
        this.name = name;
        this.etcd = etcd;
        this.moto = moto;
        this.gate = gate;
        this.folder = folder;
        this.zone = moto.create(domain());
        this.stranger = RecordSet.simple(new DnsName("mail." + domain()), "A", 300, List.of("198.51.100.1"));
        moto.put(zone, stranger);
        gate.watch(zone, this);
        this.sides = Stream.of("a", "b").map(side -> new Side(name + side)).toList();
    }

    /** Two services, which have their names in the end; the instances of one have health checks. */
    void begin() {
        etcd.put("/%s/%sweb/dns_routing".formatted(name, name), "weighted");
        etcd.put("/%s/%sweb/dns_health_check".formatted(name, name), "tcp");
        for (String service : List.of("web", "app")) {
            etcd.put("/%s/%s%s/dns_name".formatted(name, name, service), dnsName(service));
            register(service);
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> sides.stream().anyMatch(Side::leads) && inStep());
        registered.forEach((of, addresses) -> standing.put(of, addresses.first()));
        sides.forEach(side -> side.process().awaitReady());
    }

    private String domain() {
        return name + ".example";
    }

    private String dnsName(String service) {
        return service + "." + domain();
    }

    Side leader() {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> sides.stream().filter(Side::leads).count() == 1);
        return sides.stream().filter(Side::leads).findFirst().orElseThrow();
    }

    Side other(Side one) {
        return sides.get(1 - sides.indexOf(one));
    }

    /** The next pass reads anew, and is not begun yet. @return how many calls this one has made so far */
    int onceNothingWasReadForLong(Side side) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    long read = gate.seen(side.key()).stream()
                            .filter(call -> call.name().equals("ListHostedZones"))
                            .mapToLong(AwsGate.Seen::atNanos)
                            .max()
                            .orElse(0);
                    Duration since = Duration.ofNanos(System.nanoTime() - read);
                    return since.compareTo(REREAD.plusMillis(50)) > 0 && since.compareTo(REREAD.plusMillis(400)) < 0;
                });
        return gate.seen(side.key()).size();
    }

    private String at(String service, String instance) {
        return "/%s/%s%s/%s".formatted(name, name, service, instance);
    }

    /** One more, of which one key is still missing. @return its id */
    String announced(String service) {
        String instance = "%s%s%02d".formatted(name, service, ++instances);
        etcd.put(at(service, instance) + "/port", "8000");
        return instance;
    }

    /** That key. @return its address, which none has had before */
    String register(String service, String instance) {
        String address = "203.0.113." + instances;
        registered.computeIfAbsent(dnsName(service), none -> new TreeSet<>()).add(address);
        etcd.put(at(service, instance) + "/public_ipv4_addr", address);
        return address;
    }

    void register(String service) {
        register(service, announced(service));
    }

    /** It says goodbye. */
    void withdraw(String service, String instance, String address) {
        registered.getOrDefault(dnsName(service), new TreeSet<>()).remove(address);
        etcd.put(
                at(service, "gone/" + instance),
                "{\"reason\":\"ended\",\"owner\":\"\",\"container_id\":\"\",\"started_at\":\"\"}");
        etcd.ctl("del", "--prefix", at(service, instance) + "/");
    }

    /** Whether the zone is what is registered, each record is beside its text, and each one of web names its own check. */
    boolean inStep() throws AwsException {
        return found().equals(registered);
    }

    private SortedMap<String, SortedSet<String>> found() throws AwsException {
        ZoneView view = moto.view(zone);
        Map<String, String> checked = new HashMap<>();
        moto.healthChecks()
                .forEach(check -> check.endpoint().ifPresent(endpoint -> checked.put(check.id(), endpoint.address())));
        SortedMap<String, SortedSet<String>> found = new TreeMap<>();
        view.sets().values().stream()
                .filter(set -> set.type().equals("A") && !set.equals(stranger))
                .filter(set -> set.isSimple()
                        || set.values()
                                .equals(List.of(
                                        checked.getOrDefault(set.routing().healthCheck(), ""))))
                .forEach(set -> found.computeIfAbsent(set.name().text(), none -> new TreeSet<>())
                        .addAll(set.values()));
        SortedSet<String> texts = new TreeSet<>();
        Owned.of(view, "route53-" + name)
                .forEach(owned -> texts.add(owned.name().text()));
        return texts.equals(found.keySet()) ? found : new TreeMap<>();
    }

    @Override
    public synchronized void done(List<FakeZone.Step> batch, List<RecordSet> after) {
        long epoch = batch.stream()
                .filter(step -> step.action().equals("CREATE"))
                .flatMap(step -> step.set().values().stream())
                .map(EPOCH::matcher)
                .filter(Matcher::find)
                .mapToLong(text -> Long.parseLong(text.group(1)))
                .max()
                .orElse(0);
        if (epoch < newestEpoch) {
            broken.add("a batch of epoch %d after one of epoch %d: %s".formatted(epoch, newestEpoch, batch));
        }
        newestEpoch = Math.max(newestEpoch, epoch);
        if (!after.contains(stranger)) {
            broken.add("what is somebody else's has changed: " + after);
        }
        standing.forEach((of, address) -> {
            if (after.stream()
                    .noneMatch(set -> set.name().text().equals(of)
                            && set.type().equals("A")
                            && set.values().contains(address))) {
                broken.add("%s has lost %s: %s".formatted(of, address, after));
            }
        });
    }

    void assertNothingBroken() {
        assertThat(broken).as("what must always hold in " + zone.name().text()).isEmpty();
    }

    @Override
    public String toString() {
        return name;
    }

    @Override
    public void close() {
        sides.forEach(side -> side.process().close());
    }
}
