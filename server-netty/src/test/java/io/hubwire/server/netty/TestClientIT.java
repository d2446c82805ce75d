package io.hubwire.server.netty;

import io.hubwire.protocol.negotiate.TransportType;
import io.hubwire.server.spi.HttpEndpoint;
import io.hubwire.testkit.TestClientContract;
import io.hubwire.testkit.TestHost;
import org.junit.jupiter.api.Nested;

final class TestClientIT {

    abstract static class OverSockets extends TestClientContract {

        OverSockets(String protocol, TransportType transport) {
            super(protocol, transport);
        }

        @Override
        protected TestHost start(HttpEndpoint endpoint) {
            NettyHost host = NettyHost.builder().port(0).endpoint(endpoint).start();
            return TestHost.listening(host.port(), host::close);
        }
    }

    @Nested
    final class JsonOverWebSockets extends OverSockets {
        JsonOverWebSockets() {
            super("json", TransportType.WEB_SOCKETS);
        }
    }

    @Nested
    final class MessagePackOverWebSockets extends OverSockets {
        MessagePackOverWebSockets() {
            super("messagepack", TransportType.WEB_SOCKETS);
        }
    }

    @Nested
    final class JsonOverServerSentEvents extends OverSockets {
        JsonOverServerSentEvents() {
            super("json", TransportType.SERVER_SENT_EVENTS);
        }
    }

    @Nested
    final class MessagePackOverLongPolling extends OverSockets {
        MessagePackOverLongPolling() {
            super("messagepack", TransportType.LONG_POLLING);
        }
    }
}
