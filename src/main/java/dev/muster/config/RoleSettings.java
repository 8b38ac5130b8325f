package dev.muster.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What agents and watchers are both told. */
public final class RoleSettings {

    /** Below this, one lost packet may cost the lease. */
    private static final Duration COMFORTABLE_TTL = Duration.ofSeconds(6);

    public static final Setting<String> HOST = Setting.optional(
            "host", "NAME", Values::name, "this machine's name in keys (default: the machine's host name)");

    public static final Setting<Duration> TTL = Setting.of(
            "ttl",
            "DURATION",
            "10s",
            Values.secondsBetween("3s", "300s"),
            "how long etcd keeps what is written after the last sign of life, 3s to 300s");

    public static final Setting<Duration> RESYNC = Setting.of(
            "resync", "DURATION", "60s", Values.durationBetween("1s", "1h"), "how often everything is looked at again");

    public static final Setting<Path> STATE_DIR = Setting.of(
            "state-dir", "DIR", "/run/muster", Values::path, "folder of the lock that keeps a second process out");

    public static final Setting<Boolean> NO_HOST_LOCK =
            Setting.flag("no-host-lock", "take no lock; nothing else may run under the same name");

    public static final Setting<Boolean> FAIL_FAST =
            Setting.flag("fail-fast", "exit when etcd or Docker is absent at the start, instead of waiting");

    private RoleSettings() {}

    static List<Setting<?>> all() {
        return List.of(HOST, TTL, RESYNC, STATE_DIR, NO_HOST_LOCK, FAIL_FAST);
    }

    static String host(Settings settings) {
        return settings.find(HOST).orElseGet(() -> HostName.read(HOST));
    }

    /** Whether it is so short that a person should be told. */
    public static boolean shortTtl(Duration ttl) {
        return ttl.compareTo(COMFORTABLE_TTL) < 0;
    }
}
