package io.hubwire.conformance.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hubwire.conformance.wire.RawConnection;
import io.hubwire.conformance.wire.RawHead;
import io.hubwire.conformance.wire.RawResponse;
import io.hubwire.conformance.wire.RawWebSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One client that does something wrong, and goes. */
final class Round {

    private static final Pattern TOKEN = Pattern.compile("\"connectionToken\":\"([^\"]+)\"");
    private static final String HANDSHAKE = "{\"protocol\":\"json\",\"version\":1}\u001e";
    private static final List<byte[]> HANDSHAKES = bytes(
            HANDSHAKE,
            "{\"version\":1,\"protocol\":\"json\",\"x\":[{}]}\u001e",
            "{\"protocol\":\"xml\",\"version\":1}\u001e");
    private static final List<byte[]> MESSAGES = bytes(
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
    private static final String PACKED_HANDSHAKE = "{\"protocol\":\"messagepack\",\"version\":1}\u001e";
    private static final List<byte[]> PACKED_HANDSHAKES =
            bytes(PACKED_HANDSHAKE, "{\"version\":2,\"protocol\":\"MESSAGEPACK\"}\u001e");

    /** The same in MessagePack, with extensions, a message of later and one without headers. */
    private static final List<byte[]> PACKED = hexadecimal(
            "0c950180a131a3416464920102",
            "17960180a132a44563686f91aa7ac3bce282acf09f988090",
            "32950180a133a84563686f4974656d9183a46e616d65a161a47061727481a6636f756e747381a16b01a464617461c403010203",
            "2e950180a134a74563686f416e7991919181a1619701cb4004000000000000c0c3a4f09f9880d6ff663212a0d40500",
            "0f950180c0a853656e644d616e799114029106",
            "11950181a161a162a135a44a6f696e91a167139501c0c0a953656e6447726f757092a167a178",
            "0c950180a136a4536c6f779114",
            "0e950180a137a55468726f7791a178",
            "11960480a138a5436f756e7492030091a139",
            "09940280a13881a1610108950380a13801a17807950380a138030506940380a13802",
            "05930580a1380392080503920905089263a56c61746572",
            "0c950180a139a541626f727490",
            "059307a178c3");

    private static final String STATEFUL = "/golden-stateful";
    private static final String STATEFUL_HANDSHAKE = "{\"protocol\":\"json\",\"version\":2}\u001e";

    /** What only clients say that come back, and some of what makes the server say something. */
    private static final List<byte[]> COMING_BACK = bytes(
            "{\"type\":8,\"sequenceId\":0}\u001e",
            "{\"type\":8,\"sequenceId\":3}\u001e",
            "{\"type\":8,\"sequenceId\":-1}\u001e",
            "{\"type\":8,\"sequenceId\":4294967296}\u001e",
            "{\"type\":9,\"sequenceId\":1}\u001e",
            "{\"type\":9,\"sequenceId\":0}\u001e",
            "{\"type\":9,\"sequenceId\":-9223372036854775808}\u001e",
            "{\"type\":9,\"sequenceId\":9223372036854775807}\u001e",
            "{\"type\":1,\"target\":\"SendMany\",\"arguments\":[20]}\u001e",
            "{\"type\":4,\"invocationId\":\"8\",\"target\":\"Count\",\"arguments\":[30,1]}\u001e",
            "{\"type\":1,\"invocationId\":\"1\",\"target\":\"Add\",\"arguments\":[1,2]}\u001e{\"type\":6}\u001e");

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

    /** How a client speaks. */
    private static final class Speech {

        private static final Speech JSON = new Speech(HANDSHAKE, HANDSHAKES, MESSAGES);
        private static final Speech MESSAGE_PACK = new Speech(PACKED_HANDSHAKE, PACKED_HANDSHAKES, PACKED);

        private final byte[] handshake;
        private final List<byte[]> handshakes;
        private final List<byte[]> messages;

        Speech(String handshake, List<byte[]> handshakes, List<byte[]> messages) {
            this.handshake = handshake.getBytes(UTF_8);
            this.handshakes = handshakes;
            this.messages = messages;
        }
    }

    private final Mutator mutator;
    private final InetSocketAddress server;

    Round(long seed, InetSocketAddress server) {
        this.mutator = new Mutator(seed);
        this.server = server;
    }

    private static List<byte[]> bytes(String... texts) {
        return Stream.of(texts).map(text -> text.getBytes(UTF_8)).toList();
    }

    private static List<byte[]> hexadecimal(String... digits) {
        return Stream.of(digits).map(HexFormat.of()::parseHex).toList();
    }

    private Speech anySpeech() {
        return mutator.oneIn(2) ? Speech.JSON : Speech.MESSAGE_PACK;
    }

    /** Plays the round. What the server does to this client is all right, except for keeping it waiting. */
    void play() throws IOException {
        switch (mutator.below(7)) {
            case 0 -> brokenRequest();
            case 1 -> brokenMessages(true);
            case 2 -> brokenMessages(false);
            case 3 -> brokenFrames();
            case 4 -> brokenPosts(false);
            case 5 -> brokenReturns();
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
            Speech speech = text ? Speech.JSON : anySpeech();
            byte[] handshake = mutator.anyOf(speech.handshakes);
            socket.frame(0x80 | RawWebSocket.TEXT, mutator.oneIn(3) ? mutator.mutated(handshake) : handshake);
            for (int count = mutator.below(12); count > 0; count--) {
                byte[] message = mutator.mutated(mutator.anyOf(speech.messages));
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

    /** Sockets of one client that follow each other, at once or while the one before is still there. */
    private void brokenReturns() throws IOException {
        String target = STATEFUL + "?id=" + negotiated(STATEFUL, "&useStatefulReconnect=true");
        int sockets = 1 + mutator.below(4);
        for (int i = 0; i < sockets; i++) {
            try (RawConnection connection = RawConnection.to(server)) {
                RawWebSocket socket = RawWebSocket.open(connection, target, Map.of());
                connection.patience(10_000);
                if (connection.head().status() != 101) {
                    return; // what was said on the socket before has ended the connection
                }
                // On a socket that follows another it is one more thing that is wrong.
                if (i == 0 || mutator.oneIn(4)) {
                    socket.frame(0x80 | RawWebSocket.TEXT, STATEFUL_HANDSHAKE.getBytes(UTF_8));
                }
                for (int count = mutator.below(8); count > 0; count--) {
                    byte[] message = mutator.anyOf(COMING_BACK);
                    socket.frame(0x80 | RawWebSocket.TEXT, mutator.oneIn(4) ? mutator.mutated(message) : message);
                }
                readAWhile(connection);
                leave(connection);
            } catch (SocketTimeoutException kept) {
                throw new IllegalStateException("kept waiting", kept);
            } catch (IOException refused) {
                // As above.
            }
        }
    }

    private void brokenFrames() throws IOException {
        try (RawConnection connection = RawConnection.to(server)) {
            RawWebSocket socket = upgraded(connection);
            Speech speech = anySpeech();
            socket.frame(0x80 | RawWebSocket.TEXT, speech.handshake);
            for (int count = mutator.below(6); count > 0; count--) {
                int first = mutator.oneIn(2) ? mutator.below(256) : 0x80 | mutator.below(16);
                byte[] frame = RawWebSocket.masked(first, mutator.anyOf(speech.messages));
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
        String target = "/golden?id=" + negotiated("/golden", "");
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
            Speech speech = anySpeech();
            post(target, mutator.anyOf(speech.handshakes));
            for (int count = mutator.below(6); count > 0; count--) {
                post(target, mutator.mutated(mutator.anyOf(speech.messages)));
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

    private String negotiated(String path, String more) throws IOException {
        Matcher token = TOKEN.matcher(request("POST", path + "/negotiate?negotiateVersion=1" + more, new byte[0])
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
