package dev.muster.provider.route53;

import static dev.muster.provider.route53.NamedServices.named;
import static dev.muster.provider.route53.NamedServices.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.config.AwsConfig;
import dev.muster.config.Policy;
import dev.muster.config.Route53Config;
import dev.muster.plan.ServiceTargets;
import dev.muster.provider.FakeLeadership;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Two accounts of moto's, whose STS gives whoever takes a role the keys of that role's account. */
class Route53MotoRolesIT {

    private static AwsConfig taking(AwsConfig own, String account) {
        return own.taking(
                new AwsConfig.Role("arn:aws:iam::%s:role/dns".formatted(account), Optional.of("x-1"), "muster-dns1"));
    }

    @Test
    void each_roles_names_stand_in_its_own_account() throws Exception {
        try (MotoZones moto = new MotoZones()) {
            AwsConfig own = new AwsConfig(Optional.empty(), Optional.of(moto.endpoint()), Duration.ofSeconds(3));
            try (MotoZones shop = moto.as(taking(own, "111111111111"));
                    MotoZones bank = moto.as(taking(own, "222222222222"))) {
                Zone ofShop = shop.create("example.com");
                Zone ofBank = bank.create("example.com");
                RecordSet mail = RecordSet.simple(new DnsName("mail.example.com"), "A", 300, List.of("198.51.100.1"));
                shop.put(ofShop, mail);
                Route53Config config = new Route53Config(
                        own,
                        new TreeMap<>(Map.of("shop", taking(own, "111111111111"), "bank", taking(own, "222222222222"))),
                        Set.of(),
                        Duration.ofMinutes(1),
                        Policy.SYNC);
                try (Route53Provider provider = new Route53Provider(
                        config,
                        new FakeLeadership("route53", 1),
                        path -> Optional.empty(),
                        System::nanoTime,
                        new Random(1),
                        took -> {})) {
                    ServiceTargets web = with(named("web", "web.example.com", "203.0.113.5"), "aws_role", "shop");
                    ServiceTargets pay = with(named("pay", "web.example.com", "203.0.113.6"), "aws_role", "bank");
                    Route53Scene.make(provider, web, pay);
                    assertThat(values(shop, ofShop)).containsExactly("203.0.113.5");
                    assertThat(values(bank, ofBank)).containsExactly("203.0.113.6");
                    assertThat(Route53Scene.make(provider, web, pay).changes()).isEmpty();

                    ServiceTargets moved = with(named("web", "app.example.com", "203.0.113.5"), "aws_role", "bank");
                    Route53Scene.make(provider, moved, pay);
                    assertThat(values(shop, ofShop)).isEmpty();
                    assertThat(values(bank, ofBank)).containsExactlyInAnyOrder("203.0.113.5", "203.0.113.6");
                    assertThat(shop.sets(ofShop)).contains(mail);

                    ServiceTargets checked =
                            with(pay, "aws_role", "bank", "dns_routing", "weighted", "dns_health_check", "tcp");
                    Route53Scene.make(provider, moved, checked);
                    assertThat(bank.healthChecks())
                            .singleElement()
                            .satisfies(check -> assertThat(bank.sets(ofBank))
                                    .as("named in the account that it was made in")
                                    .anyMatch(set -> set.routing().healthCheck().equals(check.id())));
                    assertThat(shop.healthChecks()).isEmpty();
                    assertThat(moto.healthChecks()).isEmpty();
                    assertThat(Route53Scene.make(provider, moved, checked).changes())
                            .isEmpty();
                }
            }
        }
    }

    private static List<String> values(MotoZones zones, Zone zone) throws Exception {
        return zones.sets(zone).stream()
                .filter(set -> set.type().equals("A"))
                .filter(set -> !set.name().text().startsWith("mail."))
                .flatMap(set -> set.values().stream())
                .toList();
    }
}
