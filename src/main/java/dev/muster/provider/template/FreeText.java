package dev.muster.provider.template;

import java.util.regex.Pattern;

/**
 * A text that anybody who may register an instance can choose, and that is more than letters, digits and a few signs. Printed
 * without a word about how it is to be written, each of its other characters is a question mark, so that it can end no line,
 * no string and no directive. The filters of {@link Filters} see the text as it is.
 */
record FreeText(String text) {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._:/@+,=~-]*");
    private static final Pattern OTHER = Pattern.compile("[^A-Za-z0-9._:/@+,=~-]|(?<=\\.)\\.");

    /** A plain text is a string for templates, and any other one is this. */
    static Object of(String text) {
        return PLAIN.matcher(text).matches() && !text.contains("..") ? text : new FreeText(text);
    }

    /** The text of anything that a template can hold. */
    static String textOf(Object value) {
        return value instanceof FreeText free ? free.text() : String.valueOf(value);
    }

    @Override
    public String toString() {
        return OTHER.matcher(text).replaceAll("?");
    }
}
