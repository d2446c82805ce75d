package io.hubwire.testkit;

import io.hubwire.protocol.TransferFormat;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/** Requests that wait for something to say down, requests up. A thread asks again and again. */
final class LongPollingLink implements ClientLink {

    private final HubAddress hub;
    private final String token;
    private final Receiver receiver;
    private final ReentrantLock sending = new ReentrantLock();
    private volatile boolean over;
    private volatile ClientExchange poll;

    private LongPollingLink(HubAddress hub, String token, Receiver receiver) {
        this.hub = hub;
        this.token = token;
        this.receiver = receiver;
        this.poll = ask();
    }

    /** Begins with a poll that is answered at once. */
    static ClientLink open(HubAddress hub, String token, Receiver receiver) {
        LongPollingLink link = new LongPollingLink(hub, token, receiver);
        if (link.poll.status() != 200) {
            throw hub.refused(link.poll.status(), link.poll.body());
        }
        Thread.ofVirtual().name("test-client-poll").start(link::read);
        return link;
    }

    private ClientExchange ask() {
        return hub.host().request(hub.request("GET", token));
    }

    private void read() {
        while (!over && ClientLink.patiently(poll::isWhole) && poll.status() == 200) {
            receiver.received(ByteBuffer.wrap(poll.bytes()));
            poll = ask();
        }
        poll.vanish();
        receiver.lost();
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
        hub.host().request(hub.request("DELETE", token)).status();
    }

    @Override
    public void vanish() {
        over = true;
        poll.vanish();
    }
}
