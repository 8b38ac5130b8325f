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

    static final String HAPROXY = "haproxy";
    static final String TEMPLATE = "template";
    static final String AMBASSADOR = "ambassador";
    static final String ROUTE53 = "route53";

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

    public static final Setting<Boolean> DRY_RUN =
            Setting.flag("dry-run", "decide and say what would be done; nothing is written anywhere");

    public static final Setting<Boolean> ONCE = Setting.flag(
            "once", "end as soon as all is in step, or is refused or held; with --dry-run, as soon as all is said");

    public static final Setting<Duration> ONCE_WITHIN = Setting.of(
            "once-within",
            "DURATION",
            "60s",
            Values.durationBetween("1s", "1h"),
            "how long that may take, and what others have to end first");

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
        all.addAll(List.of(WATCHER_ID, GROUP, PROBE_TIMEOUT, DRY_RUN, ONCE, ONCE_WITHIN, HttpSettings.WATCHER));
        return all;
    }

    /** The same for a look at what it would do. */
    public static List<Setting<?>> planned() {
        List<Setting<?>> all = all();
        all.removeAll(List.of(DRY_RUN, ONCE, HttpSettings.WATCHER));
        return all;
    }

    /** One that changes nothing, or that ends by itself, runs beside the machine's own: it has no pages unless it is given some. */
    public static HttpConfig http(Settings settings) {
        boolean beside = settings.get(DRY_RUN) || settings.get(ONCE);
        return beside ? settings.find(HttpSettings.WATCHER).orElse(HttpConfig.OFF) : settings.get(HttpSettings.WATCHER);
    }

    private static Manner manner(Settings settings) {
        return new Manner(settings.get(DRY_RUN), settings.get(ONCE), settings.get(ONCE_WITHIN));
    }

    /** @param environment for finding HAProxy in {@code PATH} */
    public static WatcherConfig from(Settings settings, Map<String, String> environment) {
        Optional<AmbassadorConfig> ambassadors = AmbassadorSettings.from(settings, environment);
        Set<String> providers = new LinkedHashSet<>();
        if (ambassadors.isEmpty() || settings.isAsNear(PROVIDER, AmbassadorSettings.AMBASSADOR)) {
            providers.addAll(settings.get(PROVIDER));
        }
        ambassadors.ifPresent(any -> providers.add(AMBASSADOR));
        refuseWhatContradicts(settings, providers);
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
                providers.contains(ROUTE53)
                        ? Optional.of(Route53Settings.from(settings, watcherId(settings)))
                        : Optional.empty());
    }

    /** Of one that would keep names alone. */
    public static WatcherConfig ofNames(Settings settings, Map<String, String> environment) {
        return with(
                settings,
                List.of(ROUTE53),
                HaproxySettings.of(settings, environment),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Route53Settings.from(settings, watcherId(settings))));
    }

    /** What tells which names these are. */
    public static List<Setting<?>> names() {
        List<Setting<?>> all = new ArrayList<>(EtcdSettings.all());
        all.addAll(Route53Settings.all());
        all.remove(Route53Settings.POLICY);
        all.addAll(List.of(GROUP, RoleSettings.TTL, PROBE_TIMEOUT, ONCE_WITHIN));
        return all;
    }

    private static void refuseWhatContradicts(Settings settings, Set<String> providers) {
        if (providers.contains(AMBASSADOR)) {
            for (Setting<Boolean> one : List.of(DRY_RUN, ONCE)) {
                if (settings.get(one)) {
                    throw settings.refuse(
                            one, "an ambassador listens as long as its watcher runs: leave one of the two out");
                }
            }
        }
        if (!providers.contains(ROUTE53)
                && settings.get(Route53Settings.POLICY) != Policy.SYNC
                && settings.isFlag(Route53Settings.POLICY)) {
            throw settings.refuse(
                    Route53Settings.POLICY,
                    "it is about names, and balancers and files are always whole: give --provider route53, or leave it out");
        }
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
                !settings.get(RoleSettings.NO_HOST_LOCK) && !settings.get(DRY_RUN),
                settings.get(RoleSettings.FAIL_FAST),
                manner(settings));
    }

    private static String watcherId(Settings settings) {
        return settings.find(WATCHER_ID).orElseGet(() -> RoleSettings.host(settings));
    }
}
