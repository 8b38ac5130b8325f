package dev.muster.doctor;

import java.util.regex.Pattern;

/**
 * One thing that was looked at.
 *
 * @param check which check of its area found it, in small letters and dashes; programs go by it
 * @param seen a sentence for people, without a full stop
 * @param mend what to do: a command or a flag to copy, or words; empty where all is well, and only there
 */
public record Finding(Area area, String check, Level level, String seen, String mend) {

    private static final Pattern CHECK = Pattern.compile("[a-z]+(-[a-z]+)*");

    public Finding {
        if (!CHECK.matcher(check).matches()) {
            throw new IllegalArgumentException("check '%s': allowed are small letters and dashes".formatted(check));
        }
        if (seen.isBlank()) {
            throw new IllegalArgumentException("seen '': allowed is a sentence");
        }
        if (mend.isBlank() != (level == Level.OK)) {
            throw new IllegalArgumentException(
                    "mend '%s' at level %s: allowed is none where all is well, and one elsewhere"
                            .formatted(mend, level.text()));
        }
    }
}
