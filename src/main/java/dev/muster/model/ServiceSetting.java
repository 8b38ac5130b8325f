package dev.muster.model;

import java.util.function.Function;
import java.util.regex.Pattern;

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

    /** The same grammar under another name, for whoever says it in another place. */
    public ServiceSetting<T> named(String otherName) {
        return new ServiceSetting<>(otherName, label, secret, allowed, grammar, description);
    }

    static ServiceSetting<String> text(String name, String label, Pattern pattern, String allowed, String description) {
        return new ServiceSetting<>(name, label, false, allowed, matching(pattern), description);
    }

    static ServiceSetting<Boolean> truth(String name, String description) {
        return new ServiceSetting<>(
                name,
                "true|false",
                false,
                "true or false",
                text -> switch (text) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw new IllegalArgumentException();
                },
                description);
    }

    static ServiceSetting<Integer> number(String name, String label, int least, int most, String description) {
        return new ServiceSetting<>(
                name,
                label,
                false,
                "a whole number from %d to %d".formatted(least, most),
                text -> wholeNumber(text, least, most),
                description);
    }

    /** @throws IllegalArgumentException without a message */
    private static int wholeNumber(String text, int least, int most) {
        boolean digits = text.matches("[0-9]{1,10}");
        long number = digits ? Long.parseLong(text) : -1;
        if (!digits || number < least || number > most) {
            throw new IllegalArgumentException();
        }
        return (int) number;
    }

    /** @return a grammar that takes what the pattern matches, whole */
    static Function<String, String> matching(Pattern pattern) {
        return text -> {
            if (!pattern.matcher(text).matches()) {
                throw new IllegalArgumentException();
            }
            return text;
        };
    }

    @Override
    public String toString() {
        return name;
    }
}
