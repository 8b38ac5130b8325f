package dev.muster.doctor;

/**
 * One look at one thing, which stands beside what it looks at. It changes nothing for good, and shares nothing with other
 * checks: one that hangs keeps none of them from ending.
 */
public interface Check {

    Area area();

    /** In small letters and dashes, as its findings have it where it makes only one kind. */
    String name();

    /**
     * Looks.
     *
     * @param report takes what is found, as it is found: what was said before the time is over is kept
     * @throws InterruptedException when the time is over
     */
    void run(Report report) throws InterruptedException;
}
