package dev.muster.cli;

import dev.muster.config.Setting;
import dev.muster.config.Version;
import java.util.List;

/** {@code muster version}. */
final class VersionCommand implements Command {

    @Override
    public String name() {
        return "version";
    }

    @Override
    public String summary() {
        return "Print the version";
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of();
    }

    @Override
    public List<String> examples() {
        return List.of("muster version");
    }

    @Override
    public int run(Invocation invocation) {
        invocation.terminal().out().println("muster " + Version.current());
        return ExitCode.DONE;
    }
}
