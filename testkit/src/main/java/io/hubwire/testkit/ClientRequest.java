package io.hubwire.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a client asks for.
 *
 * @param target path and query as they are sent, escapes and all
 * @param headers names and values in order; the client adds {@code Host} and what says how long the body is
 * @param body what is sent behind the head at once
 * @param length how long the body is said to be; empty for a chunked one
 */
public record ClientRequest(
        String method, String target, List<Map.Entry<String, String>> headers, ByteBuffer body, OptionalLong length) {

    /** Freezes the headers and the body. */
    public ClientRequest {
        headers = List.copyOf(headers);
        body = body.asReadOnlyBuffer();
    }

    /** Asks for something with {@code GET}. */
    public static ClientRequest get(String target) {
        return of("GET", target);
    }

    /** Asks for something, without a body. */
    public static ClientRequest of(String method, String target) {
        return new ClientRequest(method, target, List.of(), ByteBuffer.allocate(0), OptionalLong.of(0));
    }

    /** Sends something with {@code POST}. */
    public static ClientRequest post(String target, String body) {
        ByteBuffer bytes = ByteBuffer.wrap(body.getBytes(UTF_8));
        return new ClientRequest("POST", target, List.of(), bytes, OptionalLong.of(bytes.remaining()));
    }

    /** The same with one more header. */
    public ClientRequest header(String name, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(headers);
        more.add(Map.entry(name, value));
        return new ClientRequest(method, target, more, body, length);
    }

    /** The same with a body that is said to be this long; what is missing can be sent later. */
    public ClientRequest declaring(long bytes) {
        return new ClientRequest(method, target, headers, body, OptionalLong.of(bytes));
    }

    /** The same with a body of unknown length, which {@link ClientExchange#finish} ends. */
    public ClientRequest chunked() {
        return new ClientRequest(method, target, headers, body, OptionalLong.empty());
    }
}
