package dev.muster.provider.aws;

import dev.muster.config.AwsConfig;
import java.util.Optional;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;

/** Makes clients that never try again by themselves: whether a call may be repeated, only its caller knows. */
public final class AwsClients {

    private AwsClients() {}

    /**
     * @param builder of any API's client
     * @param global the region of an API that has none of its own, such as {@code aws-global}; otherwise empty
     */
    public static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C make(
            B builder, AwsConfig config, String global) {
        builder.overrideConfiguration(to -> to.apiCallTimeout(config.timeout())
                .apiCallAttemptTimeout(config.timeout())
                .retryStrategy(AwsRetryStrategy.doNotRetry()));
        builder.httpClientBuilder(UrlConnectionHttpClient.builder()
                .connectionTimeout(config.timeout())
                .socketTimeout(config.timeout()));
        config.endpoint().ifPresent(builder::endpointOverride);
        config.region()
                .or(() -> Optional.of(global).filter(name -> !name.isEmpty()))
                .map(Region::of)
                .ifPresent(builder::region);
        return builder.build();
    }
}
