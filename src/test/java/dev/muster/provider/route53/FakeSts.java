package dev.muster.provider.route53;

import java.util.HashMap;
import java.util.Map;

/**
 * STS as far as it is asked: keys for an hour to whoever takes a role, which are good in that role's account alone.
 *
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html">AssumeRole</a>
 */
final class FakeSts {

    static final String SECRET = "temporary-secret";
    static final String TOKEN = "temporary-token";

    /** The account in which whoever takes no role calls. */
    static final String OWN = "";

    private final Map<String, String> zones = new HashMap<>();

    /** A zone of another account than the caller's own. */
    void owns(String account, String zone) {
        zones.put(zone, account);
    }

    /** Whether whoever calls with this key sees the zone; those of one account do not see another's. */
    boolean sees(String key, String zone) {
        return zones.getOrDefault(zone, OWN).equals(account(key));
    }

    private String account(String key) {
        String said = key.startsWith("ASIA") ? key.substring("ASIA".length()) : OWN;
        return zones.containsValue(said) ? said : OWN;
    }

    /** The role that a request is about. */
    static String role(String body) {
        return body.replaceAll("(?:^|.*&)RoleArn=([^&]*).*", "$1");
    }

    /** @param role its ARN, which names its account */
    String taken(String role) {
        String account = role.split(":", -1)[4];
        return FakeXml.assumedRole(zones.containsValue(account) ? "ASIA" + account : "ASIATEMPORARY", SECRET, TOKEN);
    }
}
