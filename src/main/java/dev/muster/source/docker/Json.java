package dev.muster.source.docker;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads what is wanted from JSON as it arrives, and skips the rest without keeping it: an inspection is 6 KB of which a
 * tenth is needed. Texts longer than {@link ShortTexts#LONGEST} are cut.
 */
final class Json implements AutoCloseable {

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            .build();

    private final JsonParser parser;

    private Json(JsonParser parser) {
        this.parser = parser;
    }

    static Json of(InputStream in) throws IOException {
        return new Json(FACTORY.createParser(new ShortTexts(in)));
    }

    /** Takes one field, whose value is under the cursor; what it leaves is skipped. */
    interface Field {
        void read(String name) throws IOException;
    }

    /** Takes one element, which is under the cursor. */
    interface Element {
        void read() throws IOException;
    }

    /** @return whether another value follows at the top level */
    boolean next() throws IOException {
        try {
            return parser.nextToken() != null;
        } catch (JsonProcessingException e) {
            throw broken(e);
        }
    }

    /** An answer that goes on after its end is no answer. */
    void end() throws IOException {
        if (next()) {
            throw new IOException("an answer that goes on after its end");
        }
    }

    /** Reads the object under the cursor field by field; {@code null} is an object without fields. */
    void object(Field field) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        require(JsonToken.START_OBJECT, "an object");
        try {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                field.read(name);
                parser.skipChildren();
            }
        } catch (JsonProcessingException e) {
            throw broken(e);
        }
    }

    /** Reads the array under the cursor; {@code null} is an array without elements. */
    void array(Element element) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        require(JsonToken.START_ARRAY, "an array");
        try {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                element.read();
                parser.skipChildren();
            }
        } catch (JsonProcessingException e) {
            throw broken(e);
        }
    }

    /** The text under the cursor; empty for {@code null} and for what is no text. */
    String text() throws IOException {
        return parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText() : "";
    }

    private void require(JsonToken token, String what) throws IOException {
        if (parser.currentToken() != token) {
            throw new IOException("not the JSON that was expected: %s is missing".formatted(what));
        }
    }

    /** Jackson's own message has several lines and quotes the source. */
    private static IOException broken(JsonProcessingException e) {
        String message = dev.muster.model.Name.printable(e.getOriginalMessage());
        return new IOException("an answer that is not whole JSON: " + message, e);
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
