package dev.muster.model;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The settings that a service may have, each with its grammar: the one table that readers, {@code muster set} and the
 * documentation go by. Other names beside the instances are somebody else's, an alias for instance, and are left alone.
 */
public final class ServiceSettings {

    private static final Pattern HOST = Pattern.compile(
            "(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");
    private static final Pattern GROUP_OR_ARN = Pattern.compile(
            "[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?|arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:targetgroup/[A-Za-z0-9-]{1,32}/[0-9a-f]{16}");
    private static final Pattern BALANCER = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?");
    private static final Pattern CHECKED_PATH = Pattern.compile("/?[A-Za-z0-9._~/@:+%=&?-]{0,254}");
    private static final Pattern SHA1 = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern CERTIFICATES = pem("CERTIFICATE");
    private static final Pattern KEY = pem("(?:RSA )?PRIVATE KEY");

    public static final ServiceSetting<String> TARGET_GROUP = ServiceSetting.text(
            "target_group",
            "NAME|ARN",
            GROUP_OR_ARN,
            "a target group's name or ARN",
            "target group of an ELBv2 balancer that it feeds");

    public static final ServiceSetting<String> LOAD_BALANCER = ServiceSetting.text(
            "load_balancer",
            "NAME",
            BALANCER,
            "a balancer's name, 1 to 32 letters, digits and dashes",
            "classic load balancer that it feeds");

    /** Read as lbhelper read it: a path without its leading slash, or with one. The value always has it. */
    public static final ServiceSetting<String> HEALTH_URL = new ServiceSetting<>(
            "health_url",
            "PATH",
            false,
            "a path such as health.php or /health?full=1, of letters, digits and ._~/@:+%=&?-",
            text -> (text.startsWith("/") ? "" : "/")
                    + ServiceSetting.matching(CHECKED_PATH).apply(text),
            "path that balancers ask to find out whether an instance is well (without it they only connect)");

    public static final ServiceSetting<String> HEALTH_DIGEST = ServiceSetting.text(
            "health_digest",
            "SHA1",
            SHA1,
            "the SHA-1 of the whole answer, 40 lower-case hex digits",
            "what an answer of health_url must be, where the balancer is a cloud's");

    public static final ServiceSetting<String> MASTER = new ServiceSetting<>(
            "master",
            "INSTANCE",
            false,
            "an instance's id",
            text -> {
                if (!Name.isValid(text)) {
                    throw new IllegalArgumentException();
                }
                return text;
            },
            "instance that is the master, for balancers that follow it alone");

    public static final ServiceSetting<List<Route>> ROUTE = new ServiceSetting<>(
            "route",
            "ROUTE[,...]",
            false,
            "[HOST][:PORT][/PATH], several with commas between, such as www.example.com,*.shop.example.com/api,"
                    + " or JSON such as [{\"host\":\"www.example.com\",\"path\":\"/api\",\"port\":8081}]",
            RouteText::parse,
            "how requests find it; replaces what labels say");

    public static final ServiceSetting<String> SSL_CERT = ServiceSetting.text(
            "ssl_cert", "PEM", CERTIFICATES, "a certificate and its chain in PEM", "its certificate");

    public static final ServiceSetting<String> SSL_KEY = new ServiceSetting<>(
            "ssl_key",
            "PEM",
            true,
            "a private key in PEM, not encrypted, in PKCS#8 or PKCS#1 (openssl pkcs8 -topk8 -nocrypt makes one)",
            ServiceSetting.matching(KEY),
            "the key of its certificate");

    public static final ServiceSetting<Boolean> HTTPS_REDIRECT =
            ServiceSetting.truth("https_redirect", "plain HTTP requests are sent to HTTPS");

    public static final ServiceSetting<ServerTls> SERVER_TLS = new ServiceSetting<>(
            "server_tls",
            "off|verify|no-verify",
            false,
            "off, verify or no-verify",
            ServerTls::parse,
            "whether balancers speak TLS to its instances, and whether they verify their certificates");

    public static final ServiceSetting<String> SERVER_TLS_NAME = ServiceSetting.text(
            "server_tls_name",
            "NAME",
            HOST,
            "a host name",
            "name that instances are asked for by SNI and that their certificates must have");

    public static final ServiceSetting<String> SERVER_TLS_CA = ServiceSetting.text(
            "server_tls_ca",
            "PEM",
            CERTIFICATES,
            "one or more certificates in PEM",
            "authorities that instances' certificates must come from (without it the machine's own)");

    public static final ServiceSetting<BackendOptions> HAPROXY_OPTIONS = new ServiceSetting<>(
            "haproxy_options",
            "NAME=VALUE[,...]",
            false,
            "NAME=VALUE, several with commas between, of: " + BackendOption.summary(),
            BackendOptions::parse,
            "how HAProxy treats its requests");

    private static final List<ServiceSetting<?>> OTHERS = List.of(
            TARGET_GROUP,
            LOAD_BALANCER,
            HEALTH_URL,
            HEALTH_DIGEST,
            MASTER,
            ROUTE,
            SSL_CERT,
            SSL_KEY,
            HTTPS_REDIRECT,
            SERVER_TLS,
            SERVER_TLS_NAME,
            SERVER_TLS_CA,
            HAPROXY_OPTIONS);

    private static final List<ServiceSetting<?>> ALL =
            Stream.concat(DnsSettings.ALL.stream(), OTHERS.stream()).toList();

    private static final SortedMap<String, ServiceSetting<?>> BY_NAME = ALL.stream()
            .collect(Collectors.toMap(ServiceSetting::name, Function.identity(), (one, other) -> one, TreeMap::new));

    private ServiceSettings() {}

    /** Every setting, in the order in which they are explained to people. */
    public static List<ServiceSetting<?>> all() {
        return ALL;
    }

    public static Optional<ServiceSetting<?>> find(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** Their names, which can therefore be no instance's. */
    static Set<String> names() {
        return BY_NAME.keySet();
    }

    /**
     * For whoever writes one.
     *
     * @throws IllegalArgumentException where there is no such setting, or the value is none of it
     */
    public static void check(String name, String text) {
        find(name)
                .orElseThrow(() -> new IllegalArgumentException("setting '%s': allowed are %s"
                        .formatted(Name.printable(name), String.join(", ", BY_NAME.keySet()))))
                .parse(text);
    }

    /** What is wrong among the settings of a service, by name; those that are somebody else's are not looked at. */
    public static SortedMap<String, String> faults(Map<String, String> settings) {
        SortedMap<String, String> faults = new TreeMap<>();
        settings.forEach((name, text) -> find(name).ifPresent(setting -> {
            try {
                setting.parse(text);
            } catch (IllegalArgumentException e) {
                faults.put(name, String.valueOf(e.getMessage()));
            }
        }));
        return faults;
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** One or more blocks of this kind; possessive, since a text that is no PEM must not take long to refuse. */
    private static Pattern pem(String kind) {
        return Pattern.compile("(?s)(?:(?:[^-]|-(?!----BEGIN ))*+-----BEGIN (?:" + kind
                + ")-----[A-Za-z0-9+/=\\s]++-----END [A-Z ]++-----\\s*+)++");
    }
}
