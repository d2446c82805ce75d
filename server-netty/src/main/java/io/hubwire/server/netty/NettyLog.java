package io.hubwire.server.netty;

import io.netty.channel.Channel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the host has to say. Clients that misbehave are for debugging, our own mistakes are errors. */
final class NettyLog {

    private static final Logger LOG = LoggerFactory.getLogger(NettyHost.class);

    private NettyLog() {}

    static void started(Engine engine, int port, int threads) {
        LOG.info("Listening on port {} ({}, {} threads)", port, engine, threads);
    }

    static void failed(Channel channel, Throwable mistake) {
        LOG.error("{} is cut: what was called back threw", channel, mistake);
    }

    static void unanswered(Channel channel, Throwable mistake) {
        LOG.error("{} is answered with 500: the endpoint threw", channel, mistake);
    }

    static void lost(Channel channel, Throwable cause) {
        LOG.debug("{} is lost: {}", channel, cause.toString());
    }

    static void refused(Channel channel, int status, String why) {
        LOG.debug("{} is answered with {}: {}", channel, status, why);
    }

    static void late(Channel channel) {
        LOG.debug("{} is cut: it took too long", channel);
    }

    static void violated(Channel channel, int code) {
        LOG.debug("{} is closed with {}: it broke the WebSocket protocol", channel, code);
    }

    static void lateFailed(Throwable mistake) {
        LOG.error("What was to happen to a connection that took too long has failed", mistake);
    }

    static void lateTask() {
        LOG.debug("A task came after the end of its event loop");
    }
}
