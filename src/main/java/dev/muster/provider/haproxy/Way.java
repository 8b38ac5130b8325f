package dev.muster.provider.haproxy;

import dev.muster.model.Route;
import java.util.Comparator;

/**
 * What a request must look like within one frontend. Empty text means any. The order is the one in which ways are tried: a
 * host's own name, then every host below a name, the longest name first, then any host; for one host the longest path first.
 *
 * @param host lower case, or {@code *.} and a name
 * @param path prefix without a slash at its end
 */
record Way(String host, String path) implements Comparable<Way> {

    private static final Comparator<Way> ORDER = Comparator.comparingInt(
                    (Way way) -> way.host().isEmpty()
                            ? Integer.MAX_VALUE
                            : way.isBelow() ? 1000 - way.host().length() : 0)
            .thenComparingInt(way -> -way.path().length())
            .thenComparing(Way::host)
            .thenComparing(Way::path);

    @Override
    public int compareTo(Way other) {
        return ORDER.compare(this, other);
    }

    private boolean isBelow() {
        return host.startsWith(Route.BELOW);
    }

    /** The condition, with a space before it; nothing where everything matches. The path variable ends with a slash. */
    String condition() {
        return (host.isEmpty() && path.isEmpty() ? "" : " if")
                + (host.isEmpty()
                        ? ""
                        : " { var(txn.muster_host) -m " + (isBelow() ? "end " + host.substring(1) : "str " + host)
                                + " }")
                + (path.isEmpty() ? "" : " { var(txn.muster_path) -m beg " + path + "/ }");
    }
}
