package dev.muster.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PemTest {

    private static final Path FILE = Path.of("/etc/muster/key.pem");
    private static final Set<Pem.Form> BOTH = EnumSet.allOf(Pem.Form.class);

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(kind, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der), kind);
    }

    private static PrivateKey generated(String algorithm, int bits) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        return generator.generateKeyPair().getPrivate();
    }

    private static void refuses(String text, String... words) {
        refuses(BOTH, text, words);
    }

    private static void refuses(Set<Pem.Form> allowed, String text, String... words) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pem.key(FILE, text, allowed))
                .withMessageContainingAll(words);
    }

    @ParameterizedTest
    @CsvSource({"RSA, 2048", "EC, 256", "EC, 384", "EdDSA, 255"})
    void keysInPkcs8AreRead(String algorithm, int bits) throws GeneralSecurityException {
        PrivateKey key = generated(algorithm, bits);
        String noise =
                "Bag Attributes: none\n-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
        assertThat(Pem.key(FILE, noise + pem("PRIVATE KEY", key.getEncoded()), Set.of(Pem.Form.PKCS8)))
                .isEqualTo(key);
    }

    /** PKCS#1 is what stands in the last element of PKCS#8, behind 22 bytes and that element's own head. */
    @ParameterizedTest
    @ValueSource(ints = {512, 1024, 2048, 4096})
    void rsaKeysInPkcs1AreRead(int bits) throws GeneralSecurityException {
        PrivateKey key = generated("RSA", bits);
        byte[] pkcs8 = key.getEncoded();
        byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length);
        assertThat(Pem.key(FILE, pem("RSA PRIVATE KEY", pkcs1), BOTH)).isEqualTo(key);
        refuses(pem("RSA PRIVATE KEY", pkcs8), "allowed are RSA, EC, EdDSA");
        refuses(
                Set.of(Pem.Form.PKCS8),
                pem("RSA PRIVATE KEY", pkcs1),
                "in the form PKCS#1 ('RSA PRIVATE KEY'), and PKCS#8 is needed; convert it: openssl");
    }

    @Test
    void whatIsNotReadIsRefusedWithTheLineThatConvertsIt() {
        String convert = "openssl pkcs8 -topk8 -nocrypt -in %s -out %s.pkcs8".formatted(FILE, FILE);
        refuses(
                pem("EC PRIVATE KEY", new byte[100]),
                "SEC 1 ('EC PRIVATE KEY'), and PKCS#8 or PKCS#1 is needed",
                convert);
        refuses(pem("ENCRYPTED PRIVATE KEY", new byte[100]), "encrypted", convert);
        refuses(
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,6C\n\nAAAA\n-----END RSA"
                        + " PRIVATE KEY-----",
                "encrypted",
                convert);
    }

    @Test
    void whatIsNoKeyIsRefused() {
        refuses("", "there is no private key in it");
        refuses(pem("CERTIFICATE", new byte[9]), "there is no private key in it");
        refuses("-----BEGIN PRIVATE KEY-----\nAAAA", "there is no private key in it");
        refuses(pem("PRIVATE KEY", new byte[9]), "cannot be read");
        refuses("-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY-----", "cut or damaged");
    }
}
