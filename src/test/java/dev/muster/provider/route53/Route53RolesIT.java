package dev.muster.provider.route53;

import static dev.muster.provider.route53.NamedServices.named;
import static dev.muster.provider.route53.NamedServices.up;
import static dev.muster.provider.route53.NamedServices.with;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.config.AwsConfig;
import dev.muster.config.Policy;
import dev.muster.config.Route53Config;
import dev.muster.plan.About;
import dev.muster.plan.Refusal;
import dev.muster.plan.ServiceTargets;
import dev.muster.provider.FakeLeadership;
import dev.muster.provider.ProviderException;
import dev.muster.provider.aws.AwsCalls;
import dev.muster.provider.aws.AwsClients;
import dev.muster.provider.aws.TokenBucket;
import dev.muster.provider.route53.FakeRoute53.Fate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.route53.Route53Client;

/** Names in several accounts, each reached by its role: two of them have a zone of one name. */
class Route53RolesIT {

    private static final String OWN = "Z0OWN00001";
    private static final String SHOP = "Z0SHOP0001";
    private static final String BANK = "Z0BANK0001";
    private static final String SHOP_ACCOUNT = "111111111111";
    private static final String BANK_ACCOUNT = "222222222222";
    private static final Duration REREAD = Duration.ofMinutes(1);

    private final FakeRoute53 route53 = new FakeRoute53();
    private final AtomicLong nanos = new AtomicLong();
    private Route53Provider provider;

    @BeforeEach
    void start() {
        Route53Contract.whoCalls();
        route53.zone(OWN, "example.com", false);
        route53.zoneOf(SHOP_ACCOUNT, SHOP, "example.com");
        route53.zoneOf(BANK_ACCOUNT, BANK, "bank.example.com");
        provider = open(1, Map.of("shop", SHOP_ACCOUNT, "bank", BANK_ACCOUNT));
    }

    @AfterEach
    void stop() {
        provider.close();
        route53.close();
    }

    private Route53Provider open(long epoch, Map<String, String> accounts) {
        AwsConfig own = new AwsConfig(Optional.empty(), Optional.of(route53.endpoint()), Duration.ofSeconds(3));
        TreeMap<String, AwsConfig> roles = new TreeMap<>();
        accounts.forEach((role, account) ->
                roles.put(role, own.taking(new AwsConfig.Role(arn(role, account), Optional.empty(), "muster-dns1"))));
        Route53Config config = new Route53Config(own, roles, Set.of(), REREAD, Policy.SYNC);
        return new Route53Provider(
                config,
                new FakeLeadership("route53", epoch),
                nanos::get,
                new Random(1),
                Route53Provider.accounts(config, this::account));
    }

    private static String arn(String role, String account) {
        return "arn:aws:iam::%s:role/%s".formatted(account, role);
    }

    private Account account(String role, AwsConfig aws) {
        return new Account(
                role,
                aws,
                AwsClients.make(Route53Client.builder(), aws, "aws-global", path -> Optional.empty()),
                new AwsCalls(new TokenBucket(1000, 1000, System::nanoTime), new Random(1), wait -> {}),
                Duration.ofHours(1),
                nanos::get,
                new Random(1),
                took -> {});
    }

    private void later(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    /** One look at all of them, as a watcher has it: nothing is decided of what is not read. */
    private void make(ServiceTargets... services) throws ProviderException {
        var found = provider.actual();
        ServiceTargets[] decided = List.of(services).stream()
                .flatMap(one -> provider.unread(one.service(), one.about()).isEmpty()
                        ? Stream.of(one)
                        : Optional.ofNullable(found.get(one.service()))
                                .map(there -> there.withAbout(one.about()))
                                .stream())
                .toArray(ServiceTargets[]::new);
        Route53Scene.make(provider, decided);
    }

    private static ServiceTargets as(String role, ServiceTargets service) {
        return with(service, "aws_role", role);
    }

    private List<String> values(String zone, String name) {
        return route53.sets(zone).stream()
                .filter(set -> set.name().text().equals(name) && set.type().equals("A"))
                .flatMap(set -> set.values().stream())
                .toList();
    }

    @Test
    void each_name_stands_in_the_account_of_its_role_though_several_have_a_zone_of_its_name() throws Exception {
        ServiceTargets[] services = {
            up("web", "203.0.113.5"),
            as("shop", named("shop", "web.example.com", "203.0.113.6")),
            as("bank", named("bank", "www.bank.example.com", "203.0.113.7"))
        };
        make(services);
        assertThat(values(OWN, "web.example.com")).containsExactly("203.0.113.5");
        assertThat(values(SHOP, "web.example.com")).containsExactly("203.0.113.6");
        assertThat(values(BANK, "www.bank.example.com")).containsExactly("203.0.113.7");
        assertThat(route53.callers())
                .contains("ASIA" + SHOP_ACCOUNT, "ASIA" + BANK_ACCOUNT)
                .filteredOn(caller -> caller.startsWith("AssumeRole"))
                .as("once for an hour")
                .hasSize(2)
                .allMatch(caller -> caller.contains("RoleSessionName=muster-dns1"));

        int batches = route53.batches().size();
        later(REREAD);
        make(services);
        assertThat(route53.batches()).as("in step").hasSize(batches);
    }

    @Test
    void a_name_is_looked_for_in_its_roles_account_alone() throws Exception {
        ServiceTargets lost = as("bank", up("web", "203.0.113.5"));
        make(lost);
        assertThat(requireNonNull(Route53Scene.refused(provider, lost).get("web"))
                        .why())
                .contains("there is no zone here in which web.example.com could stand");
        assertThat(route53.batches()).isEmpty();
    }

    @Test
    void a_role_that_nobody_has_declared_is_refused_and_what_stands_stays_byte_for_byte() throws Exception {
        make(as("shop", up("web", "203.0.113.5")), up("app", "203.0.113.5"));
        List<RecordSet> before = route53.sets(SHOP);
        ServiceTargets wrong = as("shpo", up("web", "203.0.113.6"));
        make(wrong, up("app", "203.0.113.6"));
        later(REREAD);
        make(wrong, up("app", "203.0.113.6"));
        assertThat(provider.unread("web", wrong.about()).map(Refusal::why))
                .hasValueSatisfying(
                        why -> assertThat(why).contains("aws_role 'shpo': allowed is one of --aws-roles: bank, shop"));
        assertThat(values(OWN, "app.example.com")).containsExactly("203.0.113.6");
        assertThat(route53.sets(SHOP)).isEqualTo(before);
    }

    @Test
    void without_any_declared_role_that_is_said() throws Exception {
        try (Route53Provider none = open(1, Map.of())) {
            none.actual();
            assertThat(none.unread("web", as("shop", up("web")).about()).map(Refusal::why))
                    .hasValueSatisfying(why -> assertThat(why).contains("allowed is none"));
        }
        assertThat(route53.callers()).noneMatch(caller -> caller.startsWith("AssumeRole"));
    }

    @ParameterizedTest
    @EnumSource(names = {"THROTTLED", "DENIED", "LATE", "FAILED"})
    void where_a_role_cannot_be_taken_only_its_services_wait(Fate fate) throws Exception {
        route53.next("AssumeRole " + arn("shop", SHOP_ACCOUNT), fate);
        ServiceTargets[] services = {
            up("web", "203.0.113.5"),
            as("shop", named("shop", "shop.example.com", "203.0.113.6")),
            as("bank", named("bank", "www.bank.example.com", "203.0.113.7"))
        };
        make(services);
        assertThat(values(OWN, "web.example.com")).containsExactly("203.0.113.5");
        assertThat(values(BANK, "www.bank.example.com")).containsExactly("203.0.113.7");
        assertThat(values(SHOP, "shop.example.com")).isEmpty();
        assertThat(provider.isUnread("shop")).isTrue();
        assertThat(provider.isUnread("bank")).isFalse();
        assertThat(provider.unread("shop", services[1].about()).map(Refusal::why))
                .hasValueSatisfying(why -> assertThat(why)
                        .contains(
                                "the account of the role 'shop' is not read: AssumeRole of arn:aws:iam::111111111111"));

        int asked = assumed();
        make(services);
        assertThat(assumed()).as("it is left alone for a while").isEqualTo(asked);
        later(Duration.ofSeconds(2));
        make(services);
        assertThat(values(SHOP, "shop.example.com")).containsExactly("203.0.113.6");
        assertThat(provider.isUnread("shop")).isFalse();
    }

    private int assumed() {
        return (int) route53.callers().stream()
                .filter(caller -> caller.startsWith("AssumeRole"))
                .count();
    }

    @Test
    void a_name_that_another_role_is_chosen_for_stands_there_before_it_goes_here() throws Exception {
        make(up("web", "203.0.113.5"));
        make(as("shop", up("web", "203.0.113.5")));
        assertThat(values(SHOP, "web.example.com")).containsExactly("203.0.113.5");
        assertThat(values(OWN, "web.example.com")).isEmpty();
        List<List<FakeZone.Step>> batches = route53.batches();
        assertThat(batches.get(1)).anyMatch(step -> step.action().equals("CREATE"));
        assertThat(batches.get(2))
                .anyMatch(step -> step.set().type().equals("A") && step.action().equals("DELETE"));
    }

    @Test
    void where_the_new_place_does_not_take_it_the_old_one_stays() throws Exception {
        make(up("web", "203.0.113.5"), up("app", "203.0.113.5"));
        route53.next("ChangeResourceRecordSets " + SHOP, Fate.DENIED);
        make(as("shop", up("web", "203.0.113.5")), up("app", "203.0.113.6"));
        assertThat(values(SHOP, "web.example.com")).isEmpty();
        assertThat(values(OWN, "web.example.com")).containsExactly("203.0.113.5");
        assertThat(values(OWN, "app.example.com")).as("the others go on").containsExactly("203.0.113.6");
        assertThat(provider.isUnread("shop")).isTrue();
        later(Duration.ofSeconds(2));
        make(as("shop", up("web", "203.0.113.5")), up("app", "203.0.113.6"));
        assertThat(values(SHOP, "web.example.com")).containsExactly("203.0.113.5");
        assertThat(values(OWN, "web.example.com")).isEmpty();
    }

    @Test
    void the_old_place_stays_while_an_earlier_leader_may_still_clean_up_the_new_one() throws Exception {
        ServiceTargets web = up("web", "203.0.113.5");
        make(as("shop", web));
        route53.next("ChangeResourceRecordSets " + SHOP, Fate.DENIED);
        make(web);
        assertThat(values(OWN, "web.example.com")).containsExactly("203.0.113.5");
        assertThat(values(SHOP, "web.example.com")).as("not cleaned up yet").containsExactly("203.0.113.5");
        provider.close();
        provider = open(2, Map.of("shop", SHOP_ACCOUNT, "bank", BANK_ACCOUNT));
        route53.next("ChangeResourceRecordSets " + SHOP, Fate.DENIED);
        make(as("shop", web));
        assertThat(values(OWN, "web.example.com"))
                .as("there is no fence there yet")
                .isNotEmpty();
        later(Duration.ofSeconds(2));
        make(as("shop", web));
        assertThat(values(OWN, "web.example.com")).isEmpty();
        assertThat(values(SHOP, "web.example.com")).containsExactly("203.0.113.5");
    }

    @Test
    void the_old_place_is_cleaned_up_once_it_can_be_read_and_not_before() throws Exception {
        make(as("shop", up("web", "203.0.113.5")));
        provider.close();
        provider = open(2, Map.of("shop", SHOP_ACCOUNT, "bank", BANK_ACCOUNT));
        route53.next("AssumeRole " + arn("shop", SHOP_ACCOUNT), Fate.DENIED);
        make(up("web", "203.0.113.5"));
        assertThat(values(OWN, "web.example.com")).containsExactly("203.0.113.5");
        assertThat(values(SHOP, "web.example.com")).as("it is not read").containsExactly("203.0.113.5");
        later(Duration.ofSeconds(2));
        make(up("web", "203.0.113.5"));
        assertThat(values(SHOP, "web.example.com")).isEmpty();
        assertThat(values(OWN, "web.example.com")).containsExactly("203.0.113.5");
    }

    @Test
    void a_service_that_asks_for_nothing_waits_while_what_it_had_may_stand_in_an_account_that_is_not_read()
            throws Exception {
        make(as("shop", up("web", "203.0.113.5")), up("app", "203.0.113.5"));
        provider.close();
        provider = open(2, Map.of("shop", SHOP_ACCOUNT, "bank", BANK_ACCOUNT));
        route53.next("AssumeRole " + arn("shop", SHOP_ACCOUNT), Fate.DENIED);
        provider.actual();
        assertThat(provider.unread("web", About.NOTHING)).isPresent();
        assertThat(provider.unread("app", About.NOTHING)).as("it was found").isEmpty();
        later(Duration.ofSeconds(2));
        provider.actual();
        assertThat(provider.unread("web", About.NOTHING)).isEmpty();
    }

    @Test
    void a_zone_that_two_roles_reach_is_one_zone_with_one_plan() throws Exception {
        provider.close();
        provider = open(1, Map.of("shop", SHOP_ACCOUNT, "store", SHOP_ACCOUNT));
        ServiceTargets[] services = {
            as("shop", up("web", "203.0.113.5")), as("store", up("app", "203.0.113.6")),
        };
        for (int pass = 0; pass < 3; pass++) {
            make(services);
            later(REREAD);
        }
        assertThat(values(SHOP, "web.example.com")).containsExactly("203.0.113.5");
        assertThat(values(SHOP, "app.example.com")).containsExactly("203.0.113.6");
        assertThat(route53.batches())
                .as("both in one, and nobody undoes the other's")
                .hasSize(1);
        assertThat(route53.calls())
                .filteredOn(call -> call.equals("ListResourceRecordSets " + SHOP))
                .as("read once each time")
                .hasSize(3);

        route53.next("AssumeRole " + arn("shop", SHOP_ACCOUNT), Fate.DENIED);
        provider.close();
        provider = open(2, Map.of("shop", SHOP_ACCOUNT, "store", SHOP_ACCOUNT));
        make(as("shop", up("web", "203.0.113.7")), as("store", up("app", "203.0.113.8")));
        assertThat(values(SHOP, "web.example.com"))
                .as("its role cannot be taken")
                .containsExactly("203.0.113.5");
        assertThat(values(SHOP, "app.example.com")).containsExactly("203.0.113.8");
    }

    @Test
    void a_name_of_a_service_that_waits_is_nobody_elses() throws Exception {
        make(as("shop", up("web", "203.0.113.5")));
        ServiceTargets other = as("shop", named("other", "web.example.com", "203.0.113.6"));
        ServiceTargets waits = as("shpo", up("web", "203.0.113.5"));
        make(waits, other);
        assertThat(values(SHOP, "web.example.com")).containsExactly("203.0.113.5");
    }

    @Test
    void a_lost_answer_in_one_account_is_looked_for_there() throws Exception {
        route53.next("ChangeResourceRecordSets " + SHOP, Fate.UNANSWERED);
        make(up("web", "203.0.113.5"), as("shop", named("shop", "shop.example.com", "203.0.113.6")));
        assertThat(values(SHOP, "shop.example.com")).containsExactly("203.0.113.6");
        assertThat(values(OWN, "web.example.com")).containsExactly("203.0.113.5");
        assertThat(route53.calls().stream().filter(call -> call.equals("ChangeResourceRecordSets " + SHOP)))
                .hasSize(1);
    }

    @Test
    void where_no_account_is_left_the_look_fails_as_it_does_with_one() {
        for (String call : List.of("AssumeRole", "AssumeRole", "ListHostedZones")) {
            route53.next(call, Fate.DENIED);
        }
        assertThatThrownBy(provider::actual)
                .isInstanceOf(ProviderException.class)
                .hasMessageContaining("AccessDenied");
    }

    @Test
    void what_sts_says_of_keys_is_not_repeated() throws Exception {
        route53.next("AssumeRole " + arn("shop", SHOP_ACCOUNT), Fate.EXPIRED_TOKEN);
        ServiceTargets web = as("shop", up("web", "203.0.113.5"));
        make(web);
        assertThat(provider.unread("web", web.about()).map(Refusal::why))
                .hasValueSatisfying(
                        why -> assertThat(why).contains("ExpiredToken").doesNotContain("AKID"));
    }
}
