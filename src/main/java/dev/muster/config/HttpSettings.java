package dev.muster.config;

import java.util.Optional;

/** Where metrics and health are served, as a person sets it. Each role has its own port, so that both fit on one machine. */
public final class HttpSettings {

    public static final Setting<HttpConfig> AGENT = http("127.0.0.1:9464");
    public static final Setting<HttpConfig> WATCHER = http("127.0.0.1:9465");

    /** For who looks at both roles. */
    public static final Setting<HttpConfig> EITHER = Setting.optional(
            AGENT.name(),
            AGENT.label(),
            HttpSettings::address,
            "where the role on this machine serves its pages (default: both roles' own)");

    private HttpSettings() {}

    private static Setting<HttpConfig> http(String standard) {
        return Setting.of(
                "http",
                "HOST:PORT|none",
                standard,
                HttpSettings::address,
                "where /metrics, /health/live and /health/ready are served");
    }

    private static HttpConfig address(String text) {
        if (text.equals("none")) {
            return HttpConfig.OFF;
        }
        try {
            HostPort address = HostPort.parse(text);
            if (!address.host().equals("*")) {
                return new HttpConfig(Optional.of(address));
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage() + ", or none", e);
        }
        throw new IllegalArgumentException("allowed is 0.0.0.0:PORT for every address");
    }
}
