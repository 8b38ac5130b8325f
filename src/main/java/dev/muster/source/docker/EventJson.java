package dev.muster.source.docker;

import dev.muster.source.Selection;
import java.io.IOException;
import java.util.Set;

/**
 * One event of the engine. Only {@code Action} and {@code Actor.ID} are read, since Engine 29 sends nothing else of the
 * older forms' {@code status}, {@code id} and {@code from}.
 *
 * @param action such as {@code start}, or {@code exec_create: sh}
 * @param id the container's, or empty where it does not look like one
 * @param name the container's, or empty where the event does not say it
 * @param unit the container's label {@code muster.unit}, or empty
 */
record EventJson(String action, String id, String name, String unit) {

    /**
     * What may change whether and how a container is registered. A {@code stop}, {@code destroy} or {@code restart} follows
     * a {@code die} or a {@code start} and would only cause a second look.
     */
    static final Set<String> TELLING = Set.of("start", "die", "kill", "pause", "unpause", "rename");

    /** Reads the event under the cursor. */
    static EventJson read(Json json) throws IOException {
        String[] found = {"", "", "", ""};
        json.object(field -> {
            if (field.equals("Action")) {
                found[0] = json.text();
            } else if (field.equals("Actor")) {
                json.object(inner -> {
                    if (inner.equals("ID")) {
                        found[1] = json.text();
                    } else if (inner.equals("Attributes")) {
                        json.object(attribute -> {
                            if (attribute.equals("name")) {
                                found[2] = json.text();
                            } else if (attribute.equals(Selection.UNIT_LABEL)) {
                                found[3] = json.text();
                            }
                        });
                    }
                });
            }
        });
        return new EventJson(found[0], isId(found[1]) ? found[1] : "", found[2], found[3]);
    }

    /** Whether it calls for a look. The engine filters too, but what stands in between may not. */
    boolean telling() {
        return TELLING.contains(action) || action.isEmpty();
    }

    /** Whether somebody sent the container a signal: {@code stop}, {@code restart} and {@code rm --force} do. */
    boolean signals() {
        return action.equals("kill");
    }

    private static boolean isId(String text) {
        if (text.length() != 64) {
            return false;
        }
        for (int i = 0; i < 64; i++) {
            if ("0123456789abcdef".indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }
}
