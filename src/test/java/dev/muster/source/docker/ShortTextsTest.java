package dev.muster.source.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ShortTextsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LONG = "x".repeat(ShortTexts.LONGEST);

    private static String through(String json) throws IOException {
        try (InputStream in = new ShortTexts(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void whatIsShortPassesAsItIs() throws IOException {
        String json =
                "{\"a\":[1,-2.5e3,true,null,\"\"],\"\\u0041\\\"\\\\\":\"\u00e9\u202e\ud83d\ude00\\ud83d\\ude00\",\"l\":\""
                        + LONG + "\"} {}\n";
        assertThat(through(json)).isEqualTo(json);
    }

    @Test
    void whatIsLongIsCutInNamesAndValuesAlike() throws IOException {
        assertThat(through("{\"%sy\":\"%syyy\",\"b\":\"%s\\\"\\\\\"}".formatted(LONG, LONG, LONG)))
                .isEqualTo("{\"%s\":\"%s\",\"b\":\"%s\"}".formatted(LONG, LONG, LONG));
    }

    @Test
    void noCharacterAndNoEscapeIsHalved() throws IOException {
        for (String last : new String[] {"\u00e9", "\u202e", "\ud83d\ude00", "\\u00e9", "\\n", "\\\"", "\\\\"}) {
            int bytes = last.getBytes(StandardCharsets.UTF_8).length;
            for (int before = 1; before <= bytes; before++) {
                String cut = "[\"" + LONG.substring(before) + last;
                assertThat(through(cut + "z" + LONG + "\",1]"))
                        .as(last)
                        .startsWith(cut)
                        .endsWith("\",1]");
                JSON.readTree(through(cut + "z" + LONG + "\",1]"));
            }
        }
    }

    @Test
    void whateverIsGeneratedStaysJsonWhateverPiecesItComesIn() throws IOException {
        long seed = 20_261_127L;
        Random random = new Random(seed);
        int untouched = 0;
        String[] bits = {"\"", "\\", "\n", "\u00e9", "\u202e", "\ud83d\ude00", "{", "}", "a", LONG};
        for (int i = 0; i < 300; i++) {
            int round = i;
            ObjectNode node = JSON.createObjectNode();
            for (int field = 0; field < 3; field++) {
                node.put(text(random, bits), text(random, bits));
            }
            byte[] json = node.toString().getBytes(StandardCharsets.UTF_8);
            InputStream pieces = new ByteArrayInputStream(json) {
                @Override
                public synchronized int read(byte[] buffer, int offset, int count) {
                    return super.read(buffer, offset, Math.min(count, 1 + random.nextInt(5_000)));
                }
            };
            byte[] passed = new ShortTexts(pieces).readAllBytes();
            JSON.readTree(passed)
                    .properties()
                    .forEach(field -> assertThat(field.getKey() + field.getValue())
                            .as("seed %d, round %d", seed, round)
                            .hasSizeLessThan(5 * ShortTexts.LONGEST));
            if (json.length < ShortTexts.LONGEST) {
                assertThat(passed).isEqualTo(json);
                untouched++;
            }
        }
        assertThat(untouched).isBetween(10, 290);
    }

    private static String text(Random random, String[] bits) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < random.nextInt(12); i++) {
            text.append(bits[random.nextInt(bits.length)]);
        }
        return text.toString();
    }

    @Test
    void whatArrivesIsGivenAtOnce() throws IOException {
        InputStream slow = new InputStream() {
            private final byte[] event = "{\"Action\":\"start\"}\n".getBytes(StandardCharsets.UTF_8);

            @Override
            public int read() {
                throw new AssertionError("asked for more than has arrived");
            }

            @Override
            public int read(byte[] buffer, int offset, int count) {
                System.arraycopy(event, 0, buffer, offset, event.length);
                return event.length;
            }
        };
        assertThat(new ShortTexts(slow).read(new byte[8_000])).isEqualTo(19);
    }
}
