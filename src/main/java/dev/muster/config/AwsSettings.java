package dev.muster.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;

/** How AWS is reached, as a person sets it. */
public final class AwsSettings {

    public static final Setting<String> REGION = Setting.optional(
            "aws-region",
            "NAME",
            AwsSettings::region,
            "AWS's region (default: what the environment, the profile or the machine says)");

    public static final Setting<URI> ENDPOINT = Setting.optional(
            "aws-endpoint", "URL", AwsSettings::endpoint, "call this instead of AWS: an emulator or a proxy");

    public static final Setting<Duration> TIMEOUT = Setting.of(
            "aws-timeout",
            "DURATION",
            "3s",
            Values.durationBetween("100ms", "60s"),
            "how long one call to AWS may take; at most a third of --ttl");

    private AwsSettings() {}

    static List<Setting<?>> all() {
        return List.of(REGION, ENDPOINT, TIMEOUT);
    }

    static AwsConfig from(Settings settings) {
        return new AwsConfig(settings.find(REGION), settings.find(ENDPOINT), settings.get(TIMEOUT));
    }

    private static String region(String text) {
        if (!text.matches("[a-z]{2,4}(-[a-z]+){1,3}-[0-9]{1,2}")) {
            throw new IllegalArgumentException("allowed is a region such as eu-central-1");
        }
        return text;
    }

    private static URI endpoint(String text) {
        String allowed = "allowed is http://HOST[:PORT] or https://HOST[:PORT]";
        try {
            URI uri = new URI(text);
            boolean known = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            boolean bare = uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
            if (known && bare && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(allowed, e);
        }
        throw new IllegalArgumentException(allowed);
    }
}
