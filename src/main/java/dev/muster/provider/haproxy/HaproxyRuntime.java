package dev.muster.provider.haproxy;

import dev.muster.model.Name;
import dev.muster.provider.ProviderException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The runtime API of one worker, reached through the master socket; each call is a connection of its own. */
final class HaproxyRuntime {

    /** Below the buffer of 16 KiB that a command line must fit into. */
    private static final int MOST_CHARACTERS = 12_000;

    private final HaproxySocket socket;
    private final long worker;

    HaproxyRuntime(HaproxySocket socket, long worker) {
        this.socket = socket;
        this.worker = worker;
    }

    /**
     * What a worker serves.
     *
     * @param description in the file that it has loaded, or empty
     */
    record Found(String description, List<ServerRow> servers) {}

    /** Both in one question, since every change waits for the answer. */
    Found look() throws ProviderException {
        String answer = ask("@!%1$d show info;@!%1$d show servers state".formatted(worker));
        int end = answer.indexOf("\n\n");
        if (!answer.startsWith("Name:") || end < 0) {
            throw new ProviderException("HAProxy's answer to 'show info' is not whole: " + Answers.shortened(answer));
        }
        String description = answer.substring(0, end)
                .lines()
                .filter(line -> line.startsWith("description: "))
                .map(line -> line.substring("description: ".length()))
                .findFirst()
                .orElse("");
        return new Found(description, ServerRow.parse(answer.substring(end + 2)));
    }

    /** Connections that each server of this backend carries now, by {@code backend/server}. */
    Map<String, Integer> connections(String backend) throws ProviderException {
        String answer = ask("@!%d show servers conn %s".formatted(worker, backend));
        if (!answer.startsWith("# bkname/svname ") || !answer.endsWith("\n\n")) {
            throw new ProviderException(
                    "HAProxy's answer to 'show servers conn' is not whole: " + Answers.shortened(answer));
        }
        Map<String, Integer> connections = new HashMap<>();
        for (String line : answer.lines().skip(1).filter(l -> !l.isBlank()).toList()) {
            String[] columns = line.split(" ", -1);
            try {
                connections.put(columns[0], Integer.parseInt(columns[6]));
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException broken) {
                throw new ProviderException(
                        "HAProxy's 'show servers conn' cannot be read: " + Answers.shortened(line), broken);
            }
        }
        return connections;
    }

    /**
     * Requests (of a TCP service: connections) at each server of these backends, waiting ones too: lines of {@code show stat},
     * as they are.
     *
     * @throws ProviderException when the answer is not whole
     */
    List<SessionRow> sessions(Collection<String> backends) throws ProviderException {
        List<SessionRow> rows = new ArrayList<>();
        for (String backend : backends) {
            String answer = ask("@!%d show stat %s 4 -1".formatted(worker, Name.require("service", backend)));
            if (answer.strip().equals("No such proxy.")) {
                continue; // an older worker does not know every service
            }
            rows.addAll(SessionRow.parse(answer));
        }
        return rows;
    }

    /** @return what HAProxy said; whether it did as told is for a later look to find out */
    String run(List<String> commands) throws ProviderException {
        StringBuilder said = new StringBuilder();
        StringBuilder line = new StringBuilder();
        for (String command : commands) {
            String addressed = "@!%d %s".formatted(worker, command);
            if (line.length() + addressed.length() > MOST_CHARACTERS) {
                said.append(ask(line.toString()));
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : ";").append(addressed);
        }
        return line.isEmpty()
                ? said.toString()
                : said.append(ask(line.toString()))
                        .toString()
                        .lines()
                        .filter(l -> !l.isBlank())
                        .collect(Collectors.joining("\n"));
    }

    private String ask(String line) throws ProviderException {
        try {
            return socket.ask(line, HaproxyMaster.ANSWER);
        } catch (IOException e) {
            throw new ProviderException(
                    "HAProxy's worker %d through %s: %s".formatted(worker, socket.path(), e.getMessage()), e);
        }
    }
}
