package dev.muster.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.config.EtcdConfig;
import dev.muster.config.EtcdSettings;
import dev.muster.config.Setting;
import dev.muster.config.UsageException;
import dev.muster.model.DnsSettings;
import dev.muster.model.Name;
import dev.muster.model.ServiceSettings;
import dev.muster.registry.RegistryException;
import dev.muster.registry.Release;
import dev.muster.registry.Releases;
import dev.muster.registry.UnansweredException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code muster set}. */
final class SetCommand implements Command {

    @Override
    public String name() {
        return "set";
    }

    @Override
    public String summary() {
        return "Give a service a setting, or another value of it; takes effect at once";
    }

    @Override
    public Operands operands() {
        return new Operands("SERVICE NAME VALUE|@FILE", 3, 3);
    }

    @Override
    public List<Setting<?>> settings() {
        return ReadSettings.and();
    }

    @Override
    public List<String> examples() {
        return List.of("muster set web ssl_key @/etc/ssl/web.key", "muster set web health_url /health");
    }

    @Override
    public int run(Invocation invocation) throws Exception {
        String service = service(invocation.operands().get(0));
        String name = invocation.operands().get(1);
        String value = value(invocation.operands().get(2));
        check(name, value);
        EtcdConfig etcd = EtcdSettings.from(invocation.settings());
        Optional<String> before;
        try {
            before = invocation.roles().get().settings(etcd).set(service, name, value);
            if (name.equals(DnsSettings.NAME.name())) {
                keep(invocation.roles().get().releases(etcd), service);
            }
        } catch (UnansweredException e) {
            return Unanswered.tell(invocation, e, "muster get " + service);
        }
        say(invocation, service, name, before, Optional.of(value));
        return ExitCode.DONE;
    }

    /** What was let go because nobody asked for a name is not to go any more. */
    private static void keep(Releases releases, String service) throws RegistryException {
        for (Release release : releases.standing()) {
            if (release.unasked() && release.service().equals(service)) {
                releases.end(release);
            }
        }
    }

    static String service(String text) {
        try {
            return Name.require("service", text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    /** What is in a file is not seen by whoever lists processes. */
    private static String value(String operand) throws IOException {
        if (!operand.startsWith("@")) {
            return operand;
        }
        try {
            return Files.readString(Path.of(operand.substring(1)));
        } catch (IOException e) {
            throw new IOException("cannot read '%s': %s".formatted(Name.printable(operand.substring(1)), e), e);
        }
    }

    private static void check(String name, String value) {
        try {
            ServiceSettings.check(name, value);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The same for both commands that change one. */
    static void say(Invocation invocation, String service, String name, Optional<String> before, Optional<String> now) {
        Terminal terminal = invocation.terminal();
        Optional<String> was = before.map(value -> SettingsJson.shown(name, value));
        Optional<String> is = now.map(value -> SettingsJson.shown(name, value));
        if (invocation.settings().get(ReadSettings.JSON)) {
            ObjectNode object = JsonNodeFactory.instance
                    .objectNode()
                    .put("service", service)
                    .put("setting", name)
                    .put("before", was.orElse(null))
                    .put("value", is.orElse(null))
                    .put("changed", !before.equals(now));
            terminal.out().println(object.toPrettyString());
            return;
        }
        String words = before.equals(now)
                ? is.map(value -> "was that already: " + Terminal.brief(value)).orElse("was not set")
                : is.map(value -> "= " + Terminal.brief(value)).orElse("is not set any more")
                        + was.map(value -> " (was: " + Terminal.brief(value) + ")")
                                .orElse("");
        terminal.out().println("%s %s %s".formatted(service, Terminal.safe(name), words));
    }
}
