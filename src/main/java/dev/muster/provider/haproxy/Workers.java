package dev.muster.provider.haproxy;

import dev.muster.provider.ProviderException;
import java.util.ArrayList;
import java.util.List;

/**
 * HAProxy's processes, as {@code show proc} on the master socket tells them.
 *
 * @param master its process id, the same over all reloads
 * @param failures reloads that failed since the last good one
 * @param current the worker that accepts connections
 * @param old workers that finish what they have
 */
record Workers(long master, int failures, long current, List<Long> old) {

    /** Every worker that may carry requests. */
    List<Long> all() {
        List<Long> all = new ArrayList<>(List.of(current));
        all.addAll(old);
        return all;
    }

    static Workers parse(String answer) throws ProviderException {
        long master = 0;
        int failures = 0;
        List<Long> workers = new ArrayList<>();
        List<Long> old = new ArrayList<>();
        List<Long> section = workers;
        try {
            for (String line : answer.lines().toList()) {
                if (line.startsWith("#")) {
                    section = line.startsWith("# old workers") ? old : workers;
                    continue;
                }
                String[] columns = line.strip().split("\\s+", -1);
                if (columns.length < 2) {
                    continue;
                }
                if (columns[1].equals("master")) {
                    master = Long.parseLong(columns[0]);
                    int failed = line.indexOf("[failed: ");
                    failures = failed < 0 ? 0 : Integer.parseInt(line.substring(failed + 9, line.indexOf(']', failed)));
                } else if (columns[1].equals("worker")) {
                    section.add(Long.parseLong(columns[0]));
                }
            }
        } catch (NumberFormatException | StringIndexOutOfBoundsException broken) {
            throw new ProviderException("HAProxy's 'show proc' cannot be read: " + Answers.shortened(answer), broken);
        }
        if (master == 0 || workers.size() != 1) {
            throw new ProviderException("HAProxy has no worker that serves: " + Answers.shortened(answer));
        }
        return new Workers(master, failures, workers.getFirst(), List.copyOf(old));
    }
}
