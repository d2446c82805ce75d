package io.hubwire.conformance.talk;

import static io.hubwire.conformance.talk.Signs.show;

import io.hubwire.conformance.wire.RawResponse;
import io.hubwire.conformance.wire.RawWebSocket;
import java.io.IOException;

/** A WebSocket whose messages go into a channel. */
final class SocketPeer implements RawWebSocket.Listener {

    private final RawWebSocket socket;
    private final Channel channel;

    SocketPeer(RawWebSocket socket, Channel channel) {
        this.socket = socket;
        this.channel = channel;
    }

    @Override
    public void opened() {
        channel.put("101");
    }

    @Override
    public void refused(RawResponse response) {
        String body = response.text();
        channel.put(response.status() + " "
                + response.head().header("content-type").orElse("-") + (body.isEmpty() ? "" : "\n| " + show(body)));
    }

    @Override
    public void text(String message) {
        Signs.messages(message).forEach(each -> channel.put("text " + show(each)));
    }

    @Override
    public void binary(byte[] message) {
        channel.put("binary " + Signs.hex(message));
    }

    @Override
    public void closed(int code, String reason) {
        channel.put("close " + code + (reason.isEmpty() ? "" : " " + reason));
    }

    /** The client's side of the same socket. */
    Peer peer() {
        return new Peer() {
            @Override
            public void text(String message) throws IOException {
                socket.text(message);
            }

            @Override
            public void binary(byte[] message) throws IOException {
                socket.binary(message);
            }

            @Override
            public void frame(int first, byte[] payload) throws IOException {
                socket.frame(first, payload);
            }

            @Override
            public void close(int code, String reason) throws IOException {
                socket.closeFrame(code, reason);
            }

            @Override
            public void cut() {
                socket.close();
            }
        };
    }
}
