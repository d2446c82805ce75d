package io.hubwire.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class TcpProxyIT {

    /** For how long a socket must hear nothing to be believed that nothing comes. */
    private static final Duration SILENCE = Duration.ofMillis(100);

    private final ServerSocket door = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final TcpProxy proxy = TcpProxy.to(door.getLocalPort());
    private final Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    private final Socket server = door.accept();

    TcpProxyIT() throws IOException {}

    /** What is said first comes through, so the link is there. */
    @BeforeEach
    void talk() throws IOException {
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        say(client, "hello");
        hears(server, "hello");
        say(server, "welcome");
        hears(client, "welcome");
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        client.close();
        server.close();
        door.close();
    }

    private TcpProxy.Link link() {
        assertThat(proxy.links()).hasSize(1);
        return proxy.links().getFirst();
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    private static void hears(Socket socket, String text) throws IOException {
        assertThat(socket.getInputStream().readNBytes(text.length()))
                .asString(US_ASCII)
                .isEqualTo(text);
    }

    private static void hearsTheEnd(Socket socket) throws IOException {
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }

    private static void hearsNothing(Socket socket) throws IOException {
        socket.setSoTimeout((int) SILENCE.toMillis());
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(0);
    }

    private static void findsTheOtherGone(Socket socket) {
        assertThatThrownBy(() -> socket.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .isNotInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void knowsALinkToBeInUseOnceTheClientHasAnsweredTheServer() throws IOException {
        assertThat(link().isInUse()).isFalse();
        say(client, "thanks");
        hears(server, "thanks");

        assertThat(link().isInUse()).isTrue();
    }

    @Test
    void cutsBothSides() {
        link().cut();

        findsTheOtherGone(client);
        findsTheOtherGone(server);
        assertThat(proxy.links()).isEmpty();
    }

    @Test
    void cutsTheClientAndTellsTheServerNothing() throws IOException {
        link().cutClient();

        findsTheOtherGone(client);
        say(server, "still there?");
        hearsNothing(server);
    }

    @Test
    void endsWhatTheClientSaysAndNotWhatTheServerSays() throws IOException {
        link().shutDownToServer();

        hearsTheEnd(server);
        say(server, "go on");
        hears(client, "go on");
    }

    @Test
    void endsWhatTheServerSaysAndNotWhatTheClientSays() throws IOException {
        link().shutDownToClient();

        hearsTheEnd(client);
        say(client, "go on");
        hears(server, "go on");
    }

    @Test
    void holdsBackWhatIsSaidUntilItIsToGoOn() throws IOException {
        TcpProxy.Link link = link();
        link.stall();
        say(client, "up");
        say(server, "down");
        hearsNothing(server);
        hearsNothing(client);

        link.resume();

        hears(server, "up");
        hears(client, "down");
    }

    @Test
    void endsWhenBothSidesHaveSaidEverything() throws IOException {
        client.shutdownOutput();
        hearsTheEnd(server);
        server.shutdownOutput();

        hearsTheEnd(client);
    }

    @Test
    void letsNobodyThroughWhenItIsClosed() {
        int port = proxy.port();
        proxy.close();

        findsTheOtherGone(client);
        findsTheOtherGone(server);
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                .isInstanceOf(IOException.class);
    }
}
