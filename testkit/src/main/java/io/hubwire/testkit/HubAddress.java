package io.hubwire.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hubwire.protocol.ProtocolException;
import io.hubwire.protocol.negotiate.NegotiateResponse;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Where a client's requests go, and what all of them have. */
record HubAddress(TestHost host, String path, String query, List<Map.Entry<String, String>> headers) {

    static HubAddress of(TestHost host, String path, ClientOptions options) {
        StringBuilder query = new StringBuilder();
        options.query()
                .forEach(field -> query.append('&')
                        .append(URLEncoder.encode(field.getKey(), UTF_8))
                        .append('=')
                        .append(URLEncoder.encode(field.getValue(), UTF_8)));
        return new HubAddress(host, path, query.toString(), options.headers())
                .with(
                        "Authorization",
                        options.accessToken().map(token -> "Bearer " + token).stream()
                                .toList())
                .with(
                        TestUser.HEADER,
                        options.user().map(TestUser::header).stream().toList());
    }

    private HubAddress with(String name, List<String> values) {
        List<Map.Entry<String, String>> more = new ArrayList<>(headers);
        values.forEach(value -> more.add(Map.entry(name, value)));
        return new HubAddress(host, path, query, List.copyOf(more));
    }

    /**
     * Asks to be let in.
     *
     * @throws ConnectRefusedException if the server refuses, or sends the client elsewhere
     */
    NegotiateResponse.Accepted negotiate() {
        ClientExchange answer =
                host.request(request("POST", path + "/negotiate?negotiateVersion=1" + query, ByteBuffer.allocate(0)));
        if (answer.status() != 200) {
            throw refused(answer.status(), answer.body());
        }
        return switch (negotiated(answer.bytes())) {
            case NegotiateResponse.Accepted accepted -> accepted;
            case NegotiateResponse.Refused refused -> throw refused(200, refused.error());
            case NegotiateResponse.Redirect redirect -> throw refused(200, "go to " + redirect.url());
        };
    }

    private NegotiateResponse negotiated(byte[] body) {
        try {
            return NegotiateResponse.read(ByteBuffer.wrap(body));
        } catch (ProtocolException none) {
            throw refused(200, new String(body, UTF_8));
        }
    }

    ConnectRefusedException refused(int status, String words) {
        return new ConnectRefusedException(
                status, path + " answered " + status + (words.isBlank() ? "" : ": " + words.strip()));
    }

    /** A request of a transport. */
    ClientRequest request(String method, String token) {
        return request(method, path + "?id=" + token + query, ByteBuffer.allocate(0));
    }

    /** Sends bytes for a transport that cannot. */
    void post(String token, ByteBuffer bytes) {
        host.request(request("POST", path + "?id=" + token + query, bytes)).status();
    }

    private ClientRequest request(String method, String target, ByteBuffer body) {
        return new ClientRequest(method, target, headers, body, OptionalLong.of(body.remaining()));
    }
}
