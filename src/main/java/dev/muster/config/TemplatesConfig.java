package dev.muster.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * All that a watcher is told of files that it renders.
 *
 * @param files in the order in which they are rendered
 * @param stateFile where it keeps what it has rendered
 * @param interval least time from one change of the files to the next
 */
public record TemplatesConfig(List<TemplateConfig> files, Path stateFile, Duration interval) {

    public TemplatesConfig {
        files = List.copyOf(files);
    }
}
