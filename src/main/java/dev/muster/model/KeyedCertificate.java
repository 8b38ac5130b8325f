package dev.muster.model;

import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A certificate with its chain, and its key, in PEM. Whatever stands between the blocks is left out, so that two that say the
 * same are equal.
 *
 * @param chain the certificate first
 * @param key never shown
 */
public record KeyedCertificate(String chain, String key) {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----[^-]*-----END \\1-----", Pattern.DOTALL);

    public KeyedCertificate {
        chain = blocks(chain, true);
        key = blocks(key, false);
        if (chain.isEmpty() || key.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no %s in it; allowed is PEM".formatted(chain.isEmpty() ? "certificate" : "private key"));
        }
    }

    /** Both out of one text. */
    public static KeyedCertificate parse(String pem) {
        return new KeyedCertificate(pem, pem);
    }

    /** Both as one text. */
    public String pem() {
        return chain + key;
    }

    @Override
    public String toString() {
        return "a certificate with its key (not shown)";
    }

    private static String blocks(String text, boolean certificates) {
        return BLOCK.matcher(text)
                .results()
                .filter(block -> block.group(1).equals("CERTIFICATE") == certificates)
                .map(block -> block.group().replace("\r", "") + "\n")
                .collect(Collectors.joining());
    }
}
