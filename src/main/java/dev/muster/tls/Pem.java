package dev.muster.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads PEM files (RFC 7468): certificates, and keys in PKCS#8, the one form that Java reads by itself, or also in PKCS#1. Each
 * refusal is an IllegalArgumentException whose message says what is wrong and what mends it, and leaves the file to be named
 * by who asked for it.
 */
public final class Pem {

    /** How a private key may stand in its file. */
    public enum Form {
        /** PRIVATE KEY. */
        PKCS8("PKCS#8"),
        /** RSA PRIVATE KEY. */
        PKCS1("PKCS#1");

        private final String text;

        Form(String text) {
            this.text = text;
        }
    }

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private Pem() {}

    /** A file of text. */
    public static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("there is no such file", e);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("it is not UTF-8 text", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "it cannot be read (%s)".formatted(e.getClass().getSimpleName()), e);
        }
    }

    /** At least one. */
    public static List<X509Certificate> certificates(Path file) {
        return certificates(read(file));
    }

    /** At least one. */
    public static List<X509Certificate> certificates(String text) {
        List<X509Certificate> found = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(text);
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            while (blocks.find()) {
                if (blocks.group(1).equals("CERTIFICATE")) {
                    found.add((X509Certificate)
                            factory.generateCertificate(new ByteArrayInputStream(bytes(blocks.group(2)))));
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("its certificate %d cannot be read".formatted(found.size() + 1), e);
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("there is no certificate in it; allowed is a PEM file");
        }
        return found;
    }

    public static PrivateKey key(Path file, Set<Form> allowed) {
        return key(file, read(file), allowed);
    }

    /** @param file for messages */
    static PrivateKey key(Path file, String text, Set<Form> allowed) {
        Matcher blocks = BLOCK.matcher(text);
        while (blocks.find()) {
            String kind = blocks.group(1);
            if (kind.equals("ENCRYPTED PRIVATE KEY") || blocks.group(2).contains("ENCRYPTED")) {
                throw new IllegalArgumentException(
                        "its key is encrypted, and nobody can be asked for the passphrase; " + conversion(file));
            }
            if (kind.equals("PRIVATE KEY")) {
                return pkcs8(bytes(blocks.group(2)));
            }
            if (kind.equals("RSA PRIVATE KEY") && allowed.contains(Form.PKCS1)) {
                return pkcs8(Pkcs1.asPkcs8(bytes(blocks.group(2))));
            }
            if (kind.endsWith(" PRIVATE KEY")) {
                throw new IllegalArgumentException("its key is in the form %s ('%s'), and %s is needed; "
                                .formatted(kind.startsWith("RSA") ? "PKCS#1" : "SEC 1", kind, text(allowed))
                        + conversion(file));
            }
        }
        throw new IllegalArgumentException(
                "there is no private key in it; allowed is a PEM file with a key in " + text(allowed));
    }

    private static String text(Set<Form> forms) {
        return forms.stream().sorted().map(form -> form.text).collect(Collectors.joining(" or "));
    }

    /** Whether what the key signs is what the certificate verifies. */
    public static boolean belongTogether(PrivateKey key, PublicKey certified) {
        if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
            return false;
        }
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("its key cannot sign (%s)".formatted(e.getMessage()), e);
        }
    }

    /** The key itself says of which kind it is; only the right factory takes it. */
    private static PrivateKey pkcs8(byte[] der) {
        List<String> reasons = new ArrayList<>();
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (GeneralSecurityException e) {
                reasons.add(String.valueOf(e.getMessage()));
            }
        }
        throw new IllegalArgumentException("its key cannot be read; allowed are %s (%s)"
                .formatted(String.join(", ", ALGORITHMS), String.join("; ", reasons)));
    }

    private static String conversion(Path file) {
        return "convert it: openssl pkcs8 -topk8 -nocrypt -in %s -out %s.pkcs8".formatted(file, file);
    }

    private static byte[] bytes(String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("it is cut or damaged; allowed is a PEM file", e);
        }
    }
}
