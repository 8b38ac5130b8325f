package dev.muster.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Route53SettingsTest {

    /** Words such as {@code ttl=4s}, as flags. */
    private static WatcherConfig config(String words) {
        Map<String, String> flags = Arrays.stream(
                        ("host=h1 provider=route53 " + words).strip().split(" ", -1))
                .map(word -> word.split("=", 2))
                .collect(Collectors.toMap(word -> word[0], word -> word[1], (standard, given) -> given));
        return WatcherSettings.from(new Settings(flags, Map.of(), ConfigFile.none()), Map.of());
    }

    @Test
    void everyZoneOfTheAccountIsReadUnlessToldOtherwise() {
        Route53Config all = config("").route53().orElseThrow();
        assertThat(all.zones()).isEmpty();
        assertThat(all.reread()).isEqualTo(Duration.ofMinutes(1));
        Route53Config some = config("route53-zones=example.com,Z0123456789ABC aws-endpoint=http://127.0.0.1:5000")
                .route53()
                .orElseThrow();
        assertThat(some.zones()).containsExactlyInAnyOrder("example.com", "Z0123456789ABC");
        assertThat(some.aws().endpoint()).contains(URI.create("http://127.0.0.1:5000"));
    }

    @Test
    void whoCallsIsFoundByTheChainOrInEtcdAndMayTakeARole() {
        assertThat(config("").route53().orElseThrow().aws().credentials()).isEqualTo(AwsConfig.Credentials.DEFAULT);
        assertThat(config("").groups()).containsExactly("route53");
        AwsConfig aws = config(
                        "aws-credentials=etcd aws-role-arn=arn:aws:iam::123456789012:role/dns/muster aws-external-id=x-1")
                .route53()
                .orElseThrow()
                .aws();
        assertThat(aws.credentials()).isEqualTo(AwsConfig.Credentials.ETCD);
        assertThat(aws.roles())
                .containsExactly(new AwsConfig.Role(
                        "arn:aws:iam::123456789012:role/dns/muster", Optional.of("x-1"), "muster-h1"));
    }

    @Test
    void roles_are_declared_by_name_and_each_is_taken_by_whoever_calls_otherwise() {
        assertThat(config("").route53().orElseThrow().roles()).isEmpty();
        Route53Config some = config(
                        "watcher-id=dns1 aws-role-arn=arn:aws:iam::123456789012:role/dns"
                                + " aws-roles=shop=arn:aws:iam::111111111111:role/m,bank=arn:aws:iam::222222222222:role/m#x=1/2")
                .route53()
                .orElseThrow();
        AwsConfig.Role own = new AwsConfig.Role("arn:aws:iam::123456789012:role/dns", Optional.empty(), "muster-dns1");
        assertThat(some.aws().roles()).containsExactly(own);
        assertThat(some.roles().keySet()).containsExactly("bank", "shop");
        assertThat(requireNonNull(some.roles().get("shop")).roles())
                .containsExactly(
                        own, new AwsConfig.Role("arn:aws:iam::111111111111:role/m", Optional.empty(), "muster-dns1"));
        assertThat(requireNonNull(some.roles().get("bank")).roles().getLast().externalId())
                .contains("x=1/2");
    }

    @Test
    void a_session_has_the_watchers_id_as_far_as_sts_takes_it() {
        String id = "a".repeat(100);
        assertThat(config("watcher-id=" + id + " aws-role-arn=arn:aws:iam::123456789012:role/dns")
                        .route53()
                        .orElseThrow()
                        .aws()
                        .roles()
                        .getFirst()
                        .session())
                .isEqualTo("muster-" + "a".repeat(57));
    }

    @Test
    void oneCallEndsInThisLeadersTimeWhateverItIs() {
        assertThat(timeout("")).isEqualTo(Duration.ofSeconds(3));
        assertThat(timeout("ttl=6s")).isEqualTo(Duration.ofSeconds(2));
        assertThat(timeout("ttl=60s")).isEqualTo(Duration.ofSeconds(3));
        assertThat(timeout("ttl=60s aws-timeout=20s")).isEqualTo(Duration.ofSeconds(20));
    }

    private static Duration timeout(String words) {
        return config(words).route53().orElseThrow().aws().timeout();
    }

    @Test
    void whatIsOnlyLookedAtTakesNoLockAndHasNoPages() {
        WatcherConfig dry = config("dry-run=true once=true once-within=5s policy=upsert-only");
        assertThat(dry.lock()).isFalse();
        assertThat(dry.manner()).isEqualTo(new Manner(true, true, Duration.ofSeconds(5)));
        assertThat(dry.route53().orElseThrow().policy()).isEqualTo(Policy.UPSERT_ONLY);
        assertThat(config("").manner()).isEqualTo(Manner.LASTING);
        assertThat(config("").lock()).isTrue();
        assertThat(WatcherSettings.http(ConfigsTest.settings(Map.of("once", "true"))))
                .isEqualTo(HttpConfig.OFF);
        assertThat(WatcherSettings.http(ConfigsTest.settings(Map.of("once", "true", "http", "127.0.0.1:0"))))
                .isNotEqualTo(HttpConfig.OFF);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ttl=6s aws-timeout=3s         | --aws-timeout '3s': allowed is at most a third of --ttl, 2000 ms
            route53-zones=exa_mple..com   | --route53-zones 'exa_mple..com'
            route53-zones=Example.com     | --route53-zones 'Example.com': allowed is all, or a zone's name in lower case, or its id, such as
            route53-zones=all,example.com | --route53-zones 'all,example.com': all stands alone: leave it out, or the others
            aws-region=Frankfurt          | --aws-region 'Frankfurt': allowed is a region such as eu-central-1
            aws-endpoint=ftp://a          | --aws-endpoint 'ftp://a': allowed is http://HOST[:PORT]
            aws-endpoint=http://u:p@a     | --aws-endpoint 'http://u:p@a': allowed is http://HOST[:PORT]
            policy=create-only            | --policy 'create-only': allowed are sync, upsert-only
            provider=haproxy policy=upsert-only | --policy 'upsert-only': it is about names, and balancers and files are always whole
            dry-run=true ambassador=a:1 haproxy-binary=/bin/sh | --dry-run 'true': an ambassador listens as long as its watcher runs
            once=true ambassador=a:1 haproxy-binary=/bin/sh | --once 'true': an ambassador listens
            aws-credentials=vault         | --aws-credentials 'vault': allowed are default, etcd
            aws-role-arn=dns              | --aws-role-arn 'dns': allowed is a role's ARN
            aws-external-id=x-1           | --aws-external-id 'x-1': it is told to a role's owner: give --aws-role-arn too
            aws-roles=shop                | --aws-roles 'shop': 'shop': allowed is NAME=ARN or NAME=ARN#EXTERNAL-ID
            aws-roles=shop=dns            | 'shop=dns': allowed is a role's ARN
            aws-roles=Shop=arn:aws:iam::123456789012:role/a | aws_role 'Shop': allowed is a role's name in --aws-roles
            aws-roles=a=arn:aws:iam::123456789012:role/a#? | allowed are 2 to 1224 letters
            aws-roles=a=arn:aws:iam::123456789012:role/a,a=arn:aws:iam::123456789012:role/b | 'a' is given twice
            group=a234567890123456789012345678901234567890123456789 | --group
            """)
    void whatCannotBeIsRefused(String words, String message) {
        assertThatThrownBy(() -> config(words))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message);
    }
}
