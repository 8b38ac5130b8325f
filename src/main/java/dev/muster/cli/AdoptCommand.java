package dev.muster.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.config.Setting;
import dev.muster.config.UsageException;
import dev.muster.config.WatcherSettings;
import dev.muster.model.Name;
import dev.muster.provider.Adoption;
import dev.muster.provider.UnansweredException;
import java.util.ArrayList;
import java.util.List;

/** {@code muster adopt}. */
final class AdoptCommand implements Command {

    private static final String DNS = "dns";

    private static final Setting<Boolean> YES = Setting.flag("yes", "take it over without asking");

    @Override
    public String name() {
        return "adopt";
    }

    @Override
    public String summary() {
        return "Hand a name in DNS that is somebody else's over to the service that asks for it; shows what stands there, "
                + "and what it would be, and asks";
    }

    @Override
    public Operands operands() {
        return new Operands("dns NAME", 2, 2);
    }

    @Override
    public List<Setting<?>> settings() {
        List<Setting<?>> all = new ArrayList<>(List.of(YES, ReadSettings.JSON));
        all.addAll(WatcherSettings.names());
        return all;
    }

    @Override
    public List<String> examples() {
        return List.of(
                "muster adopt dns web.example.com --yes --json",
                "muster adopt dns web.example.com --route53-zones example.com");
    }

    @Override
    public int run(Invocation invocation) throws Exception {
        if (!invocation.operands().getFirst().equals(DNS)) {
            throw new UsageException("adopt '%s': allowed is dns"
                    .formatted(Name.printable(invocation.operands().getFirst())));
        }
        boolean json = invocation.settings().get(ReadSettings.JSON);
        boolean yes = invocation.settings().get(YES);
        if (json && !yes) {
            throw new UsageException("--json asks nobody: give --yes too, or leave it out");
        }
        String name = invocation.operands().getLast();
        Terminal terminal = invocation.terminal();
        boolean taken;
        try {
            taken = invocation
                    .roles()
                    .get()
                    .adopt(WatcherSettings.ofNames(invocation.settings(), invocation.environment()), name, adoption -> {
                        show(terminal, adoption, json);
                        return yes || terminal.consents("Take it over?");
                    });
        } catch (UnansweredException e) {
            return Unanswered.tell(invocation, e, "muster adopt dns " + Name.printable(name));
        } catch (IllegalArgumentException e) {
            terminal.err().println("muster: " + Terminal.safe(String.valueOf(e.getMessage())));
            return ExitCode.FAILED;
        }
        if (!json) {
            terminal.out().println(taken ? "It is taken over." : "Nothing was changed.");
        }
        return taken ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static void show(Terminal terminal, Adoption adoption, boolean json) {
        if (json) {
            ObjectNode object = JsonNodeFactory.instance
                    .objectNode()
                    .put("service", adoption.service())
                    .put("place", adoption.place())
                    .put("owner", adoption.owner());
            ArrayNode before = object.putArray("before");
            adoption.before().forEach(before::add);
            ArrayNode after = object.putArray("after");
            adoption.after().forEach(after::add);
            terminal.out().println(object.toPrettyString());
            return;
        }
        terminal.out()
                .println(Terminal.safe("%s: it is %s. The service %s asks for it."
                        .formatted(adoption.place(), adoption.owner(), adoption.service())));
        terminal.out().println("What stands there goes, as it stands:");
        adoption.before().forEach(line -> print(terminal, Difference.Kind.REMOVE, line));
        terminal.out().println("This comes, in the same step or not at all:");
        adoption.after().forEach(line -> print(terminal, Difference.Kind.ADD, line));
    }

    private static void print(Terminal terminal, Difference.Kind kind, String line) {
        terminal.out().println(terminal.paint(kind.style(), kind.sign() + " " + Terminal.safe(line)));
    }
}
