package dev.muster.config;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/** What {@code muster release} is told. */
public final class ReleaseSettings {

    public static final Setting<List<String>> PROVIDER = Setting.optional(
            "provider",
            "NAME[,NAME...]",
            Values.listOf(Values.wordOf(Set.of(
                    WatcherSettings.HAPROXY,
                    WatcherSettings.TEMPLATE,
                    WatcherSettings.ROUTE53,
                    WatcherSettings.AMBASSADOR))),
            "at these alone: haproxy, template, route53, ambassador (default: wherever something of it is held)");

    public static final Setting<Duration> WAIT = Setting.of(
            "wait",
            "DURATION",
            "10s",
            Values.durationBetween("100ms", "10m"),
            "how long watchers may take to let go, 100ms to 10m; what they have not let go by then stays released until 10m are over");

    public static final Setting<String> BY = Setting.optional(
            "by",
            "NAME",
            Values::name,
            "who says so, for the watchers' logs (default: the user's and the host's name)");

    private ReleaseSettings() {}

    public static List<Setting<?>> all() {
        return List.of(PROVIDER, WAIT, BY);
    }

    public static String by(Settings settings) {
        return settings.find(BY).orElseGet(() -> System.getProperty("user.name") + "@" + HostName.read(BY));
    }
}
