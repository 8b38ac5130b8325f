package dev.muster.source.docker;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys in PEM (RFC 7468). Each failure is an IllegalArgumentException that names the file. */
final class Pem {

    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----");
    private static final String CONVERT = "convert it by: openssl pkey -in %s -out %s.new";
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private Pem() {}

    static List<X509Certificate> certificates(Path file) {
        byte[] text = read(file);
        try {
            List<X509Certificate> certificates =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(text))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (certificates.isEmpty()) {
                throw new IllegalArgumentException(file + ": there is no certificate in it");
            }
            return certificates;
        } catch (CertificateException e) {
            throw new IllegalArgumentException(file + ": it is no certificate in PEM", e);
        }
    }

    /** A key of the forms that {@code openssl genrsa} and {@code openssl genpkey} write: PKCS#8 and, for RSA, PKCS#1. */
    static PrivateKey privateKey(Path file) {
        return privateKey(file.toString(), new String(read(file), StandardCharsets.US_ASCII));
    }

    /** @param file for messages */
    static PrivateKey privateKey(String file, String text) {
        Matcher begin = BEGIN.matcher(text);
        int end = begin.find() ? text.indexOf("-----END " + begin.group(1), begin.end()) : -1;
        if (end < 0) {
            throw new IllegalArgumentException(file + ": there is no private key in it");
        }
        String kind = begin.group(1);
        String body = text.substring(begin.end(), end);
        if (kind.startsWith("ENCRYPTED") || body.contains("ENCRYPTED")) {
            throw new IllegalArgumentException(
                    "%s: the key is encrypted, and nobody is there to type its password; ".formatted(file)
                            + CONVERT.formatted(file, file));
        }
        return switch (kind) {
            case "PRIVATE KEY" -> pkcs8(file, decoded(file, body));
            case "RSA PRIVATE KEY" -> pkcs8(file, wrapped(decoded(file, body)));
            default ->
                throw new IllegalArgumentException(
                        "%s: '%s' is not read, allowed are PRIVATE KEY and RSA PRIVATE KEY; ".formatted(file, kind)
                                + CONVERT.formatted(file, file));
        };
    }

    private static byte[] decoded(String file, String body) {
        try {
            return Base64.getMimeDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": the key is not whole", e);
        }
    }

    private static PrivateKey pkcs8(String file, byte[] der) {
        IllegalArgumentException unread = new IllegalArgumentException(
                "%s: the key cannot be read, allowed are %s".formatted(file, String.join(", ", ALGORITHMS)));
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException e) {
                unread.addSuppressed(e); // perhaps of another algorithm
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
        throw unread;
    }

    /** PKCS#1's RSAPrivateKey as PKCS#8's PrivateKeyInfo (RFC 5958): version 0, rsaEncryption, the key. */
    private static byte[] wrapped(byte[] pkcs1) {
        byte[] version = {2, 1, 0};
        byte[] rsaEncryption = {0x30, 13, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 13, 1, 1, 1, 5, 0};
        return der(0x30, version, rsaEncryption, der(4, pkcs1));
    }

    /** One element of DER (X.690) of up to 64 KiB: its tag, its length, its content. */
    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        int length = content.size();
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        if (length > 0xff) {
            element.write(0x82);
            element.write(length >> 8);
        } else if (length > 0x7f) {
            element.write(0x81);
        }
        element.write(length);
        element.writeBytes(content.toByteArray());
        return element.toByteArray();
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(file + ": there is no such file", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("%s: it cannot be read (%s)".formatted(file, EngineClient.words(e)), e);
        }
    }
}
