package dev.muster.config;

/**
 * A place to listen at.
 *
 * @param host a name or address without brackets; {@code *} for every address where that is allowed
 * @param port 0-65535; 0 is "any free one" where that is allowed
 */
public record HostPort(String host, int port) {

    static final String ALLOWED = "allowed is HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080";

    /** @throws IllegalArgumentException saying what is allowed */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException(ALLOWED);
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException(ALLOWED);
        }
        if (host.isEmpty() || !host.chars().allMatch(HostPort::isHostCharacter)) {
            throw new IllegalArgumentException(ALLOWED);
        }
        return new HostPort(host, Values.between(0, 65535).apply(text.substring(colon + 1)));
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    private static boolean isHostCharacter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || ".:_-*%".indexOf(c) >= 0;
    }
}
