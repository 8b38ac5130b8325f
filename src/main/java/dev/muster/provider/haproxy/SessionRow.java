package dev.muster.provider.haproxy;

import dev.muster.provider.ProviderException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a server has to do now: a line of {@code show stat} (HAProxy management guide, section 9.1).
 *
 * @param sessions requests at it, and those that wait for it
 */
record SessionRow(String backend, String server, int sessions) {

    private static final String COLUMNS = "# pxname,svname,qcur,qmax,scur,";
    private static final int QUEUED = 2;
    private static final int CURRENT = 4;

    /** @throws ProviderException when the answer is not whole: half an answer would read as requests that have ended */
    static List<SessionRow> parse(String answer) throws ProviderException {
        if (!answer.startsWith(COLUMNS) || !answer.endsWith("\n\n")) {
            throw new ProviderException("HAProxy's answer to 'show stat' is not whole: " + Answers.shortened(answer));
        }
        List<SessionRow> rows = new ArrayList<>();
        for (String line : answer.lines().skip(1).filter(l -> !l.isBlank()).toList()) {
            String[] columns = line.split(",", CURRENT + 2);
            try {
                rows.add(new SessionRow(
                        columns[0],
                        columns[1],
                        Integer.parseInt(columns[QUEUED]) + Integer.parseInt(columns[CURRENT])));
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException broken) {
                throw new ProviderException(
                        "HAProxy's 'show stat' has a line that cannot be read: " + Answers.shortened(line), broken);
            }
        }
        return rows;
    }
}
