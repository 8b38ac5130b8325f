package dev.muster.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.muster.provider.ProviderException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

class StoredCredentialsTest {

    private static final String KEY_ID = "/secrets/aws_access_key_id";
    private static final String KEY = "/secrets/aws_secret_access_key";

    private final Map<String, String> etcd = new HashMap<>(Map.of(KEY_ID, "AKIA1\n", KEY, " hush "));
    private long nanos;
    private boolean away;
    private int readings;
    private final StoredCredentials credentials = new StoredCredentials(
            path -> {
                readings++;
                if (away) {
                    throw new ProviderException("etcd does not answer");
                }
                return Optional.ofNullable(etcd.get(path));
            },
            () -> nanos);

    private String keyId() {
        return credentials.resolveCredentials().accessKeyId();
    }

    @Test
    void keysAreReadOnceAMinuteWithoutTheBlanksAroundThem() {
        assertThat(credentials.resolveCredentials().secretAccessKey()).isEqualTo("hush");
        assertThat(keyId()).isEqualTo("AKIA1");
        assertThat(readings).isEqualTo(2);
        etcd.put(KEY_ID, "AKIA2");
        assertThat(keyId()).isEqualTo("AKIA1");
        nanos = 60_000_000_000L;
        assertThat(keyId()).isEqualTo("AKIA2");
    }

    @Test
    void theLastOnesHoldWhileEtcdIsAway() {
        assertThat(keyId()).isEqualTo("AKIA1");
        nanos = 60_000_000_000L;
        away = true;
        assertThat(keyId()).isEqualTo("AKIA1");
        int asked = readings;
        assertThat(keyId()).isEqualTo("AKIA1");
        assertThat(readings).as("no call waits for etcd twice in a minute").isEqualTo(asked);
        away = false;
        etcd.put(KEY_ID, "AKIA2");
        nanos = 120_000_000_000L;
        assertThat(keyId()).isEqualTo("AKIA2");
    }

    @Test
    void thatTheyAreGoneIsSaidOnceAndTheLastOnesHold() {
        Logger logger = (Logger) LoggerFactory.getLogger(StoredCredentials.class);
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        logger.addAppender(said);
        try {
            keyId();
            etcd.clear();
            for (long minute = 1; minute < 4; minute++) {
                nanos = minute * 60_000_000_000L;
                assertThat(keyId()).isEqualTo("AKIA1");
            }
            etcd.putAll(Map.of(KEY_ID, "AKIA3", KEY, "hush"));
            nanos = 300_000_000_000L;
            assertThat(keyId()).isEqualTo("AKIA3");
        } finally {
            logger.detachAppender(said);
        }
        assertThat(said.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "the keys for AWS cannot be read from etcd, the last ones hold: there is no " + KEY_ID,
                        "the keys for AWS can be read from etcd again");
    }

    @Test
    void whereThereIsNoneThatIsSaidAndNothingSecret() {
        etcd.remove(KEY_ID);
        SdkException none = catchThrowableOfType(SdkException.class, credentials::resolveCredentials);
        AwsException sorted = AwsErrors.of("ListHostedZones", none);
        assertThat(sorted).hasMessage("ListHostedZones: no credentials: there is no /secrets/aws_access_key_id");
        assertThat(sorted.kind()).isEqualTo(AwsException.Kind.DENIED);
    }
}
