package io.hubwire.testkit;

import io.hubwire.protocol.TransferFormat;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/** What carries the bytes of one client, whichever transport it is. Safe for any thread. */
interface ClientLink {

    /** Sends whole frames. */
    void send(TransferFormat format, ByteBuffer frames);

    /** Leaves as one should. */
    void close();

    /** Goes away without a word. */
    void vanish();

    /** Waits for something that may take as long as it likes: those who wait for the client have deadlines. */
    static <T> T patiently(Supplier<T> something) {
        while (true) {
            try {
                return something.get();
            } catch (AssertionError nothingYet) {
                // and nothing was taken, so it can be asked for again
            }
        }
    }

    /** Who hears what comes, from one thread at a time; must not block. */
    interface Receiver {

        /** Bytes came, valid during the call only. */
        void received(ByteBuffer bytes);

        /** Nothing more will come; said once. */
        void lost();
    }
}
