package dev.muster.source.docker;

import dev.muster.model.Name;
import java.io.IOException;
import java.io.InputStream;

/**
 * What an engine says of itself at {@code /version}.
 *
 * @param product {@code Docker}, or another that speaks its API, such as {@code Podman}
 */
record EngineVersion(String product, String version, String api) {

    static EngineVersion read(InputStream in) throws IOException {
        String[] found = {"Docker", "", ""};
        try (Json json = Json.of(in)) {
            json.next();
            json.object(name -> {
                switch (name) {
                    case "Version" -> found[1] = Name.printable(json.text());
                    case "ApiVersion" -> found[2] = Name.printable(json.text());
                    case "Components" ->
                        json.array(() -> json.object(field -> {
                            if (field.equals("Name") && json.text().startsWith("Podman")) {
                                found[0] = "Podman";
                            }
                        }));
                    default -> {
                        // nothing that matters here
                    }
                }
            });
        }
        if (found[1].isEmpty()) {
            throw new IOException("its answer to /version names no version");
        }
        return new EngineVersion(found[0], found[1], found[2]);
    }

    /** Docker older than 20.10 has not been tried. */
    boolean tooOld() {
        String[] parts = version.split("[^0-9]+", 3);
        try {
            int major = Integer.parseInt(parts[0]);
            int minor = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
            return product.equals("Docker") && (major < 20 || (major == 20 && minor < 10));
        } catch (NumberFormatException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "%s %s, API %s".formatted(product, version, api);
    }
}
