package dev.muster.provider.aws;

import dev.muster.config.AwsConfig;
import dev.muster.provider.Secrets;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/** A role that is taken by STS, and again before its hour is over. Who takes none loads nothing of it. */
final class AssumedRole {

    private static final String SESSION = "muster";

    private AssumedRole() {}

    /** By whoever calls otherwise. */
    static AwsCredentialsProvider of(AwsConfig config, AwsConfig.Role role, Secrets secrets) {
        AwsConfig itself = new AwsConfig(
                config.region(), config.endpoint(), config.timeout(), config.credentials(), Optional.empty());
        return StsAssumeRoleCredentialsProvider.builder()
                .stsClient(AwsClients.make(StsClient.builder(), itself, "aws-global", secrets))
                .refreshRequest(to -> {
                    to.roleArn(role.arn()).roleSessionName(SESSION);
                    role.externalId().ifPresent(to::externalId);
                })
                .build();
    }
}
