package dev.muster.tls;

import java.io.ByteArrayOutputStream;

/** RSA keys as {@code openssl genrsa} wrote them for long (RFC 8017, appendix A.1.2), which Java does not read by itself. */
final class Pkcs1 {

    private Pkcs1() {}

    /** PKCS#1's RSAPrivateKey as PKCS#8's PrivateKeyInfo (RFC 5958): version 0, rsaEncryption, the key. */
    static byte[] asPkcs8(byte[] key) {
        byte[] version = {2, 1, 0};
        byte[] rsaEncryption = {0x30, 13, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 13, 1, 1, 1, 5, 0};
        return der(0x30, version, rsaEncryption, der(4, key));
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
}
