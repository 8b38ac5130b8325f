package dev.muster.config;

import dev.muster.model.DnsSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** How Route 53 is driven, as a person sets it. */
public final class Route53Settings {

    public static final Setting<List<String>> ZONES = Setting.of(
            "route53-zones",
            "ZONE[,ZONE...]",
            "all",
            Values.listOf(Route53Settings::zone),
            "names or ids of the hosted zones that are read and kept in step; no other is touched");

    public static final Setting<Duration> REREAD = Setting.of(
            "route53-reread",
            "DURATION",
            "60s",
            Values.durationBetween("1s", "1h"),
            "how often they are read whole, which notices what others have changed; 300 record sets are one call");

    public static final Setting<Policy> POLICY = Setting.of(
            "policy",
            "sync|upsert-only",
            "sync",
            Values.oneOf(Policy.class),
            "upsert-only: names and records come and change, and none is ever deleted");

    /** With {@code _muster-route53-} before it, it is a label of a name in DNS (RFC 1035, section 2.3.4). */
    private static final int LONGEST_GROUP = 63 - "_muster-route53-".length();

    private static final String ALL = "all";

    private Route53Settings() {}

    static List<Setting<?>> all() {
        List<Setting<?>> all = new ArrayList<>(AwsSettings.all());
        all.addAll(List.of(ZONES, REREAD, POLICY));
        return all;
    }

    /**
     * @param watcher the watcher's id
     * @throws UsageException also when a call may take so long that it could arrive in another leader's time
     */
    static Route53Config from(Settings settings, String watcher) {
        if (settings.find(WatcherSettings.GROUP)
                .filter(name -> name.length() > LONGEST_GROUP)
                .isPresent()) {
            throw settings.refuse(
                    WatcherSettings.GROUP,
                    "allowed are at most %d characters, for names in DNS".formatted(LONGEST_GROUP));
        }
        List<String> zones = settings.get(ZONES);
        if (zones.size() > 1 && zones.contains(ALL)) {
            throw settings.refuse(ZONES, "all stands alone: leave it out, or the others");
        }
        AwsConfig aws = AwsSettings.from(settings, watcher);
        return new Route53Config(
                aws,
                AwsSettings.roles(settings, aws, watcher),
                zones.equals(List.of(ALL)) ? Set.of() : Set.copyOf(zones),
                settings.get(REREAD),
                settings.get(POLICY));
    }

    private static String zone(String text) {
        try {
            return text.equals(ALL) ? text : DnsSettings.ZONE.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "allowed is all, or " + DnsSettings.ZONE.allowed() + ", or several with commas between", e);
        }
    }
}
