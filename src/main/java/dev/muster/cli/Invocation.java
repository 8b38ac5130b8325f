package dev.muster.cli;

import dev.muster.config.Settings;
import dev.muster.reconcile.Time;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A command as it was called.
 *
 * @param operands what stands besides flags, as many as the command allows
 * @param roles made only when asked for, since it loads everything
 */
record Invocation(
        Settings settings,
        List<String> operands,
        Map<String, String> environment,
        Terminal terminal,
        Supplier<Roles> roles,
        Stop stop,
        Time time) {}
