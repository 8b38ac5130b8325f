package dev.muster.config;

import dev.muster.model.Addresses;
import dev.muster.model.InstanceId;
import dev.muster.model.Protocol;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process that runs in no container and is to be registered: {@code web/web01=8080}, or
 * {@code db/db1=10.1.2.3:5432/tcp}.
 *
 * @param address IPv4, or IPv6 which is written in brackets; the host's own where it is not given
 * @param protocol http where it is not given
 */
public record StaticEntry(InstanceId id, Optional<String> address, int port, Protocol protocol) {

    static final String ALLOWED =
            "allowed is SERVICE/INSTANCE=[ADDRESS:]PORT[/PROTOCOL], such as web/web01=8080 or db/db1=10.1.2.3:5432/tcp";

    private static final Pattern FORM =
            Pattern.compile("([^/=]+)/([^/=]+)=(?:([0-9.]+|\\[[^\\]]+\\]):)?([0-9]{1,5})(?:/(http|tcp|udp))?");

    /** @throws IllegalArgumentException saying what is allowed */
    public static StaticEntry parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(ALLOWED);
        }
        Optional<String> literal = Optional.ofNullable(parts.group(3));
        Optional<String> address = literal.map(given -> given.replaceAll("[\\[\\]]", ""));
        boolean bracketed = literal.filter(given -> given.startsWith("[")).isPresent();
        if (address.filter(given -> bracketed ? !Addresses.isIpv6(given) : !Addresses.isIpv4(given))
                .isPresent()) {
            throw new IllegalArgumentException(ALLOWED);
        }
        Optional<String> protocol = Optional.ofNullable(parts.group(5));
        return new StaticEntry(
                new InstanceId(parts.group(1), parts.group(2)),
                address,
                Values.between(1, 65535).apply(parts.group(4)),
                protocol.map(word -> Protocol.parse("protocol", word)).orElse(Protocol.HTTP));
    }
}
