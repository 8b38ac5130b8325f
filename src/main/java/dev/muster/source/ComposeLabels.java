package dev.muster.source;

import java.util.Map;
import java.util.Optional;

/**
 * What Compose says of its containers.
 *
 * @param oneOff from {@code compose run}: its number says nothing
 */
record ComposeLabels(String project, String service, String number, boolean oneOff) {

    private static final String PREFIX = "com.docker.compose.";

    /** Empty for a container that Compose did not make. */
    static Optional<ComposeLabels> of(Map<String, String> labels) {
        String service = labels.getOrDefault(PREFIX + "service", "");
        return service.isEmpty()
                ? Optional.empty()
                : Optional.of(new ComposeLabels(
                        labels.getOrDefault(PREFIX + "project", ""),
                        service,
                        labels.getOrDefault(PREFIX + "container-number", ""),
                        labels.getOrDefault(PREFIX + "oneoff", "").equalsIgnoreCase("true")));
    }

    boolean numbered() {
        return !oneOff && !project.isEmpty() && !number.isEmpty();
    }
}
