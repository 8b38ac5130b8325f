package dev.muster.source.docker;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a list says of one container (<a href="https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerList">
 * ContainerList</a>), as far as it tells whether what was inspected of it before still holds.
 *
 * @param likeness state, names and endpoints: the same text is the same run in the same state, since an engine gives an
 *     endpoint a new id at every start. Empty where the list has no such ids, so that only an inspection can tell
 */
record ListedContainer(String id, String likeness) {

    /** Whether an equal one is the same run in the same state. */
    boolean tells() {
        return !likeness.isEmpty();
    }

    static List<ListedContainer> read(InputStream body) throws IOException {
        List<ListedContainer> containers = new ArrayList<>();
        try (Json json = Json.of(body)) {
            json.next();
            json.array(() -> containers.add(new Entry(json).read()));
            json.end();
        }
        return containers;
    }

    /** The one under the cursor. */
    private static final class Entry {
        private final Json json;
        private String id = "";
        private String state = "";
        private final List<String> names = new ArrayList<>();
        private final Map<String, String> endpoints = new TreeMap<>();

        Entry(Json json) {
            this.json = json;
        }

        ListedContainer read() throws IOException {
            json.object(field -> {
                switch (field) {
                    case "Id" -> id = json.text();
                    case "State" -> state = json.text();
                    case "Names" -> json.array(() -> names.add(json.text()));
                    case "NetworkSettings" -> json.object(this::networks);
                    default -> {}
                }
            });
            boolean tells = !state.isEmpty() && !endpoints.isEmpty() && !endpoints.containsValue("");
            return new ListedContainer(
                    ContainerJson.required("Id", id), tells ? state + " " + names + " " + endpoints : "");
        }

        private void networks(String field) throws IOException {
            if (field.equals("Networks")) {
                json.object(network -> {
                    endpoints.put(network, "");
                    json.object(inner -> {
                        if (inner.equals("EndpointID")) {
                            endpoints.put(network, json.text());
                        }
                    });
                });
            }
        }
    }
}
