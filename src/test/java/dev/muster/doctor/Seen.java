package dev.muster.doctor;

import java.util.List;

/** A check that was run, in lines that a test can compare: {@code FAIL name: what is seen -> what to do}. */
public final class Seen {

    private Seen() {}

    public static List<String> by(Check check) throws InterruptedException {
        Report report = new Report(check.area());
        check.run(report);
        return report.findings().stream().map(Seen::line).toList();
    }

    static String line(Finding finding) {
        String line = "%s %s: %s".formatted(finding.level(), finding.check(), finding.seen());
        return finding.mend().isEmpty() ? line : line + " -> " + finding.mend();
    }
}
