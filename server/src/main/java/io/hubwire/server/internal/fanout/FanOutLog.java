package io.hubwire.server.internal.fanout;

import io.hubwire.server.internal.words.OneLine;
import io.hubwire.server.spi.Backplane;
import io.hubwire.server.spi.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens to messages on their way to many clients. Never a value. */
final class FanOutLog {

    private static final Logger LOG = LoggerFactory.getLogger("io.hubwire.server.hub");

    private FanOutLog() {}

    static void observerFailed(Throwable why) {
        LOG.error("The server observer threw", why);
    }

    static void watcherFailed(Throwable why) {
        LOG.error("A watcher of presence threw", why);
    }

    static void interestFailed(String hub, Backplane.Subject subject, Throwable why) {
        LOG.error("The backplane did not take note that {} has no more {} here", hub, OneLine.of(subject), why);
    }

    static void inexpressible(String hub, Message message, Throwable why) {
        String target = message instanceof Message.Call call ? call.target() : "a message";
        LOG.warn("{} cannot send {}: its values cannot be expressed", hub, OneLine.of(target), why);
    }
}
