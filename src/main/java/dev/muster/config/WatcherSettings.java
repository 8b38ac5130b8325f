package dev.muster.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a watcher is told, as a person sets it. */
public final class WatcherSettings {

    private static final String HAPROXY = "haproxy";
    static final String TEMPLATE = "template";
    private static final String AMBASSADOR = "ambassador";
    private static final String ROUTE53 = "route53";

    public static final Setting<List<String>> PROVIDER = Setting.of(
            "provider",
            "NAME[,NAME...]",
            HAPROXY,
            Values.listOf(Values.wordOf(Set.of(HAPROXY, TEMPLATE, ROUTE53))),
            "what is kept in step: haproxy, template, route53; with --ambassador alone these are all");

    public static final Setting<String> WATCHER_ID = Setting.optional(
            "watcher-id", "NAME", Values::name, "this watcher's name in its records (default: the host's name)");

    public static final Setting<String> GROUP = Setting.optional(
            "group",
            "NAME",
            Values::name,
            "watchers that share a target elect one leader in each group: one group for each set of targets (default: one group)");

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
        all.addAll(TemplateSettings.all());
        all.addAll(AmbassadorSettings.all());
        all.addAll(Route53Settings.all());
        all.addAll(RoleSettings.all());
        all.addAll(List.of(WATCHER_ID, GROUP, PROBE_TIMEOUT, HttpSettings.WATCHER));
        return all;
    }

    /** @param environment for finding HAProxy in {@code PATH} */
    public static WatcherConfig from(Settings settings, Map<String, String> environment) {
        Optional<AmbassadorConfig> ambassadors = AmbassadorSettings.from(settings, environment);
        Set<String> providers = new LinkedHashSet<>();
        if (ambassadors.isEmpty() || settings.isAsNear(PROVIDER, AmbassadorSettings.AMBASSADOR)) {
            providers.addAll(settings.get(PROVIDER));
        }
        ambassadors.ifPresent(any -> providers.add(AMBASSADOR));
        return with(
                settings,
                List.copyOf(providers),
                providers.contains(HAPROXY)
                        ? HaproxySettings.from(settings, environment)
                        : HaproxySettings.of(settings, environment),
                providers.contains(TEMPLATE)
                        ? Optional.of(TemplateSettings.from(settings, watcherId(settings)))
                        : Optional.empty(),
                ambassadors,
                providers.contains(ROUTE53) ? Optional.of(Route53Settings.from(settings)) : Optional.empty());
    }

    /** The same as far as HAProxy is concerned, whatever there is of the others. */
    static WatcherConfig with(Settings settings, HaproxyConfig haproxy) {
        return with(settings, settings.get(PROVIDER), haproxy, Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static WatcherConfig with(
            Settings settings,
            List<String> providers,
            HaproxyConfig haproxy,
            Optional<TemplatesConfig> templates,
            Optional<AmbassadorConfig> ambassadors,
            Optional<Route53Config> route53) {
        return new WatcherConfig(
                EtcdSettings.from(settings),
                RoleSettings.host(settings),
                watcherId(settings),
                providers,
                settings.find(GROUP),
                haproxy,
                templates,
                ambassadors,
                route53,
                settings.get(RoleSettings.TTL),
                settings.get(RoleSettings.RESYNC),
                settings.get(PROBE_TIMEOUT),
                settings.get(RoleSettings.STATE_DIR),
                !settings.get(RoleSettings.NO_HOST_LOCK),
                settings.get(RoleSettings.FAIL_FAST));
    }

    private static String watcherId(Settings settings) {
        return settings.find(WATCHER_ID).orElseGet(() -> RoleSettings.host(settings));
    }
}
