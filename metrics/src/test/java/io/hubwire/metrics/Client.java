package io.hubwire.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.testkit.ClientRequest;
import io.hubwire.testkit.ClientSocket;
import io.hubwire.testkit.ClientSocket.Event;
import io.hubwire.testkit.InMemoryHost;

/** A client of the hub over a WebSocket in memory. */
final class Client {

    static final String END = "\u001e";
    static final String HANDSHAKE = "{\"protocol\":\"json\",\"version\":1}" + END;

    private final ClientSocket socket;
    private final StringBuilder heard = new StringBuilder();

    private Client(ClientSocket socket) {
        this.socket = socket;
    }

    static Client of(InMemoryHost host) {
        return at(host, "/hub");
    }

    static Client at(InMemoryHost host, String target) {
        ClientSocket socket = host.connect(ClientRequest.get(target));
        socket.text(HANDSHAKE);
        Client client = new Client(socket);
        client.hears();
        assertThat(client.heard).startsWith("{}" + END);
        client.heard.delete(0, 3);
        return client;
    }

    void says(String message) {
        socket.text(message + END);
    }

    /** Calls a method and waits for the answer. */
    String calls(String method, String arguments) {
        return calls("", method, arguments);
    }

    String calls(String headers, String method, String arguments) {
        says(call(1, headers, method, arguments));
        return answer();
    }

    String streams(String method, String arguments) {
        says(call(4, "", method, arguments));
        return answer();
    }

    static String call(int type, String headers, String method, String arguments) {
        return "{\"type\":" + type + ",\"headers\":{" + headers + "},\"invocationId\":\"1\",\"target\":\"" + method
                + "\",\"arguments\":[" + arguments + "]}";
    }

    /** Everything up to the answer of a call. */
    String answer() {
        while (heard.indexOf("\"type\":3") < 0) {
            hears();
        }
        String answer = heard.toString();
        heard.setLength(0);
        return answer;
    }

    /** One frame, which may carry more than one message. */
    private void hears() {
        assertThat(socket.next()).isInstanceOfSatisfying(Event.Text.class, text -> heard.append(text.text()));
    }

    void vanishes() {
        socket.vanish();
    }
}
