package dev.muster.provider.haproxy;

import dev.muster.provider.ProviderException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one worker hands to the next over a reload: which servers are healthy, which drain. It is empty at any other time,
 * so that a reload by somebody else, or a start after a crash, takes the file alone for true and never an old state.
 */
record StateFile(Path path) {

    private static final String START = ServerRow.VERSION + "\n" + ServerRow.COLUMNS + "\n";

    /** Servers as they are, with the administrative state and weight that is wanted. */
    void fill(List<ServerRow> rows, Map<String, Server> wanted) throws ProviderException {
        write(rows.stream()
                .map(row -> {
                    Server server = wanted.get(row.path());
                    return (server == null ? row.line() : row.lineFor(server)) + "\n";
                })
                .collect(Collectors.joining()));
    }

    void empty() throws ProviderException {
        write("");
    }

    private void write(String rows) throws ProviderException {
        try {
            Files.writeString(path, START + rows);
        } catch (IOException e) {
            throw new ProviderException("%s cannot be written: %s".formatted(path, e.getMessage()), e);
        }
    }
}
