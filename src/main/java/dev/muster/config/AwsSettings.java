package dev.muster.config;

import dev.muster.model.DnsSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** How AWS is reached, as a person sets it. */
public final class AwsSettings {

    public static final Setting<String> REGION = Setting.optional(
            "aws-region",
            "NAME",
            AwsSettings::region,
            "AWS's region (default: what the environment, the profile or the machine says)");

    public static final Setting<URI> ENDPOINT = Setting.optional(
            "aws-endpoint", "URL", AwsSettings::endpoint, "call this instead of AWS: an emulator or a proxy");

    public static final Setting<Duration> TIMEOUT = Setting.optional(
            "aws-timeout",
            "DURATION",
            Values.durationBetween("100ms", "60s"),
            "how long one call to AWS may take; at most a third of --ttl (default: 3s, or that third where it is less)");

    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(3);

    public static final Setting<AwsConfig.Credentials> CREDENTIALS = Setting.of(
            "aws-credentials",
            "default|etcd",
            "default",
            Values.oneOf(AwsConfig.Credentials.class),
            "where keys are found: default is the SDK's chain; etcd: /secrets/aws_access_key_id and /secrets/aws_secret_access_key");

    public static final Setting<String> ROLE_ARN =
            Setting.optional("aws-role-arn", "ARN", AwsSettings::role, "take this role, by STS, and call as that");

    public static final Setting<String> EXTERNAL_ID = Setting.optional(
            "aws-external-id", "TEXT", AwsSettings::externalId, "what the role's owner wants to be told");

    public static final Setting<List<NamedRole>> ROLES = Setting.optional(
            "aws-roles",
            "NAME=ARN[#EXTERNAL-ID][,...]",
            Values.listOf(AwsSettings::namedRole),
            "roles among which services choose by aws_role, each with the zones of its own account");

    private static final String ALLOWED_ROLE =
            "allowed is NAME=ARN or NAME=ARN#EXTERNAL-ID, such as shop=arn:aws:iam::123456789012:role/muster#x-1";

    /** The longest name of a session that STS takes (AssumeRole, RoleSessionName). */
    private static final int LONGEST_SESSION = 64;

    /**
     * A role among those that services may choose.
     *
     * @param name as settings and labels have it
     */
    record NamedRole(String name, String arn, Optional<String> externalId) {}

    private AwsSettings() {}

    static List<Setting<?>> all() {
        return List.of(REGION, ENDPOINT, TIMEOUT, CREDENTIALS, ROLE_ARN, EXTERNAL_ID, ROLES);
    }

    /** @param watcher the watcher's id, by which an account's log knows who took a role */
    static AwsConfig from(Settings settings, String watcher) {
        Optional<String> role = settings.find(ROLE_ARN);
        Optional<String> externalId = settings.find(EXTERNAL_ID);
        if (role.isEmpty() && externalId.isPresent()) {
            throw settings.refuse(EXTERNAL_ID, "it is told to a role's owner: give --aws-role-arn too");
        }
        return new AwsConfig(
                settings.find(REGION),
                settings.find(ENDPOINT),
                timeout(settings),
                settings.get(CREDENTIALS),
                role.map(arn -> new AwsConfig.Role(arn, externalId, session(watcher))).stream()
                        .toList());
    }

    /** By its name, who calls in place of {@code itself} where a service has chosen a role: it takes that role. */
    static SortedMap<String, AwsConfig> roles(Settings settings, AwsConfig itself, String watcher) {
        SortedMap<String, AwsConfig> roles = new TreeMap<>();
        for (NamedRole role : settings.find(ROLES).orElse(List.of())) {
            AwsConfig taking = itself.taking(new AwsConfig.Role(role.arn(), role.externalId(), session(watcher)));
            if (roles.put(role.name(), taking) != null) {
                throw settings.refuse(ROLES, "'%s' is given twice".formatted(role.name()));
            }
        }
        return roles;
    }

    private static String session(String watcher) {
        String session = "muster-" + watcher.replaceAll("[^A-Za-z0-9_+=,.@-]", "-");
        return session.substring(0, Math.min(session.length(), LONGEST_SESSION));
    }

    private static NamedRole namedRole(String text) {
        String[] named = text.split("=", 2);
        String[] role = named[named.length - 1].split("#", 2);
        try {
            if (named.length == 2) {
                return new NamedRole(
                        DnsSettings.ROLE.parse(named[0]),
                        role(role[0]),
                        role.length == 2 ? Optional.of(externalId(role[1])) : Optional.empty());
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'%s': %s; %s".formatted(text, e.getMessage(), ALLOWED_ROLE), e);
        }
        throw new IllegalArgumentException("'%s': %s".formatted(text, ALLOWED_ROLE));
    }

    /** No longer than what keeps a call from arriving in another leader's time. */
    private static Duration timeout(Settings settings) {
        Duration most = settings.get(RoleSettings.TTL).dividedBy(3);
        Duration usual = USUAL_TIMEOUT.compareTo(most) < 0 ? USUAL_TIMEOUT : most;
        Duration timeout = settings.find(TIMEOUT).orElse(usual);
        if (timeout.compareTo(most) > 0) {
            throw settings.refuse(TIMEOUT, "allowed is at most a third of --ttl, %d ms".formatted(most.toMillis()));
        }
        return timeout;
    }

    private static String role(String text) {
        if (!text.matches("arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]{1,576}")) {
            throw new IllegalArgumentException(
                    "allowed is a role's ARN, such as arn:aws:iam::123456789012:role/muster");
        }
        return text;
    }

    /** As STS takes it (AssumeRole, ExternalId). */
    private static String externalId(String text) {
        if (!text.matches("[A-Za-z0-9_+=,.@:/-]{2,1224}")) {
            throw new IllegalArgumentException("allowed are 2 to 1224 letters, digits and _+=,.@:/-");
        }
        return text;
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
