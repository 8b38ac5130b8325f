package dev.muster.provider.haproxy;

import java.util.Comparator;

/**
 * What a request must look like within one frontend. Empty text means any. The order is the one in which ways are tried: a
 * named host before any host, then the longest path.
 *
 * @param host lower case
 * @param path prefix without a slash at its end
 */
record Way(String host, String path) implements Comparable<Way> {

    private static final Comparator<Way> ORDER = Comparator.comparing(
                    (Way way) -> way.host().isEmpty())
            .thenComparingInt(way -> -way.path().length())
            .thenComparing(Way::host)
            .thenComparing(Way::path);

    @Override
    public int compareTo(Way other) {
        return ORDER.compare(this, other);
    }

    /** The condition, with a space before it; nothing where everything matches. The path variable ends with a slash. */
    String condition() {
        return (host.isEmpty() && path.isEmpty() ? "" : " if")
                + (host.isEmpty() ? "" : " { var(txn.muster_host) -m str " + host + " }")
                + (path.isEmpty() ? "" : " { var(txn.muster_path) -m beg " + path + "/ }");
    }
}
