package dev.muster.provider.route53;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.model.InstanceState;
import dev.muster.plan.Diff;
import dev.muster.plan.ServiceTargets;
import dev.muster.provider.FakeLeadership;
import dev.muster.provider.ProviderException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The contract against moto. What moto does not do is not asked of it here: its batches are not all or nothing, everything
 * is in sync at once, nothing is throttled, and no limit is kept.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Route53MotoContractIT extends Route53Contract {

    private MotoZones moto;
    private Optional<Zone> zone = Optional.empty();

    @BeforeAll
    void startMoto() {
        moto = new MotoZones();
    }

    @AfterEach
    void inAnotherZone() {
        zone = Optional.empty();
    }

    @AfterAll
    void stopMoto() {
        moto.close();
    }

    URI moto() {
        return moto.endpoint();
    }

    @Override
    protected URI endpoint() {
        return moto();
    }

    private Zone current() {
        if (zone.isEmpty()) {
            zone = Optional.of(moto.create(DOMAIN));
        }
        return zone.get();
    }

    @Override
    protected String zone() {
        return current().id();
    }

    private List<RecordSet> sets() throws Exception {
        return moto.sets(current());
    }

    /** Each write has a nonce of its own. */
    @Override
    protected Object writesSoFar() throws Exception {
        return sets();
    }

    @Override
    protected void put(RecordSet set) {
        moto.put(current(), set);
    }

    /** moto refuses a CREATE that it has seen before, although the same batch deletes what stands there. */
    @Test
    @Override
    protected void a_hand_made_change_is_seen_and_repaired() {
        assertThatThrownBy(super::a_hand_made_change_is_seen_and_repaired)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("what is left to do");
        assertThat(provider.refusals().toString()).contains("but it already exists");
    }

    @Test
    void a_zone_of_many_pages_is_read_whole() throws Exception {
        try (Route53Provider many = another(zone())) {
            List<RecordSet> before = sets();
            ServiceTargets[] fleet = IntStream.range(0, 200)
                    .mapToObj(n -> NamedServices.up("s%03d".formatted(n), "203.0.113.5"))
                    .toArray(ServiceTargets[]::new);
            many.apply(Diff.between(NamedServices.all(fleet), many.actual()));
            assertThat(sets()).hasSize(before.size() + 401);
            many.apply(Diff.between(NamedServices.all(), many.actual()));
            assertThat(sets()).hasSize(before.size() + 1).containsAll(before);
        }
    }

    @Test
    void names_that_route_53_escapes_go_there_and_back() throws Exception {
        try (Route53Provider provider = another(zone())) {
            provider.apply(Diff.between(
                    NamedServices.all(NamedServices.service(
                            "any",
                            NamedServices.targets("any", InstanceState.UP, "203.0.113.5"),
                            "dns_name",
                            "*.example.com")),
                    provider.actual()));
            assertThat(sets()).extracting(RecordSet::name).contains(new DnsName("*.example.com"));
        }
    }

    private Route53Provider another(String zone) {
        return open(endpoint(), zone, new FakeLeadership("route53", 1), Duration.ofHours(1));
    }

    /**
     * Each under a name of its own, with identifiers of its own: what moto removes by its identifier it removes at every name
     * and of every type. That a set of one kind keeps one of another away, that weighted sets have one time to live, and that
     * a health check must be there, it does not know.
     */
    @Test
    void every_kind_is_read_as_it_was_written_and_goes_whole() throws Exception {
        String lb = "front-1.eu-west-1.elb.amazonaws.com/Z32O12XQLNTSW2";
        String check = NamedServices.HEALTH_CHECKS.getFirst();
        ServiceTargets[] services = {
            NamedServices.two("even", "dns_routing", "multivalue"),
            NamedServices.two("often", "dns_routing", "weighted", "dns_health_check", check),
            NamedServices.two("alias", "dns_alias", lb, "dns_alias_health", "true", "dns_type", "A,AAAA"),
            NamedServices.two("place", "dns_type", "SRV")
        };
        List<RecordSet> before = sets();
        try (Route53Provider one = another(zone())) {
            one.apply(Diff.between(NamedServices.all(services), one.actual()));
            assertThat(one.possible(NamedServices.all(services))).hasSize(4);
        }
        assertThat(sets()).hasSize(before.size() + 1 + 3 + 3 + 4 + 2 + 4);
        List<RecordSet> written = sets();
        try (Route53Provider other = another(zone())) {
            other.apply(Diff.between(NamedServices.all(services), other.actual()));
            assertThat(sets()).isEqualTo(written);
            services[1] = NamedServices.with(NamedServices.up("often", "203.0.113.7"), "dns_routing", "multivalue");
            other.apply(Diff.between(NamedServices.all(services), other.actual()));
            assertThat(sets())
                    .filteredOn(set -> set.name().text().equals("often.example.com"))
                    .extracting(RecordSet::routing)
                    .containsExactly(Routing.MULTIVALUE);
            other.apply(Diff.between(NamedServices.all(), other.actual()));
        }
        assertThat(sets()).hasSize(before.size() + 1).containsAll(before);
    }

    /**
     * That a caller reference makes no second check, that there is room for so many, and that they come in pages, moto does not
     * know: the strict one does.
     */
    @Test
    void health_checks_are_made_named_found_and_let_go() throws Exception {
        ServiceTargets api = NamedServices.two(
                "api", "dns_routing", "weighted", "dns_health_check", "https:8443/health?deep=1", "dns_type", "A");
        AtomicLong nanos = new AtomicLong();
        try (Route53Provider one =
                open(endpoint(), zone(), new FakeLeadership("route53", 1), Duration.ofMinutes(1), nanos::get)) {
            whatever_comes_in_between(() -> one.apply(Diff.between(NamedServices.all(api), one.actual())));
            assertThat(named()).hasSize(2).doesNotContain("").isSubsetOf(healthChecks());
            try (Route53Provider other = another(zone())) {
                other.actual();
                other.possible(NamedServices.all(api));
                other.apply(Diff.between(NamedServices.all(api), other.actual()));
                assertThat(named()).as("they are found").isSubsetOf(healthChecks());
            }
            whatever_comes_in_between(() -> one.apply(Diff.between(NamedServices.all(), one.actual())));
            await().until(() -> one.underWay() == 0);
            await().until(() -> {
                nanos.addAndGet(HealthChecks.GRACE.toNanos() * 2);
                whatever_comes_in_between(() -> one.apply(Diff.between(NamedServices.all(), one.actual())));
                return healthChecks().isEmpty();
            });
        }
    }

    /** It is looked and tried again, as by a watcher. */
    private static void whatever_comes_in_between(ThrowingCallable pass) {
        await().ignoreExceptionsInstanceOf(ProviderException.class).until(() -> {
            try {
                pass.call();
                return true;
            } catch (ProviderException again) {
                throw again;
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        });
    }

    private List<String> named() throws Exception {
        return sets().stream()
                .filter(set -> set.name().equals(name("api")) && set.type().equals("A"))
                .map(set -> set.routing().healthCheck())
                .toList();
    }

    /** Those for this zone's records. */
    private List<String> healthChecks() throws Exception {
        return moto.healthChecks().stream()
                .filter(check -> CheckReference.read(check.reference())
                        .filter(one -> one.isFor(current()))
                        .isPresent())
                .map(HealthCheck::id)
                .toList();
    }

    /** As {@code --route53-zones} has it: the setting takes ids that begin with a Z, as all of AWS's do and moto's do not. */
    @Test
    void of_two_zones_of_one_name_the_private_one_is_said_by_its_id() throws Exception {
        String name = "split.example";
        moto.create(name);
        Zone hidden = moto.create(
                name,
                to -> to.hostedZoneConfig(config -> config.privateZone(true))
                        .vpc(vpc -> vpc.vpcId("vpc-0a1b2c3d").vpcRegion("eu-west-1")));
        String id = hidden.id();
        ServiceTargets web = NamedServices.named("web", "web." + name, "203.0.113.5");
        try (Route53Provider both = another(name)) {
            both.actual();
            both.possible(NamedServices.all(web));
            assertThat(both.refusals().get("web")).asString().contains("(public)", id + " (private)");
        }
        try (Route53Provider one = another(id)) {
            one.apply(Diff.between(NamedServices.all(web), one.actual()));
        }
        zone = Optional.of(hidden);
        assertThat(sets()).extracting(set -> set.name().text()).contains("web." + name);
    }
}
