package dev.muster.registry.etcd;

import dev.muster.model.InstanceId;
import io.etcd.jetcd.ByteSequence;
import java.nio.charset.StandardCharsets;

/**
 * Every key that Muster reads or writes; the only class that knows how they are put together.
 *
 * @param prefix where services stand, without a trailing slash ({@code /services})
 */
public record EtcdKeys(String prefix) {

    /** Who leads, who is there and what was done: Muster's own records. */
    private static final String OWN = "/muster/";

    private static final String AGENTS = OWN + "agents/";
    private static final String WATCHERS = OWN + "watchers/";
    private static final String APPLIED = OWN + "applied/";
    private static final String RELEASES = OWN + "release/";
    private static final String LEADERS = OWN + "leader/";
    private static final String EPOCHS = OWN + "epoch/";

    /** Where registrations stand whose layouts have no place for an owner, without a slash at the end. */
    static final String CLAIMS = OWN + "claims";

    /** What a key below the prefix is about. */
    public sealed interface Place {}

    /** One field of an instance. The names are as they stand in the key: nothing has checked them. */
    public record Field(String service, String instance, String field) implements Place {}

    /** A setting of a service, beside its instances. */
    public record Setting(String service, String name) implements Place {}

    /** A goodbye. */
    public record Gone(String service, String instance) implements Place {}

    /** One field of an instance in the layout {@code presence}; as in {@link Field}, nothing has checked the names. */
    public record Present(String service, String instance, String field) implements Place {}

    /** The routes that an agent's containers give to a service. */
    public record Routes(String service, String owner) implements Place {}

    /** Somebody else's business: drain wishes, {@code rscloud} (which is not a service). */
    public record Beside() implements Place {}

    /** Not a key that Muster knows the use of. */
    public record Stray() implements Place {}

    private static final Place BESIDE = new Beside();
    private static final Place STRAY = new Stray();

    /** Every key of every service starts with this. */
    public String services() {
        return prefix + "/";
    }

    /** Every field of the instance starts with this. */
    public String instance(InstanceId id) {
        return prefix + "/" + id.service() + "/" + id.instance() + "/";
    }

    public String field(InstanceId id, String field) {
        return instance(id) + field;
    }

    /** All of the instance in one key: the layout {@code json}, or a claim below {@link #CLAIMS}. */
    static String entry(String root, InstanceId id) {
        return root + "/" + id.service() + "/" + id.instance();
    }

    /** Every field of the instance in the layout {@code presence} starts with this. */
    String presence(InstanceId id) {
        return prefix + "/" + id.service() + "/instances/" + id.instance() + "/";
    }

    /** The routes that this owner's containers give to a service. */
    String routes(String service, String owner) {
        return prefix + "/" + service + "/routes/" + owner;
    }

    public String setting(String service, String name) {
        return prefix + "/" + service + "/" + name;
    }

    public String gone(InstanceId id) {
        return prefix + "/" + id.service() + "/gone/" + id.instance();
    }

    /** The live record of one agent. */
    public static String agent(String owner) {
        return AGENTS + owner;
    }

    public static String agents() {
        return AGENTS;
    }

    /** The live record of one watcher. */
    public static String watcher(String watcher) {
        return WATCHERS + watcher;
    }

    public static String watchers() {
        return WATCHERS;
    }

    /** What one watcher, or group of watchers, has brought to one provider for one service. */
    public static String applied(String service, String provider, String watcher) {
        return APPLIED + service + "/" + provider + "/" + watcher;
    }

    public static String applied() {
        return APPLIED;
    }

    /** What a person lets go that the guard holds. */
    static String release(String service, String provider) {
        return RELEASES + service + "/" + provider;
    }

    static String releases() {
        return RELEASES;
    }

    /** Who leads a group. */
    public static String leader(String group) {
        return LEADERS + group;
    }

    static String leaders() {
        return LEADERS;
    }

    /** The epoch of the last election in a group. */
    static String epoch(String group) {
        return EPOCHS + group;
    }

    /** Every key of the service starts with this. */
    String service(String service) {
        return prefix + "/" + service + "/";
    }

    /** A key that is cheap to read when only the answer's header matters; nothing is ever stored there. */
    public static String probe() {
        return OWN + "probe";
    }

    /** What a key is about; total, whatever the key. */
    public Place parse(String key) {
        int start = prefix.length() + 1;
        if (!key.startsWith(prefix) || key.length() <= start || key.charAt(start - 1) != '/') {
            return STRAY;
        }
        int afterService = key.indexOf('/', start);
        if (afterService <= start || afterService == key.length() - 1) {
            return STRAY;
        }
        String service = key.substring(start, afterService);
        if (service.equals("rscloud")) {
            return BESIDE;
        }
        int afterSecond = key.indexOf('/', afterService + 1);
        if (afterSecond < 0) {
            return new Setting(service, key.substring(afterService + 1));
        }
        String second = key.substring(afterService + 1, afterSecond);
        String third = key.substring(afterSecond + 1);
        return switch (second) {
            case "drain" -> BESIDE;
            case "routes" -> isOneLevel(third) ? new Routes(service, third) : STRAY;
            case "instances" -> presence(service, third);
            case "gone" -> isOneLevel(third) ? new Gone(service, third) : STRAY;
            default -> !second.isEmpty() && isOneLevel(third) ? new Field(service, second, third) : STRAY;
        };
    }

    /** The form in which jetcd takes keys and values. */
    public static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    /** Keys and values as text; bytes that are no UTF-8 become U+FFFD. */
    public static String text(ByteSequence bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static Place presence(String service, String rest) {
        int slash = rest.indexOf('/');
        return slash > 0 && isOneLevel(rest.substring(slash + 1))
                ? new Present(service, rest.substring(0, slash), rest.substring(slash + 1))
                : STRAY;
    }

    private static boolean isOneLevel(String part) {
        return !part.isEmpty() && part.indexOf('/') < 0;
    }
}
