package io.hubwire.conformance.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hubwire.conformance.wire.RawConnection;
import io.hubwire.conformance.wire.RawHead;
import io.hubwire.conformance.wire.RawResponse;
import io.hubwire.conformance.wire.RawWebSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One client that does something wrong, and goes. */
final class Round {

    private static final Pattern TOKEN = Pattern.compile("\"connectionToken\":\"([^\"]+)\"");
    private static final String HANDSHAKE = "{\"protocol\":\"json\",\"version\":1}\u001e";
    private static final List<String> HANDSHAKES = List.of(
            HANDSHAKE,
            "{\"version\":1,\"protocol\":\"json\",\"x\":[{}]}\u001e",
            "{\"protocol\":\"xml\",\"version\":1}\u001e");
    private static final List<String> MESSAGES = List.of(
            "{\"type\":1,\"invocationId\":\"1\",\"target\":\"Add\",\"arguments\":[1,2]}\u001e",
            "{\"arguments\":[\"zü€😀\"],\"invocationId\":\"2\",\"target\":\"Echo\",\"type\":1}\u001e",
            "{\"type\":1,\"invocationId\":\"3\",\"target\":\"EchoItem\",\"arguments\":[{\"name\":\"a\",\"part\":{\"counts\":{\"k\":1}},\"data\":\"AQID\"}]}\u001e",
            "{\"type\":1,\"invocationId\":\"4\",\"target\":\"EchoAny\",\"arguments\":[[[{\"a\":[1,2.5e3,null,true,\"\\ud83d\\ude00\"]}]]]}\u001e",
            "{\"type\":1,\"target\":\"SendMany\",\"arguments\":[20]}\u001e{\"type\":6}\u001e",
            "{\"type\":1,\"invocationId\":\"5\",\"target\":\"Join\",\"arguments\":[\"g\"]}\u001e{\"type\":1,\"target\":\"SendGroup\",\"arguments\":[\"g\",\"x\"]}\u001e",
            "{\"type\":1,\"invocationId\":\"6\",\"target\":\"Slow\",\"arguments\":[20]}\u001e",
            "{\"type\":1,\"invocationId\":\"7\",\"target\":\"Throw\",\"arguments\":[\"x\"]}\u001e",
            "{\"type\":4,\"invocationId\":\"8\",\"target\":\"Count\",\"arguments\":[3,0]}\u001e",
            "{\"type\":2,\"invocationId\":\"8\",\"item\":{\"a\":1}}\u001e{\"type\":3,\"invocationId\":\"8\",\"error\":\"x\"}\u001e",
            "{\"type\":5,\"invocationId\":\"8\"}\u001e{\"type\":8,\"sequenceId\":5}\u001e{\"type\":9,\"sequenceId\":5}\u001e",
            "{\"type\":1,\"invocationId\":\"9\",\"target\":\"Abort\",\"arguments\":[]}\u001e",
            "{\"type\":7,\"error\":\"x\"}\u001e");
    private static final List<String> REQUESTS = List.of(
            "POST /golden/negotiate?negotiateVersion=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
            "POST /golden/negotiate HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            "GET /golden?id=nobody HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\nGET /golden HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /golden HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            "OPTIONS /golden HTTP/1.1\r\nHost: a\r\nOrigin: http://allowed.example\r\nAccess-Control-Request-Method: POST\r\n\r\n",
            "POST /golden?id=%C3%BC&access_token=ann%3Aadmin HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
            "DELETE /golden?id=x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            "GET /golden-send/nobody HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ann\r\n\r\n",
            "GET http://a/echo?x HTTP/1.1\r\nHost: a\r\n\r\n");

    private final Mutator mutator;
    private final InetSocketAddress server;

    Round(long seed, InetSocketAddress server) {
        this.mutator = new Mutator(seed);
        this.server = server;
    }

    /** Plays the round. What the server does to this client is all right, except for keeping it waiting. */
    void play() throws IOException {
        switch (mutator.below(6)) {
            case 0 -> brokenRequest();
            case 1 -> brokenMessages(true);
            case 2 -> brokenMessages(false);
            case 3 -> brokenFrames();
            case 4 -> brokenPosts(false);
            default -> brokenPosts(true);
        }
    }

    private void brokenRequest() throws IOException {
        try (RawConnection connection = RawConnection.to(server)) {
            connection.write(mutator.mutated(mutator.anyOf(REQUESTS).getBytes(UTF_8)));
            readAWhile(connection);
            leave(connection);
        } catch (IOException refused) {
            // A server may cut who talks like that, at any moment.
        }
    }

    /** Messages that are broken, in frames that are not. */
    private void brokenMessages(boolean text) throws IOException {
        try (RawConnection connection = RawConnection.to(server)) {
            RawWebSocket socket = upgraded(connection);
            byte[] handshake = mutator.anyOf(HANDSHAKES).getBytes(UTF_8);
            socket.frame(0x80 | RawWebSocket.TEXT, mutator.oneIn(3) ? mutator.mutated(handshake) : handshake);
            for (int count = mutator.below(12); count > 0; count--) {
                byte[] message = mutator.mutated(mutator.anyOf(MESSAGES).getBytes(UTF_8));
                int cut = mutator.oneIn(4) ? mutator.below(message.length + 1) : message.length;
                int kind = text ? RawWebSocket.TEXT : RawWebSocket.BINARY;
                socket.frame(cut < message.length ? kind : 0x80 | kind, java.util.Arrays.copyOf(message, cut));
                if (cut < message.length) {
                    socket.frame(0x80, java.util.Arrays.copyOfRange(message, cut, message.length));
                }
            }
            readAWhile(connection);
            leave(connection);
        } catch (IOException refused) {
            // As above.
        }
    }

    private void brokenFrames() throws IOException {
        try (RawConnection connection = RawConnection.to(server)) {
            RawWebSocket socket = upgraded(connection);
            socket.frame(0x80 | RawWebSocket.TEXT, HANDSHAKE.getBytes(UTF_8));
            for (int count = mutator.below(6); count > 0; count--) {
                int first = mutator.oneIn(2) ? mutator.below(256) : 0x80 | mutator.below(16);
                byte[] frame =
                        RawWebSocket.masked(first, mutator.anyOf(MESSAGES).getBytes(UTF_8));
                connection.write(mutator.mutated(frame));
            }
            readAWhile(connection);
            leave(connection);
        } catch (IOException refused) {
            // As above.
        }
    }

    private RawWebSocket upgraded(RawConnection connection) throws IOException {
        RawWebSocket socket = RawWebSocket.open(connection, "/golden", Map.of());
        connection.patience(10_000);
        RawHead head;
        try {
            head = connection.head();
        } catch (SocketTimeoutException kept) {
            throw new IllegalStateException("kept waiting", kept);
        }
        if (head.status() != 101) {
            throw new IllegalStateException("a good upgrade was answered with " + head.status());
        }
        return socket;
    }

    /** Posts that are broken, with polls or an event stream to answer them. */
    private void brokenPosts(boolean polling) throws IOException {
        String token = negotiated();
        String target = "/golden?id=" + token;
        try (RawConnection down = RawConnection.to(server)) {
            down.patience(10_000);
            down.request("GET", target, polling ? Map.of() : Map.of("Accept", "text/event-stream"));
            RawHead head = down.head();
            if (head.status() != 200) {
                throw new IllegalStateException("a good GET was answered with " + head.status());
            }
            if (polling) {
                down.request("GET", target, Map.of());
            }
            post(target, mutator.anyOf(HANDSHAKES).getBytes(UTF_8));
            for (int count = mutator.below(6); count > 0; count--) {
                post(target, mutator.mutated(mutator.anyOf(MESSAGES).getBytes(UTF_8)));
            }
            readAWhile(down);
            leave(down);
        } catch (SocketTimeoutException kept) {
            throw new IllegalStateException("kept waiting", kept);
        } catch (IOException refused) {
            // As above.
        }
        if (polling && !mutator.oneIn(5)) {
            request("DELETE", target, new byte[0]);
        }
    }

    private String negotiated() throws IOException {
        Matcher token = TOKEN.matcher(request("POST", "/golden/negotiate?negotiateVersion=1", new byte[0])
                .map(RawResponse::text)
                .orElse(""));
        if (!token.find()) {
            throw new IllegalStateException("a good negotiate request was refused");
        }
        return token.group(1);
    }

    private void post(String target, byte[] body) throws IOException {
        request("POST", target, body);
    }

    private Optional<RawResponse> request(String method, String target, byte[] body) throws IOException {
        try (RawConnection connection = RawConnection.to(server)) {
            connection.patience(10_000);
            return Optional.of(
                    connection.exchange(method, target, Map.of("Content-Length", Integer.toString(body.length)), body));
        }
    }

    private void readAWhile(RawConnection connection) throws IOException {
        connection.patience(1 + mutator.below(60));
        try {
            while (connection.in().read() >= 0) {
                // What it says is not looked at.
            }
        } catch (SocketTimeoutException silence) {
            // Nothing more comes for now.
        }
    }

    private void leave(RawConnection connection) throws IOException {
        switch (mutator.below(3)) {
            case 0 -> connection.reset();
            case 1 -> connection.shutdownOutput();
            default -> connection.close();
        }
    }
}
