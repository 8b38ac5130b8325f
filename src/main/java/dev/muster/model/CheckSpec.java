package dev.muster.model;

import java.util.regex.Pattern;

/**
 * How an instance's health is judged. A registration carries it, so that a watcher can probe an instance whose lease has
 * expired; {@code UNKNOWN} is a check that this version cannot run and that counts as a bare TCP answer.
 *
 * @param path of {@code HTTP}: what is asked for; else empty
 * @param leastStatus of {@code HTTP}: the lowest status that passes (100-599); else 0
 * @param mostStatus of {@code HTTP}: the highest status that passes; else 0
 */
public record CheckSpec(Kind kind, String path, int leastStatus, int mostStatus) {

    public static final CheckSpec TCP = new CheckSpec(Kind.TCP, "", 0, 0);
    public static final CheckSpec NONE = new CheckSpec(Kind.NONE, "", 0, 0);
    public static final CheckSpec UNKNOWN = new CheckSpec(Kind.UNKNOWN, "", 0, 0);

    private static final Pattern PATH = Pattern.compile("/[!-~]{0,254}");
    private static final Pattern STATUS = Pattern.compile("([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?");

    /**
     * {@code TCP}: a connection is accepted. {@code NONE}: a running container is healthy. {@code HTTP}: a GET is answered
     * with one of the statuses.
     */
    public enum Kind {
        TCP,
        NONE,
        HTTP,
        UNKNOWN
    }

    public CheckSpec {
        if (kind == Kind.HTTP) {
            if (!PATH.matcher(path).matches()) {
                throw new IllegalArgumentException(
                        "check path '%s': allowed is a path that starts with '/', of at most 255 printable characters without blanks"
                                .formatted(Name.printable(path)));
            }
            if (leastStatus < 100 || mostStatus > 599 || leastStatus > mostStatus) {
                throw new IllegalArgumentException("check status '%d-%d': allowed is a range within 100 to 599"
                        .formatted(leastStatus, mostStatus));
            }
        }
    }

    /** @param status one status, or a range of them: {@code 200}, {@code 200-399} */
    public static CheckSpec http(String path, String status) {
        var parts = STATUS.matcher(status);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "check status '%s': allowed is a status or a range, such as 200 or 200-399"
                            .formatted(Name.printable(status)));
        }
        int least = Integer.parseInt(parts.group(1));
        return new CheckSpec(Kind.HTTP, path, least, parts.group(2) == null ? least : Integer.parseInt(parts.group(2)));
    }

    /** The statuses that pass, in the form that {@link #http} takes. */
    public String status() {
        return leastStatus == mostStatus ? Integer.toString(leastStatus) : leastStatus + "-" + mostStatus;
    }

    /** In few words, for people. */
    @Override
    public String toString() {
        return switch (kind) {
            case TCP -> "tcp";
            case NONE -> "none";
            case HTTP -> "http " + path + " " + status();
            case UNKNOWN -> "of a kind that this version does not know";
        };
    }
}
