package io.hubwire.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hubwire.protocol.TransferFormat;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/** An event stream down, requests up. A thread reads. */
final class EventStreamLink implements ClientLink {

    private static final String DATA = "data: ";

    private final HubAddress hub;
    private final String token;
    private final Receiver receiver;
    private final ClientExchange stream;
    private final ReentrantLock sending = new ReentrantLock();

    private EventStreamLink(HubAddress hub, String token, Receiver receiver) {
        this.hub = hub;
        this.token = token;
        this.receiver = receiver;
        this.stream = hub.host().request(hub.request("GET", token).header("Accept", "text/event-stream"));
    }

    static ClientLink open(HubAddress hub, String token, Receiver receiver) {
        EventStreamLink link = new EventStreamLink(hub, token, receiver);
        if (link.stream.status() != 200) {
            throw hub.refused(link.stream.status(), link.stream.body());
        }
        Thread.ofVirtual().name("test-client-events").start(link::read);
        return link;
    }

    private void read() {
        try {
            while (true) {
                String line = line();
                if (line.startsWith(DATA)) {
                    receiver.received(
                            ByteBuffer.wrap(line.substring(DATA.length()).getBytes(UTF_8)));
                }
            }
        } catch (UncheckedIOException end) {
            receiver.lost();
        }
    }

    private String line() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (byte next = octet(); next != '\n'; next = octet()) {
            line.write(next);
        }
        String text = line.toString(UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private byte octet() {
        return ClientLink.patiently(() -> stream.bytes(1))[0];
    }

    @Override
    public void send(TransferFormat format, ByteBuffer frames) {
        sending.lock();
        try {
            hub.post(token, frames);
        } finally {
            sending.unlock();
        }
    }

    @Override
    public void close() {
        stream.vanish();
    }

    @Override
    public void vanish() {
        stream.vanish();
    }
}
