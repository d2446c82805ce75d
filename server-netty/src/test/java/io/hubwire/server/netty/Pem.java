package io.hubwire.server.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.hubwire.testkit.SelfSigned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Writes certificates and keys as others hand them out. */
final class Pem {

    private static final String PASSWORD_BASED = "PBEWithHmacSHA256AndAES_256";

    private Pem() {}

    static Path certificate(SelfSigned of, Path file) throws IOException, GeneralSecurityException {
        return write(file, "CERTIFICATE", of.certificate().getEncoded());
    }

    static Path key(SelfSigned of, Path file) throws IOException {
        return write(file, "PRIVATE KEY", of.key().getEncoded());
    }

    static Path encryptedKey(SelfSigned of, String password, Path file) throws IOException, GeneralSecurityException {
        SecretKey secret =
                SecretKeyFactory.getInstance(PASSWORD_BASED).generateSecret(new PBEKeySpec(password.toCharArray()));
        Cipher cipher = Cipher.getInstance(PASSWORD_BASED);
        cipher.init(Cipher.ENCRYPT_MODE, secret);
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2");
        parameters.init(cipher.getParameters().getEncoded());
        byte[] encrypted = cipher.doFinal(of.key().getEncoded());
        return write(file, "ENCRYPTED PRIVATE KEY", new EncryptedPrivateKeyInfo(parameters, encrypted).getEncoded());
    }

    private static Path write(Path file, String label, byte[] bytes) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return Files.writeString(
                file, "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n", US_ASCII);
    }
}
