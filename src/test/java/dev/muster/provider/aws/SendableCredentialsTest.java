package dev.muster.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.muster.config.AwsConfig;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.route53.Route53Client;

class SendableCredentialsTest {

    private static AwsException refusal(AwsCredentials found) {
        return AwsErrors.of(
                "ListHostedZones",
                catchThrowableOfType(SdkException.class, new SendableCredentials(() -> found)::resolveCredentials));
    }

    /** Nothing is sent: what the client says of such a header would repeat it. */
    @Test
    void a_key_with_the_end_of_a_line_in_it_is_refused_by_a_word_and_ends_nothing() {
        Map<String, String> stored =
                Map.of("/secrets/aws_access_key_id", "AKIA\nHUSH", "/secrets/aws_secret_access_key", "hush");
        AwsConfig config = new AwsConfig(
                Optional.empty(),
                Optional.of(URI.create("http://127.0.0.1:9")),
                Duration.ofSeconds(1),
                AwsConfig.Credentials.ETCD,
                List.of());
        AwsCalls calls = new AwsCalls(new TokenBucket(100, 100, System::nanoTime), new Random(1), pause -> {});
        try (Route53Client client = AwsClients.make(
                Route53Client.builder(), config, "aws-global", path -> Optional.ofNullable(stored.get(path)))) {
            AwsException refused = catchThrowableOfType(
                    AwsException.class, () -> calls.read("ListHostedZones", client::listHostedZones));
            assertThat(refused)
                    .hasMessage(
                            "ListHostedZones: no credentials: the access key id that was found has other characters;"
                                    + " allowed are letters, digits and '_'");
            assertThat(refused.kind()).isEqualTo(AwsException.Kind.DENIED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"to\nken", "to ken", "t\u00f6ken", "token\u0000"})
    void a_token_that_cannot_be_sent_is_not_repeated(String token) {
        assertThat(refusal(AwsSessionCredentials.create("AKIA1", "hush", token)))
                .hasMessage("ListHostedZones: no credentials: the session token that was found has other characters;"
                        + " allowed are visible characters of ASCII");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hu\nsh", "{\"value\": \"hush\"}"})
    void nor_is_a_secret_key(String key) {
        assertThat(refusal(AwsBasicCredentials.create("AKIA1", key)))
                .hasMessageContaining("the secret access key that was found")
                .hasMessageNotContaining("sh\"");
    }

    @Test
    void what_can_be_sent_is_left_as_it_is() {
        AwsCredentials found = AwsSessionCredentials.create("ASIA_1", "a/b+c=", "IQoJb3JpZ2lu//=+");
        assertThat(new SendableCredentials(() -> found).resolveCredentials()).isSameAs(found);
    }
}
