package dev.muster.provider.aws;

import dev.muster.provider.ProviderException;
import dev.muster.provider.Secrets;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * The keys that a fleet keeps beside its other secrets, where presence-dns had them. They are read again each minute, so that
 * new ones need no restart; while they cannot be read, the last ones hold.
 */
final class StoredCredentials implements AwsCredentialsProvider {

    /** How what it says begins where it has none; what follows says why. */
    static final String NONE = "Unable to load credentials from etcd: ";

    private static final String KEY_ID = "/secrets/aws_access_key_id";
    private static final String KEY = "/secrets/aws_secret_access_key";
    private static final Duration FRESH = Duration.ofMinutes(1);

    private static final Logger log = LoggerFactory.getLogger(StoredCredentials.class);

    private final Secrets secrets;
    private final LongSupplier nanos;
    private @Nullable AwsCredentials last;
    private long readAt;
    private boolean away;

    StoredCredentials(Secrets secrets, LongSupplier nanos) {
        this.secrets = secrets;
        this.nanos = nanos;
    }

    @Override
    public synchronized AwsCredentials resolveCredentials() {
        AwsCredentials known = last;
        if (known != null && nanos.getAsLong() - readAt < FRESH.toNanos()) {
            return known;
        }
        try {
            AwsCredentials now = AwsBasicCredentials.create(read(KEY_ID), read(KEY));
            last = now;
            readAt = nanos.getAsLong();
            if (away) {
                log.info("the keys for AWS can be read from etcd again");
            }
            away = false;
            return now;
        } catch (ProviderException e) {
            if (known == null) {
                throw SdkClientException.create(NONE + e.getMessage(), e);
            }
            readAt = nanos.getAsLong();
            if (!away) {
                log.warn("the keys for AWS cannot be read from etcd, the last ones hold: {}", e.getMessage());
            }
            away = true;
            return known;
        }
    }

    private String read(String path) throws ProviderException {
        return secrets.read(path)
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> new ProviderException("there is no " + path));
    }
}
