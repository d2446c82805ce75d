package io.hubwire.server.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * How a host proves who it is and keeps what is said private: its certificate, and whom it takes as a client.
 *
 * {@snippet :
 * Tls tls = Tls.builder().certificate(Path.of("chain.pem"), Path.of("key.pem")).build();
 * NettyHost host = NettyHost.builder().port(443).tls(tls).endpoint(server).start();
 * }
 *
 * <p>The certificate comes from exactly one of {@link Builder#certificate}, {@link Builder#keyStore} and
 * {@link Builder#context}. Immutable; safe for any thread.
 */
public final class Tls {

    private final SslContext context;
    private final ClientAuthentication clientAuthentication;
    private final List<String> protocols;
    private final Duration handshakeTimeout;

    private Tls(SslContext context, Builder builder) {
        this.context = context;
        this.clientAuthentication = builder.clientAuthentication;
        this.protocols = builder.protocols;
        this.handshakeTimeout = builder.handshakeTimeout;
    }

    /** Begins to describe it. */
    public static Builder builder() {
        return new Builder();
    }

    /** What encrypts one connection. */
    SSLEngine engine(ByteBufAllocator allocator) {
        return context.newEngine(allocator);
    }

    /** Tells whether clients may have proved who they are. */
    boolean asksClients() {
        return clientAuthentication != ClientAuthentication.NONE;
    }

    Duration handshakeTimeout() {
        return handshakeTimeout;
    }

    @Override
    public String toString() {
        return "Tls[protocols=" + (protocols.isEmpty() ? "usual" : protocols) + ", clientAuthentication="
                + clientAuthentication + ", handshakeTimeout=" + handshakeTimeout + "]";
    }

    /** Whether clients have certificates, too. */
    public enum ClientAuthentication {
        /** They are not asked. */
        NONE(ClientAuth.NONE),
        /** They are asked, and may have none; one that is not trusted is refused. */
        WANT(ClientAuth.OPTIONAL),
        /** Those without one are refused. */
        NEED(ClientAuth.REQUIRE);

        private final ClientAuth engines;

        ClientAuthentication(ClientAuth engines) {
            this.engines = engines;
        }
    }

    /** Describes it. Every setter checks its value; what is not set has the default that its setter names. */
    public static final class Builder {

        private @Nullable Source source;
        private boolean hasContext;
        private @Nullable Trust trust;
        private ClientAuthentication clientAuthentication = ClientAuthentication.NONE;
        private List<String> protocols = List.of();
        private Duration handshakeTimeout = Duration.ofSeconds(10);

        private Builder() {}

        /**
         * The host's certificate and its key from PEM files.
         *
         * @param chain the certificate, then those that vouch for it
         * @param key its private key in PKCS #8, not encrypted
         */
        public Builder certificate(Path chain, Path key) {
            return certificate(chain, key, Optional.empty());
        }

        /**
         * The host's certificate and its key from PEM files.
         *
         * @param chain the certificate, then those that vouch for it
         * @param key its private key in PKCS #8, encrypted
         * @param password what decrypts the key
         */
        public Builder certificate(Path chain, Path key, String password) {
            return certificate(chain, key, Optional.of(password));
        }

        private Builder certificate(Path chain, Path key, Optional<String> password) {
            File certificates = readable("chain", chain);
            File secret = readable("key", key);
            return source(() -> over(SslContextBuilder.forServer(certificates, secret, password.orElse(null))));
        }

        /**
         * The host's certificate and its key from a key store.
         *
         * @param keys a store with the key and its chain of certificates
         * @param password what decrypts the key
         */
        public Builder keyStore(KeyStore keys, String password) {
            Objects.requireNonNull(keys, "keys");
            char[] secret = password.toCharArray();
            return source(() -> {
                KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                managers.init(keys, secret);
                return over(SslContextBuilder.forServer(managers));
            });
        }

        /**
         * A context of the application's own, with its own key managers and trust managers: for one whose certificate
         * changes while the host runs, for instance.
         */
        public Builder context(SSLContext own) {
            Objects.requireNonNull(own, "context");
            hasContext = true;
            return source(() -> over(own));
        }

        private Builder source(Source value) {
            if (source != null) {
                throw new IllegalArgumentException(
                        "certificate, keyStore, context: more than one (expected: exactly one of them)");
            }
            source = value;
            return this;
        }

        /**
         * Whether clients have to show certificates; the name in the certificate is the
         * {@link io.hubwire.server.spi.HttpExchange#principal principal} of their requests.
         * {@link ClientAuthentication#NONE} by default.
         */
        public Builder clientAuthentication(ClientAuthentication value) {
            clientAuthentication = Objects.requireNonNull(value, "clientAuthentication");
            return this;
        }

        /** Whose certificates vouch for clients, from a PEM file. Those that the JVM trusts by default. */
        public Builder trust(Path certificates) {
            File file = readable("trust", certificates);
            trust = builder -> builder.trustManager(file);
            return this;
        }

        /** Whose certificates vouch for clients. Those that the JVM trusts by default. */
        public Builder trust(KeyStore certificates) {
            Objects.requireNonNull(certificates, "trust");
            trust = builder -> {
                TrustManagerFactory managers =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                managers.init(certificates);
                builder.trustManager(managers);
            };
            return this;
        }

        /** The versions of the protocol, such as {@code TLSv1.3}. Those that the JVM has switched on by default. */
        public Builder protocols(String... names) {
            if (names.length == 0) {
                throw new IllegalArgumentException("protocols: none (expected: at least one)");
            }
            protocols = List.of(names);
            return this;
        }

        /** How long a client may take until both sides agree on keys. 10 seconds by default. */
        public Builder handshakeTimeout(Duration time) {
            if (time.isZero() || time.isNegative()) {
                throw new IllegalArgumentException("handshakeTimeout: " + time + " (expected: > 0)");
            }
            handshakeTimeout = time;
            return this;
        }

        private static File readable(String name, Path file) {
            if (!Files.isReadable(file)) {
                throw new IllegalArgumentException(name + ": " + file + " (expected: a file that can be read)");
            }
            return file.toFile();
        }

        /**
         * Reads the certificate and the key.
         *
         * @throws IllegalArgumentException if they are not what they should be, or the JVM does not know a protocol
         */
        public Tls build() {
            if (source == null) {
                throw new IllegalArgumentException(
                        "certificate, keyStore, context: none (expected: exactly one of them)");
            }
            if (hasContext && trust != null) {
                throw new IllegalArgumentException(
                        "trust: set beside context (expected: trust managers in the context)");
            }
            Tls tls = new Tls(context(source), this);
            try {
                tls.engine(ByteBufAllocator.DEFAULT);
            } catch (IllegalArgumentException unknown) {
                throw new IllegalArgumentException(
                        "protocols: " + protocols + " (expected: some that the JVM knows)", unknown);
            }
            return tls;
        }

        private static SslContext context(Source source) {
            try {
                return source.context();
            } catch (SSLException | GeneralSecurityException | IllegalArgumentException notWhatItShouldBe) {
                throw new IllegalArgumentException(
                        "certificate: " + notWhatItShouldBe.getMessage() + " (expected: a certificate and its key)",
                        notWhatItShouldBe);
            }
        }

        private SslContext over(SSLContext own) {
            String[] names = protocols.isEmpty() ? null : protocols.toArray(String[]::new);
            return new JdkSslContext(
                    own,
                    false,
                    null,
                    IdentityCipherSuiteFilter.INSTANCE,
                    null,
                    clientAuthentication.engines,
                    names,
                    false);
        }

        private SslContext over(SslContextBuilder keys) throws GeneralSecurityException, SSLException {
            keys.sslProvider(SslProvider.JDK).clientAuth(clientAuthentication.engines);
            if (trust != null) {
                trust.addTo(keys);
            }
            if (!protocols.isEmpty()) {
                keys.protocols(protocols);
            }
            return keys.build();
        }
    }

    /** Where the certificate comes from. */
    private interface Source {

        SslContext context() throws GeneralSecurityException, SSLException;
    }

    /** Who vouches for clients. */
    private interface Trust {

        void addTo(SslContextBuilder builder) throws GeneralSecurityException;
    }
}
