package dev.muster.provider.haproxy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What one worker has to be told so that its servers are the ones that are wanted. Pure.
 *
 * @param commands in order: servers that join, servers that come back, servers that stop getting requests
 * @param leaving servers of ours that are not wanted any more, by their path: out of rotation once the commands ran
 * @param differing by service, what of it is not as it is wanted, in words
 */
record ServerChanges(List<String> commands, List<ServerRow> leaving, SortedMap<String, List<String>> differing) {

    /** @param backends that are Muster's: other servers are a person's and stay as they are */
    static ServerChanges between(Set<String> backends, List<Server> wanted, List<ServerRow> rows) {
        Map<String, ServerRow> there = new HashMap<>();
        rows.forEach(row -> there.put(row.path(), row));
        List<String> joins = new ArrayList<>();
        List<String> returns = new ArrayList<>();
        List<String> stops = new ArrayList<>();
        SortedMap<String, List<String>> differing = new TreeMap<>();
        for (Server server : wanted) {
            ServerRow row = there.get(server.path());
            if (row == null) {
                joins.addAll(join(server));
                tell(differing, server.backend(), server.path() + " is missing");
            } else if (!row.is(server)) {
                (server.ready() ? returns : stops).addAll(turn(server, row));
                tell(
                        differing,
                        server.backend(),
                        "%s has weight %d and state %d".formatted(server.path(), row.weight(), row.admin()));
            }
        }
        Set<String> keep = wanted.stream().map(Server::path).collect(Collectors.toCollection(HashSet::new));
        List<ServerRow> leaving = rows.stream()
                .filter(row -> backends.contains(row.backend()) && row.name().isPresent() && !keep.contains(row.path()))
                .toList();
        for (ServerRow row : leaving) {
            if (row.admin() == 0) {
                stops.add("set server %s state drain".formatted(row.path()));
                tell(differing, row.backend(), row.path() + " still gets requests");
            }
        }
        List<String> commands = new ArrayList<>(joins);
        commands.addAll(returns);
        commands.addAll(stops);
        return new ServerChanges(commands, leaving, differing);
    }

    private static void tell(Map<String, List<String>> differing, String service, String words) {
        differing.computeIfAbsent(service, first -> new ArrayList<>()).add(words);
    }

    private static List<String> join(Server server) {
        String path = server.path();
        return List.of(
                // A server that is added inherits nothing from default-server, and starts in maintenance.
                "add server %s %s weight %d %s"
                        .formatted(path, server.name().target(), server.weight(), server.arguments()),
                "enable health " + path,
                "set server %s state %s".formatted(path, server.ready() ? "ready" : "drain"));
    }

    private static List<String> turn(Server server, ServerRow row) {
        String path = server.path();
        List<String> commands = new ArrayList<>();
        String weight = "set server %s weight %d".formatted(path, server.weight());
        if (server.ready()) {
            commands.add(weight);
            if (row.maintenance()) {
                commands.add("enable health " + path);
            }
            commands.add("set server %s state ready".formatted(path));
        } else {
            commands.add("set server %s state drain".formatted(path));
            commands.add(weight);
        }
        return commands;
    }
}
