package dev.muster.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.model.Catalog;
import java.util.List;

/** What is set aside in the registry, and why. Anybody may have written it: programs get it whole, people in printable form. */
record RejectedList(Catalog catalog) {

    /** A key may be as long as a request to etcd. */
    private static final int LONGEST_KEY = 200;

    List<String> lines(Terminal terminal) {
        if (catalog.rejected().isEmpty()) {
            return List.of("nothing is set aside");
        }
        Table table = new Table("KEY", "REASON");
        catalog.rejected().forEach((key, why) -> table.row(Table.Cell.of(shortened(key)), Table.Cell.of(why)));
        return table.lines(terminal);
    }

    ObjectNode json() {
        ObjectNode object = JsonNodeFactory.instance.objectNode().put("revision", catalog.revision());
        ArrayNode entries = object.putArray("rejected");
        catalog.rejected()
                .forEach((key, why) -> entries.addObject().put("key", key).put("reason", why));
        return object;
    }

    private static String shortened(String key) {
        return key.length() <= LONGEST_KEY ? key : key.substring(0, LONGEST_KEY) + "...";
    }
}
