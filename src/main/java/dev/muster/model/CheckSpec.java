package dev.muster.model;

/**
 * How an instance's health is judged. A registration carries it, so that a watcher can probe an instance whose lease has
 * expired; {@code UNKNOWN} is a check that this version cannot run and that counts as a bare TCP answer.
 */
public record CheckSpec(Kind kind) {

    public static final CheckSpec TCP = new CheckSpec(Kind.TCP);
    public static final CheckSpec NONE = new CheckSpec(Kind.NONE);
    public static final CheckSpec UNKNOWN = new CheckSpec(Kind.UNKNOWN);

    /** {@code TCP}: a connection is accepted. {@code NONE}: a running container is healthy. */
    public enum Kind {
        TCP,
        NONE,
        UNKNOWN
    }
}
