package dev.muster.source.docker;

import dev.muster.source.Container;
import dev.muster.source.Selection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Which of the engine's containers are reported: those that the selection chooses, and once reported the same ones for as
 * long as they run, whatever they are called by then. Thread-safe.
 */
final class Following {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");

    private final Selection selection;
    private final Set<String> ids = ConcurrentHashMap.newKeySet();

    Following(Selection selection) {
        this.selection = selection;
    }

    /** The paths of the lists whose containers may be among them. A name is a regular expression to the engine. */
    List<String> lists() {
        if (selection.isAll()) {
            return List.of(list(""));
        }
        List<String> lists = new ArrayList<>();
        if (selection.container().isEmpty()) {
            selection
                    .unit()
                    .ifPresent(unit -> lists.add(list(filter("label", Selection.UNIT_LABEL + "=" + unit.name()))));
        }
        selection
                .container()
                .or(() -> selection.unit().map(unit -> unit.container()))
                .filter(name -> NAME.matcher(name).matches())
                .ifPresent(name -> lists.add(list(filter("name", "^/?" + name.replace(".", "[.]") + "$"))));
        return lists;
    }

    /** Those that are reported already. */
    Set<String> ids() {
        return Set.copyOf(ids);
    }

    /** Whether it is reported. */
    boolean takes(Container container) {
        if (selection.isAll()) {
            return true;
        }
        String id = container.run().containerId();
        boolean ours = ids.contains(id)
                || selection.chooses(container.name(), container.labels().getOrDefault(Selection.UNIT_LABEL, ""));
        if (ours && container.state() != Container.State.STOPPED) {
            ids.add(id);
        } else {
            ids.remove(id);
        }
        return ours;
    }

    /** It is no more. */
    void forget(String id) {
        ids.remove(id);
    }

    /** Whether an event may be about one of them; one that does not say whose it is may. */
    boolean concerns(EventJson event) {
        return selection.isAll()
                || ids.contains(event.id())
                || event.name().isEmpty()
                || selection.chooses(event.name(), event.unit());
    }

    /** Asked for by state, since Podman else leaves out the paused ones; its and Docker's filters mean the same. */
    private static String list(String filter) {
        String filters = "{\"status\":[\"running\",\"paused\"]" + filter + "}";
        return "/containers/json?filters=" + URLEncoder.encode(filters, StandardCharsets.UTF_8);
    }

    private static String filter(String key, String value) {
        return ",\"%s\":[\"%s\"]".formatted(key, value.replace("\\", "\\\\"));
    }
}
