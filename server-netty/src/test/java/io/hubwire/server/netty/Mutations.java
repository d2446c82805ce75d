package io.hubwire.server.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hubwire.testkit.ClientFrame;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Requests and frames that were in order once. */
final class Mutations {

    private static final byte[] FRAMES = ClientFrame.join(
            ClientFrame.whole(ClientFrame.TEXT, "größer €".getBytes(UTF_8)),
            ClientFrame.unfinished(ClientFrame.TEXT, "frag".getBytes(UTF_8)),
            ClientFrame.whole(ClientFrame.PING, "ping".getBytes(UTF_8)),
            ClientFrame.whole(ClientFrame.CONTINUATION, "ment".getBytes(UTF_8)),
            ClientFrame.whole(ClientFrame.BINARY, new byte[300]),
            ClientFrame.whole(ClientFrame.PONG),
            ClientFrame.whole(ClientFrame.CLOSE, (byte) 3, (byte) 0xe8));
    private static final String HOST = "Host: localhost\r\n";
    private static final String UPGRADE = "GET /socket HTTP/1.1\r\n" + HOST + "Upgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    private static final List<String> REQUESTS = List.of(
            "GET /a%20b?c=d HTTP/1.1\r\n" + HOST + "X-Some: thing\r\n\r\n",
            "POST /p HTTP/1.1\r\n" + HOST + "Content-Length: 11\r\n\r\nhello world",
            "POST /p HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
            "POST /unread HTTP/1.1\r\n" + HOST + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
            "HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            "GET /silent HTTP/1.1\r\n" + HOST + "\r\nGET /behind HTTP/1.1\r\n" + HOST + "\r\n",
            "GET /nobody HTTP/1.1\r\n" + HOST + "\r\n");

    private final Random random;

    Mutations(Random random) {
        this.random = random;
    }

    Random random() {
        return random;
    }

    /** Some frames, the most of them in order. */
    byte[] frames() {
        return mutated(FRAMES);
    }

    /** What a client might send on one connection. */
    byte[] conversation() {
        if (random.nextInt(3) == 0) {
            return ClientFrame.join(UPGRADE.getBytes(UTF_8), frames());
        }
        byte[] requests = {};
        for (int i = random.nextInt(3); i >= 0; i--) {
            String request = REQUESTS.get(random.nextInt(REQUESTS.size()));
            requests = ClientFrame.join(requests, request.getBytes(UTF_8));
        }
        return mutated(ClientFrame.join(requests, UPGRADE.getBytes(UTF_8), FRAMES));
    }

    private byte[] mutated(byte[] original) {
        byte[] bytes = original.clone();
        for (int i = random.nextInt(5); i > 0; i--) {
            bytes = mutatedOnce(bytes);
        }
        return bytes;
    }

    private byte[] mutatedOnce(byte[] bytes) {
        if (bytes.length == 0) {
            return bytes;
        }
        int at = random.nextInt(bytes.length);
        int end = at + random.nextInt(Math.min(20, bytes.length - at) + 1);
        byte[] before = Arrays.copyOfRange(bytes, 0, at);
        byte[] within = Arrays.copyOfRange(bytes, at, end);
        byte[] behind = Arrays.copyOfRange(bytes, end, bytes.length);
        return switch (random.nextInt(6)) {
            case 0 -> ClientFrame.join(before, behind);
            case 1 -> ClientFrame.join(before, within, within, behind);
            case 2 -> ClientFrame.join(before, noise(), behind);
            case 3 -> before;
            case 4 -> ClientFrame.join(before, behind, within);
            default -> {
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                yield bytes;
            }
        };
    }

    private byte[] noise() {
        byte[] noise = new byte[random.nextInt(30)];
        random.nextBytes(noise);
        return noise;
    }
}
