package dev.muster.cli;

import dev.muster.doctor.Area;
import dev.muster.doctor.Checkup;
import dev.muster.doctor.Finding;
import dev.muster.doctor.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What a doctor finds, for people: an area's lines as soon as it is done, and below a line what to do about it. */
final class DoctorScreen implements Checkup.Listener {

    /** Of one check where all is well: who runs hundreds of containers looks for the others. */
    private static final int WELL_LINES = 20;

    private static final String INDENT = "        ";

    private final Terminal terminal;
    private final boolean wanted;

    /** @param wanted whether anything is printed */
    DoctorScreen(Terminal terminal, boolean wanted) {
        this.terminal = terminal;
        this.wanted = wanted;
    }

    @Override
    public void waiting(Set<Area> areas) {
        if (!wanted || !terminal.screen()) {
            return;
        }
        terminal.eraseLine();
        if (!areas.isEmpty()) {
            terminal.out()
                    .print(terminal.paint(
                            Terminal.Style.FAINT,
                            "looking at "
                                    + areas.stream().sorted().map(Area::text).collect(Collectors.joining(", "))
                                    + " ..."));
            terminal.out().flush();
        }
    }

    @Override
    public void ended(Area area, List<Finding> findings) {
        if (!wanted || findings.isEmpty()) {
            return;
        }
        terminal.eraseLine();
        terminal.out().println(terminal.paint(Terminal.Style.BOLD, area.text()));
        Map<String, Integer> well = new HashMap<>();
        for (Finding finding : findings) {
            boolean told = finding.level() != Level.OK || well.merge(finding.check(), 1, Integer::sum) <= WELL_LINES;
            if (told) {
                print(finding);
            }
        }
        well.forEach((check, count) -> {
            if (count > WELL_LINES) {
                terminal.out()
                        .println("%s%s: %d more, which --json lists".formatted(INDENT, check, count - WELL_LINES));
            }
        });
    }

    /** The last line. */
    void sum(List<Finding> findings) {
        long wrong = count(findings, Level.FAIL);
        long warnings = count(findings, Level.WARN);
        String line = wrong == 0 ? "nothing is wrong" : "%d wrong".formatted(wrong);
        terminal.out()
                .println("\n"
                        + terminal.paint(
                                wrong > 0 ? Terminal.Style.RED : Terminal.Style.GREEN,
                                "%s, %d to look at, %d well"
                                        .formatted(line, warnings, findings.size() - wrong - warnings)));
    }

    private void print(Finding finding) {
        String mark = "  %-4s  ".formatted(finding.level().name());
        terminal.out().println(terminal.paint(style(finding.level()), mark) + Terminal.safe(finding.seen()));
        if (!finding.mend().isEmpty()) {
            terminal.out().println(INDENT + "-> " + Terminal.safe(finding.mend()));
        }
    }

    private static Terminal.Style style(Level level) {
        return switch (level) {
            case OK -> Terminal.Style.GREEN;
            case WARN -> Terminal.Style.YELLOW;
            case FAIL -> Terminal.Style.RED;
        };
    }

    private static long count(List<Finding> findings, Level level) {
        return findings.stream().filter(finding -> finding.level() == level).count();
    }
}
