package dev.muster.model;

import java.util.function.Function;

/**
 * One setting of a service: {@code /services/<service>/<name>}, plain text that a person or a program has put there. No
 * value gets any further than its grammar lets it.
 *
 * @param name the last part of its key
 * @param label what a value looks like, for people ({@code SECONDS})
 * @param secret whether its value is never shown
 * @param allowed what a value may be, for people: it ends "allowed is ..."
 * @param grammar reads a value; an IllegalArgumentException where it is none, with a message of its own or without
 * @param description one line for people, without a full stop
 */
public record ServiceSetting<T>(
        String name, String label, boolean secret, String allowed, Function<String, T> grammar, String description) {

    /**
     * The typed value. Blanks and line ends around it count for nothing.
     *
     * @throws IllegalArgumentException naming the setting, the value (unless it is secret) and what is allowed
     */
    public T parse(String text) {
        try {
            return grammar.apply(text.strip());
        } catch (IllegalArgumentException e) {
            String reason = e.getMessage() == null ? "" : e.getMessage() + "; ";
            throw new IllegalArgumentException(
                    "%s %s: %sallowed is %s"
                            .formatted(
                                    name, secret ? "(not shown)" : "'" + Name.printable(text) + "'", reason, allowed),
                    e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
