package io.hubwire.server.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.hubwire.server.spi.Sent;
import io.hubwire.testkit.RawClient;
import io.hubwire.testkit.SelfSigned;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** TLS at its edges, on the engine that is used by default. */
@Timeout(60)
final class NettyTlsIT {

    private static final SelfSigned HOST = SelfSigned.named("host");
    private static final SelfSigned CLIENT = SelfSigned.named("client");
    private static final String REQUEST = "GET /who HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final Logger log = (Logger) LoggerFactory.getLogger(NettyHost.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @TempDir
    private Path directory;

    @BeforeEach
    void listenToTheLog() {
        logged.start();
        log.addAppender(logged);
    }

    @AfterEach
    void leaveTheLog() {
        log.detachAppender(logged);
    }

    private static NettyHost start(Tls tls) {
        return NettyHost.builder()
                .address("127.0.0.1")
                .threads(1)
                .tls(tls)
                .requestTimeout(Duration.ofSeconds(20))
                .endpoint(exchange -> {
                    String who = exchange.principal().map(Principal::getName).orElse("nobody");
                    exchange.respond(
                            200, ByteBuffer.wrap((who + " " + exchange.isSecure()).getBytes(UTF_8)), Sent.IGNORED);
                    return true;
                })
                .start();
    }

    private static Tls.Builder keys() {
        return Tls.builder().keyStore(HOST.keyStore(), HOST.password());
    }

    private static KeyStore trustOf(SelfSigned other) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("other", other.certificate());
        return store;
    }

    /** What a host answers to a client that asks who it is. */
    private static String ask(Tls tls, SSLContext client) {
        try (NettyHost host = start(tls);
                RawClient connection = new RawClient(host.port(), client)) {
            connection.send(REQUEST);
            return connection.answer().body();
        }
    }

    private static SSLContext knowing(SelfSigned host) {
        return host.context();
    }

    @Test
    void takesItsCertificateFromFiles() throws Exception {
        Path chain = Pem.certificate(HOST, directory.resolve("chain.pem"));
        Path key = Pem.key(HOST, directory.resolve("key.pem"));

        assertThat(ask(Tls.builder().certificate(chain, key).build(), knowing(HOST)))
                .isEqualTo("nobody true");
    }

    @Test
    void takesAKeyThatIsEncrypted() throws Exception {
        Path chain = Pem.certificate(HOST, directory.resolve("chain.pem"));
        Path key = Pem.encryptedKey(HOST, "open", directory.resolve("key.pem"));

        assertThat(ask(Tls.builder().certificate(chain, key, "open").build(), knowing(HOST)))
                .isEqualTo("nobody true");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tls.builder().certificate(chain, key, "wrong").build())
                .withMessageNotContaining("wrong");
    }

    @Test
    void takesAContextOfTheApplications() {
        assertThat(ask(Tls.builder().context(HOST.context()).build(), knowing(HOST)))
                .isEqualTo("nobody true");
    }

    @Test
    void knowsWhoAClientIsThatHasToSay() throws Exception {
        Path trusted = Pem.certificate(CLIENT, directory.resolve("clients.pem"));
        Tls tls = keys().clientAuthentication(Tls.ClientAuthentication.NEED)
                .trust(trusted)
                .build();

        assertThat(ask(tls, CLIENT.trusting(HOST))).isEqualTo("CN=client true");
        assertThatThrownBy(() -> ask(tls, SelfSigned.named("stranger").trusting(HOST)))
                .isInstanceOf(UncheckedIOException.class);
        assertQuiet();
    }

    @Test
    void takesClientsThatMaySayWhoTheyAre() throws Exception {
        Tls tls = keys().clientAuthentication(Tls.ClientAuthentication.WANT)
                .trust(trustOf(CLIENT))
                .build();
        SSLContext anonymous = SSLContext.getInstance("TLS");
        anonymous.init(null, HOST.trustManagers(), null);

        assertThat(ask(tls, CLIENT.trusting(HOST))).isEqualTo("CN=client true");
        assertThat(ask(tls, anonymous)).isEqualTo("nobody true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void speaksTheVersionsThatItIsTold(String version) throws IOException {
        try (NettyHost host = start(keys().protocols(version).build());
                SSLSocket socket =
                        (SSLSocket) HOST.context().getSocketFactory().createSocket("localhost", host.port())) {
            socket.startHandshake();
            assertThat(socket.getSession().getProtocol()).isEqualTo(version);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "\u0016\u0003\u0001\u0000\u0005garbage",
                "\u0000\u0000\u0000\u0000\u0000\u0000\u0000",
                "\u0016\u0003\u0003\u007f\u007f0"
            })
    void endsWithoutNoiseWithWhoeverDoesNotSpeakTls(String bytes) {
        try (NettyHost host =
                        start(keys().handshakeTimeout(Duration.ofMillis(300)).build());
                RawClient client = new RawClient(host.port())) {
            client.send(bytes);
            client.isClosedInOrder();
        }
        assertQuiet();
    }

    @Test
    void endsWithWhoeverDoesNotFinishAHandshake() {
        try (NettyHost host =
                        start(keys().handshakeTimeout(Duration.ofMillis(300)).build());
                RawClient silent = new RawClient(host.port())) {
            assertThat(silent.isClosedInOrder()).isTrue();
        }
        assertQuiet();
    }

    /** No time at all would mean for ever, to the engine. */
    @Test
    void endsWithWhoeverDoesNotFinishAHandshakeInNoTime() {
        try (NettyHost host = start(keys().handshakeTimeout(Duration.ofNanos(1)).build());
                RawClient silent = new RawClient(host.port())) {
            assertThat(silent.isClosedInOrder()).isTrue();
        }
        assertQuiet();
    }

    @Test
    void givesAHandshakeWhateverTime() {
        Duration longest = Duration.ofSeconds(Long.MAX_VALUE);

        assertThat(ask(keys().handshakeTimeout(longest).build(), knowing(HOST))).isEqualTo("nobody true");
        assertQuiet();
    }

    @Test
    void endsWithoutNoiseWithAClientThatDoesNotTrustIt() {
        assertThatThrownBy(() -> ask(keys().build(), CLIENT.context())).isInstanceOf(UncheckedIOException.class);
        assertQuiet();
    }

    @Test
    void closesWhenTheClientSaysThatItSendsNothingMore() throws IOException {
        try (NettyHost host = start(keys().build());
                SSLSocket socket =
                        (SSLSocket) HOST.context().getSocketFactory().createSocket("localhost", host.port())) {
            socket.setSoTimeout(10_000);
            socket.startHandshake();
            socket.shutdownOutput();
            assertThat(socket.getInputStream().read()).isNegative();
        }
    }

    @Test
    void partsInOrderWithAClientThatIsStillSending() {
        try (NettyHost host = start(keys().build());
                RawClient client = new RawClient(host.port(), HOST.context())) {
            client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n");
            client.sendIfOpen(new byte[100_000]);
            assertThat(client.answer().body()).isEqualTo("nobody true");
            assertThat(client.isClosedInOrder()).isTrue();
        }
    }

    @Test
    void saysWhatIsWrongWithItsOptions() throws IOException {
        Path nothing = directory.resolve("nothing.pem");
        Path empty = Files.createFile(directory.resolve("empty.pem"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tls.builder().build())
                .withMessage("certificate, keyStore, context: none (expected: exactly one of them)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> keys().context(HOST.context()))
                .withMessage("certificate, keyStore, context: more than one (expected: exactly one of them)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tls.builder().certificate(nothing, nothing))
                .withMessage("chain: " + nothing + " (expected: a file that can be read)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tls.builder().certificate(empty, empty).build())
                .withMessageEndingWith("(expected: a certificate and its key)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tls.builder()
                        .context(HOST.context())
                        .trust(trustOf(CLIENT))
                        .build())
                .withMessage("trust: set beside context (expected: trust managers in the context)");
        assertThatIllegalArgumentException().isThrownBy(() -> keys().protocols());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> keys().protocols("TLSv9").build())
                .withMessage("protocols: [TLSv9] (expected: some that the JVM knows)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> keys().handshakeTimeout(Duration.ZERO))
                .withMessage("handshakeTimeout: PT0S (expected: > 0)");
    }

    @Test
    void tellsNoSecretOfItself() {
        assertThat(keys().protocols("TLSv1.3").build())
                .hasToString("Tls[protocols=[TLSv1.3], clientAuthentication=NONE, handshakeTimeout=PT10S]");
    }

    /** Nobody is to be woken by clients that misbehave. */
    private void assertQuiet() {
        await().untilAsserted(() -> assertThat(List.copyOf(logged.list))
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .isEmpty());
    }
}
