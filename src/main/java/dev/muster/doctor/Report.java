package dev.muster.doctor;

import java.util.ArrayList;
import java.util.List;

/** What one check has found so far. Thread-safe; what comes after the end is not taken. */
public final class Report {

    private final Area area;
    private final List<Finding> findings = new ArrayList<>();
    private boolean ended;

    public Report(Area area) {
        this.area = area;
    }

    public void ok(String check, String seen) {
        add(new Finding(area, check, Level.OK, seen, ""));
    }

    public void warn(String check, String seen, String mend) {
        add(new Finding(area, check, Level.WARN, seen, mend));
    }

    public void fail(String check, String seen, String mend) {
        add(new Finding(area, check, Level.FAIL, seen, mend));
    }

    /** In the order in which they were made. */
    public synchronized List<Finding> findings() {
        return List.copyOf(findings);
    }

    synchronized List<Finding> end() {
        ended = true;
        return findings();
    }

    private synchronized void add(Finding finding) {
        if (!ended) {
            findings.add(finding);
        }
    }
}
