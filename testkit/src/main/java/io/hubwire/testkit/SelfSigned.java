package io.hubwire.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate for this machine that nobody vouches for but whoever holds this, and its key. Safe for any thread.
 *
 * <p>Made by the {@code keytool} of the JDK that runs, since nothing in the JDK's own API makes certificates; what
 * libraries bring for it builds on a JDK's internals or on yet another library.
 */
public final class SelfSigned {

    private static final String ALIAS = "this";

    private final KeyStore keys;
    private final String password = "not a secret";

    private SelfSigned(KeyStore keys) {
        this.keys = keys;
    }

    /**
     * Makes one for {@code localhost} and {@code 127.0.0.1}.
     *
     * @param name the common name that it shows
     */
    public static SelfSigned named(String name) {
        SelfSigned made = new SelfSigned(emptyStore());
        try {
            Path directory = Files.createTempDirectory("self-signed");
            Path store = directory.resolve("keys.p12");
            try {
                made.generate(name, store);
                made.load(store);
            } finally {
                Files.deleteIfExists(store);
                Files.delete(directory);
            }
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
        return made;
    }

    private static KeyStore emptyStore() {
        try {
            return KeyStore.getInstance("PKCS12");
        } catch (GeneralSecurityException everyJvmHasIt) {
            throw new IllegalStateException(everyJvmHasIt);
        }
    }

    private void generate(String name, Path store) throws IOException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-validity",
                        "365",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        password)
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
        if (Files.notExists(store)) {
            throw new IllegalStateException("keytool made no certificate: " + said);
        }
    }

    private void load(Path store) throws IOException {
        try (InputStream bytes = Files.newInputStream(store)) {
            keys.load(bytes, password.toCharArray());
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** The certificate and its key. */
    public KeyStore keyStore() {
        return keys;
    }

    /** What decrypts the key. */
    public String password() {
        return password;
    }

    /** The certificate. */
    public X509Certificate certificate() {
        try {
            return (X509Certificate) keys.getCertificate(ALIAS);
        } catch (GeneralSecurityException everyStoreOfThisTypeIsLoaded) {
            throw new IllegalStateException(everyStoreOfThisTypeIsLoaded);
        }
    }

    /** The key. */
    public PrivateKey key() {
        try {
            return (PrivateKey) keys.getKey(ALIAS, password.toCharArray());
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** What clients and hosts use that show this certificate and trust no other. */
    public SSLContext context() {
        return trusting(this);
    }

    /** What clients and hosts use that show this certificate and trust another one alone. */
    public SSLContext trusting(SelfSigned other) {
        try {
            KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyManagers.init(keys, password.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers.getKeyManagers(), other.trustManagers(), null);
            return context;
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** Those that trust this certificate and no other. */
    public TrustManager[] trustManagers() {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry(ALIAS, certificate());
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            return managers.getTrustManagers();
        } catch (GeneralSecurityException | IOException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
