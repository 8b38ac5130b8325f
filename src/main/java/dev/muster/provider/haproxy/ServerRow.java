package dev.muster.provider.haproxy;

import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.plan.TargetState;
import dev.muster.provider.ProviderException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code show servers state} (HAProxy management guide, section 9.3).
 *
 * @param operational 0 is stopped: HAProxy's own check has taken it out
 * @param admin the bits of the administrative state: 0 is ready
 * @param weight the weight in force, 0-256
 * @param line the line itself, for the server state file
 */
record ServerRow(String backend, String server, int operational, int admin, int weight, String line) {

    static final String VERSION = "1";

    static final String COLUMNS = "# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight"
            + " srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health"
            + " srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl"
            + " srv_check_port srv_check_addr srv_agent_addr srv_agent_port";
    private static final int BACKEND = 1;
    private static final int SERVER = 3;
    private static final int OPERATIONAL = 5;
    private static final int ADMIN = 6;
    private static final int WEIGHT = 7;
    private static final int USE_SSL = 20;
    private static final int STOPPED = 0;
    private static final int FORCED_DRAIN = 0x08;
    private static final int MAINTENANCE = 0x01 | 0x02 | 0x04 | 0x20 | 0x40;

    /** @throws ProviderException when the answer is not whole: half an answer would read as servers that are gone */
    static List<ServerRow> parse(String answer) throws ProviderException {
        String[] lines = answer.split("\n", -1);
        if (lines.length < 4
                || !lines[0].equals(VERSION)
                || !lines[1].startsWith(COLUMNS)
                || !answer.endsWith("\n\n")) {
            throw new ProviderException(
                    "HAProxy's answer to 'show servers state' is not whole: " + Answers.shortened(answer));
        }
        List<ServerRow> rows = new ArrayList<>(lines.length);
        for (String line : List.of(lines).subList(2, lines.length - 2)) {
            String[] columns = line.split(" ", -1);
            try {
                rows.add(new ServerRow(
                        columns[BACKEND],
                        columns[SERVER],
                        Integer.parseInt(columns[OPERATIONAL]),
                        Integer.parseInt(columns[ADMIN]),
                        Integer.parseInt(columns[WEIGHT]),
                        line));
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException broken) {
                throw new ProviderException(
                        "HAProxy's answer to 'show servers state' has a line that cannot be read: "
                                + Answers.shortened(line),
                        broken);
            }
        }
        return rows;
    }

    /** Empty for a server that is not Muster's. */
    Optional<ServerName> name() {
        return ServerName.parse(server);
    }

    boolean maintenance() {
        return (admin & MAINTENANCE) != 0;
    }

    /** Ready, and without requests all the same. */
    boolean failing() {
        return admin == 0 && operational == STOPPED;
    }

    boolean draining() {
        return !maintenance() && admin != 0;
    }

    boolean is(Server wanted) {
        return weight == wanted.weight() && (wanted.ready() ? admin == 0 : draining());
    }

    /**
     * As a target of this service.
     *
     * @param meant how the file means it, which tells what the worker cannot: why it gets no requests, and what its weight
     *     was before; null where the file does not know it
     */
    TargetState as(String service, ServerName name, @Nullable TargetState meant) {
        if (admin != 0 && meant != null && meant.state() != InstanceState.UP) {
            return meant;
        }
        InstanceState state =
                admin == 0 ? InstanceState.UP : maintenance() ? InstanceState.DOWN : InstanceState.DRAINING;
        return new TargetState(new InstanceId(service, name.instance()), state, weight);
    }

    /** The line as it is to be once the file is loaded: its health as it is, the rest as wanted. */
    String lineFor(Server wanted) {
        String[] columns = line.split(" ", -1);
        columns[ADMIN] = Integer.toString(wanted.ready() ? 0 : FORCED_DRAIN);
        columns[WEIGHT] = Integer.toString(wanted.weight());
        columns[USE_SSL] = wanted.tls() ? "1" : "0";
        return String.join(" ", columns);
    }

    String path() {
        return backend + "/" + server;
    }
}
