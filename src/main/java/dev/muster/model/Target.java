package dev.muster.model;

/** An endpoint as a load balancer knows it: its identity is address AND port. */
public record Target(String address, int port) implements Comparable<Target> {

    public Target {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port '%d': allowed is 1 to 65535".formatted(port));
        }
    }

    /** Reads {@code address:port}, an IPv6 address in brackets; IllegalArgumentException when the text is not that. */
    public static Target parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException("target '%s': allowed is address:port".formatted(Name.printable(text)));
        }
        String address = text.substring(0, colon);
        boolean bracketed = address.startsWith("[") && address.endsWith("]");
        return new Target(
                bracketed ? address.substring(1, address.length() - 1) : address,
                Integer.parseInt(text.substring(colon + 1)));
    }

    /** By hand: a fleet is sorted by it many times over. */
    @Override
    @SuppressWarnings("ReferenceEquality") // what is mostly the very same address need not be compared
    public int compareTo(Target other) {
        int order = address == other.address ? 0 : address.compareTo(other.address);
        return order != 0 ? order : Integer.compare(port, other.port);
    }

    /** {@code address:port}, an IPv6 address in brackets. */
    @Override
    public String toString() {
        return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port;
    }
}
