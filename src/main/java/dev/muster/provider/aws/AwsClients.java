package dev.muster.provider.aws;

import dev.muster.config.AwsConfig;
import dev.muster.provider.Secrets;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.AwsClient;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;

/** Makes clients that never try again by themselves: whether a call may be repeated, only its caller knows. */
public final class AwsClients {

    private AwsClients() {}

    /**
     * @param builder of any API's client
     * @param global the region of an API that has none of its own, such as {@code aws-global}; otherwise empty
     * @param secrets read where the keys of whoever calls are kept there
     */
    public static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C make(
            B builder, AwsConfig config, String global, Secrets secrets) {
        builder.overrideConfiguration(to -> to.apiCallTimeout(config.timeout())
                .apiCallAttemptTimeout(config.timeout())
                .retryStrategy(AwsRetryStrategy.doNotRetry()));
        builder.httpClientBuilder(UrlConnectionHttpClient.builder()
                .connectionTimeout(config.timeout())
                .socketTimeout(config.timeout()));
        builder.credentialsProvider(credentials(config, secrets));
        config.endpoint().ifPresent(builder::endpointOverride);
        config.region()
                .or(() -> Optional.of(global).filter(name -> !name.isEmpty()))
                .map(Region::of)
                .ifPresent(builder::region);
        return builder.build();
    }

    /**
     * Finds as whom it calls, where that takes a call of its own: what is called next does not wait for that any more.
     *
     * @param what is done for that, for people
     */
    public static void identify(AwsClient client, String what) throws AwsException {
        try {
            client.serviceClientConfiguration()
                    .credentialsProvider()
                    .resolveIdentity()
                    .join();
        } catch (SdkException e) {
            throw AwsErrors.of(what, e);
        }
    }

    private static AwsCredentialsProvider credentials(AwsConfig config, Secrets secrets) {
        if (!config.roles().isEmpty()) {
            return AssumedRole.of(config, secrets);
        }
        return new SendableCredentials(
                switch (config.credentials()) {
                    case DEFAULT -> DefaultCredentialsProvider.builder().build();
                    case ETCD -> new StoredCredentials(secrets, System::nanoTime);
                });
    }
}
