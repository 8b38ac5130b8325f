package dev.muster.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a watcher is told, as a person sets it. */
public final class WatcherSettings {

    public static final Setting<List<String>> PROVIDER = Setting.of(
            "provider",
            "NAME[,NAME...]",
            "haproxy",
            Values.listOf(Values.wordOf(Set.of("haproxy"))),
            "what is kept in step: haproxy");

    public static final Setting<String> WATCHER_ID = Setting.optional(
            "watcher-id", "NAME", Values::name, "this watcher's name in its records (default: the host's name)");

    public static final Setting<Duration> PROBE_TIMEOUT = Setting.of(
            "probe-timeout",
            "DURATION",
            "1s",
            Values.durationBetween("10ms", "30s"),
            "how long an instance whose lease has expired may take to answer");

    private WatcherSettings() {}

    /** Every setting of {@code muster watcher} but the ones that all commands share. */
    public static List<Setting<?>> all() {
        List<Setting<?>> all = new ArrayList<>(EtcdSettings.all());
        all.add(PROVIDER);
        all.addAll(HaproxySettings.all());
        all.addAll(RoleSettings.all());
        all.addAll(List.of(WATCHER_ID, PROBE_TIMEOUT, HttpSettings.WATCHER));
        return all;
    }

    /** @param environment for finding HAProxy in {@code PATH} */
    public static WatcherConfig from(Settings settings, Map<String, String> environment) {
        return with(settings, HaproxySettings.from(settings, environment));
    }

    static WatcherConfig with(Settings settings, HaproxyConfig haproxy) {
        String host = RoleSettings.host(settings);
        return new WatcherConfig(
                EtcdSettings.from(settings),
                host,
                settings.find(WATCHER_ID).orElse(host),
                settings.get(PROVIDER),
                haproxy,
                settings.get(RoleSettings.TTL),
                settings.get(RoleSettings.RESYNC),
                settings.get(PROBE_TIMEOUT),
                settings.get(RoleSettings.STATE_DIR),
                !settings.get(RoleSettings.NO_HOST_LOCK),
                settings.get(RoleSettings.FAIL_FAST));
    }
}
