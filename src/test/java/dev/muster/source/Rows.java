package dev.muster.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Addresses;
import dev.muster.model.Candidate;
import java.util.List;
import org.junit.jupiter.params.provider.Arguments;

/** One row of a table: a container, and the lines that its registrations are shown as. */
final class Rows {

    static final HostRules RULES = new HostRules("h1", new Addresses("203.0.113.7", "10.1.2.3"), false, false);
    static final HostRules OPT_IN = new HostRules("h1", RULES.addresses(), false, true);
    static final HostRules OWN = new HostRules("h1", RULES.addresses(), true, false);
    static final HostRules LOCAL = new HostRules("h1", new Addresses("", "127.0.0.1"), false, false);

    static final HostRules IPV6 =
            new HostRules("h1", new Addresses("203.0.113.7", "10.1.2.3", "2001:db8::7", "fd00::7"), false, false);
    static final HostRules OWN_IPV6 = new HostRules("h1", IPV6.addresses(), true, false);

    /** The host's addresses as they are shown. */
    static final String HOST = "203.0.113.7|10.1.2.3";

    /** The default check, and where the sample containers themselves are. */
    static final String CHECKED = "TCP 172.17.0.5";

    private Rows() {}

    static Arguments row(String what, HostRules rules, SampleContainers container, String... expected) {
        return Arguments.of(what, rules, container.build(), String.join("\n", expected));
    }

    static void check(String what, HostRules rules, Container container, String expected) {
        assertThat(shown(rules, container)).as(what).isEqualTo(expected);
    }

    /**
     * {@code service/instance public|private:port [ipv6 public|private] protocol check checkAt}, one a line, then who is
     * refused, then who lacks something.
     */
    private static String shown(HostRules rules, Container container) {
        Registrations.Result registrations = new Registrations(rules).of(List.of(container));
        StringBuilder out = new StringBuilder();
        registrations
                .candidates()
                .values()
                .forEach(candidate -> out.append(line(candidate)).append('\n'));
        registrations
                .refused()
                .keySet()
                .forEach(name -> out.append("refused ").append(name).append('\n'));
        registrations
                .incomplete()
                .keySet()
                .forEach(name -> out.append("incomplete ").append(name).append('\n'));
        return out.toString().strip();
    }

    private static String line(Candidate candidate) {
        var instance = candidate.instance();
        String ipv6 = instance.addresses()
                .ipv6()
                .map(addresses -> " [%s|%s]".formatted(addresses.publicIpv6(), addresses.privateIpv6()))
                .orElse("");
        return "%s %s|%s:%d%s %s %s %s"
                .formatted(
                        candidate.id(),
                        instance.addresses().publicIpv4(),
                        instance.addresses().privateIpv4(),
                        instance.port(),
                        ipv6,
                        instance.protocol().text(),
                        instance.check().kind(),
                        candidate.checkAt());
    }
}
