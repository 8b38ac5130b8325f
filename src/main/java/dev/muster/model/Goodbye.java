package dev.muster.model;

import java.util.Arrays;
import java.util.Locale;

/**
 * The note that a removal was meant. A removal without one is an expiry.
 *
 * @param owner who removed it
 * @param run the run that left
 */
public record Goodbye(InstanceId id, Reason reason, String owner, Run run) {

    /** Why it left, which also says how long others may not publish that run again. */
    public enum Reason {
        /** Exited, removed, or no longer wanted: keeps nobody from publishing. */
        ENDED,
        /** Its stop signal was sent: until it starts anew, or its stop time-out is well past. */
        STOPPING,
        /** Its agent withdraws on its own stop: any owner but the one that said it may not publish this run. */
        LEAVING,
        /** A person drained it: while that wish stands. */
        DRAINED;

        /** The form in keys: lower case. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws IllegalArgumentException naming the value and what is allowed */
        public static Reason parse(String text) {
            return Arrays.stream(values())
                    .filter(reason -> reason.text().equals(text))
                    .findFirst()
                    .orElseThrow(() ->
                            new IllegalArgumentException("reason '%s': allowed are ended, stopping, leaving, drained"
                                    .formatted(Name.printable(text))));
        }
    }
}
