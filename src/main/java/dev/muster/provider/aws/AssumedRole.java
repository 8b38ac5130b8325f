package dev.muster.provider.aws;

import dev.muster.config.AwsConfig;
import dev.muster.provider.Secrets;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/**
 * A role that is taken by STS, and again before its hour is over. Who takes none loads nothing of it.
 *
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html">AssumeRole</a>
 */
final class AssumedRole {

    private AssumedRole() {}

    /** The last of these, by whoever calls without it. */
    static StsAssumeRoleCredentialsProvider of(AwsConfig config, Secrets secrets) {
        AwsConfig.Role role = config.roles().getLast();
        AwsConfig before =
                config.taking(config.roles().subList(0, config.roles().size() - 1));
        return StsAssumeRoleCredentialsProvider.builder()
                .stsClient(AwsClients.make(StsClient.builder(), before, "aws-global", secrets))
                .refreshRequest(to -> {
                    to.roleArn(role.arn()).roleSessionName(role.session());
                    role.externalId().ifPresent(to::externalId);
                })
                .asyncCredentialUpdateEnabled(true)
                .build();
    }
}
