package io.hubwire.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hubwire.protocol.TransferFormat;
import io.hubwire.testkit.ClientSocket.Event;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/** A WebSocket. In memory the host hands over what happens; a thread reads from any other. */
final class WebSocketLink implements ClientLink {

    private static final int NORMAL = 1000;

    private final ClientSocket socket;
    private final Receiver receiver;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicBoolean gone = new AtomicBoolean();

    private WebSocketLink(ClientSocket socket, Receiver receiver) {
        this.socket = socket;
        this.receiver = receiver;
    }

    static ClientLink open(HubAddress hub, String token, Receiver receiver) {
        ClientSocket socket = hub.host().connect(hub.request("GET", token));
        if (socket.status() != 101) {
            throw hub.refused(socket.status(), "");
        }
        WebSocketLink link = new WebSocketLink(socket, receiver);
        if (socket instanceof InMemorySocket inMemory) {
            inMemory.listen(link::happened);
        } else {
            Thread.ofVirtual().name("test-client-socket").start(link::read);
        }
        return link;
    }

    private void read() {
        while (!gone.get()) {
            happened(ClientLink.patiently(socket::next));
        }
        socket.vanish();
    }

    private void happened(Event event) {
        switch (event) {
            case Event.Text text ->
                receiver.received(ByteBuffer.wrap(text.text().getBytes(UTF_8)));
            case Event.Binary binary -> receiver.received(binary.bytes());
            case Event.Ping ping -> socket.pong(ping.payload());
            case Event.Pong pong -> {}
            case Event.Close close -> close();
            case Event.Gone end -> lost();
        }
    }

    private void lost() {
        if (gone.compareAndSet(false, true)) {
            receiver.lost();
        }
    }

    @Override
    public void send(TransferFormat format, ByteBuffer frames) {
        switch (format) {
            case TEXT -> socket.text(UTF_8.decode(frames).toString());
            case BINARY -> {
                byte[] bytes = new byte[frames.remaining()];
                frames.get(bytes);
                socket.binary(bytes);
            }
        }
    }

    @Override
    public void close() {
        if (closing.compareAndSet(false, true)) {
            socket.close(NORMAL, "");
        }
    }

    @Override
    public void vanish() {
        socket.vanish();
    }
}
