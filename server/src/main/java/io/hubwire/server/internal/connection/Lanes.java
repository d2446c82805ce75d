package io.hubwire.server.internal.connection;

import io.hubwire.server.spi.EventLoop;
import io.hubwire.server.spi.Pipe;

/** Where the lanes of one client's mailbox begin, and who goes on reading when there is room again. */
record Lanes(Pipe pipe, HandOvers handOvers, Runnable goOn) implements Mailbox.Reader {

    @Override
    public void startLane(Mailbox lane) {
        EventLoop loop = pipe.loop();
        if (loop.isCurrent()) {
            handOvers.of(loop).start(lane);
        } else {
            Thread.startVirtualThread(lane);
        }
    }

    @Override
    public void roomAgain() {
        goOn.run();
    }
}
