package dev.muster.registry;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Places at which an agent can be made to die as by SIGKILL, so that tests can see what becomes of what it had begun:
 * {@code -Dmuster.crash.at=NAME}, or {@code NAME:N} for the Nth time. Unset, as everywhere but in tests, a place costs
 * nothing.
 */
public enum CrashPoint {
    OWNER_READ,
    LEASE_GRANTED,
    LEASE_ADOPTED,
    OWNER_WRITTEN,
    LEASE_READ,
    MOVED,
    SWEEPING,
    SWEPT,
    PUBLISHING,
    PUBLISHED,
    RENEWING,
    RENEWED,
    ANNOUNCING_ROUTES,
    ROUTES_ANNOUNCED,
    WITHDRAWING,
    GOODBYE_LEASE_GRANTED,
    WITHDRAWN,
    SAYING_GOODBYE,
    GOODBYE_SAID;

    /** The system property. */
    public static final String PROPERTY = "muster.crash.at";

    /** The exit code of a process that died at one: what a shell says of SIGKILL. */
    public static final int EXIT = 137;

    private static final String ARMED = System.getProperty(PROPERTY, "");
    private static final int NTH =
            Integer.parseInt(ARMED.contains(":") ? ARMED.substring(ARMED.indexOf(':') + 1) : "1");
    private static final AtomicInteger TIMES = new AtomicInteger();

    /** Dies here if that was asked for. */
    public void reached() {
        if (!ARMED.isEmpty() && ARMED.replaceAll(":.*", "").equals(label()) && TIMES.incrementAndGet() == NTH) {
            Runtime.getRuntime().halt(EXIT);
        }
    }

    /** As it is named in the property: {@code lease-granted}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
