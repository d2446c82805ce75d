package io.hubwire.testkit;

import io.hubwire.protocol.negotiate.TransportType;
import io.hubwire.server.spi.HttpEndpoint;
import org.junit.jupiter.api.Nested;

final class TestClientTest {

    abstract static class InMemory extends TestClientContract {

        InMemory(String protocol, TransportType transport) {
            super(protocol, transport);
        }

        @Override
        protected TestHost start(HttpEndpoint endpoint) {
            return new InMemoryHost(endpoint);
        }
    }

    @Nested
    final class JsonOverWebSockets extends InMemory {
        JsonOverWebSockets() {
            super("json", TransportType.WEB_SOCKETS);
        }
    }

    @Nested
    final class MessagePackOverWebSockets extends InMemory {
        MessagePackOverWebSockets() {
            super("messagepack", TransportType.WEB_SOCKETS);
        }
    }

    @Nested
    final class JsonOverServerSentEvents extends InMemory {
        JsonOverServerSentEvents() {
            super("json", TransportType.SERVER_SENT_EVENTS);
        }
    }

    @Nested
    final class JsonOverLongPolling extends InMemory {
        JsonOverLongPolling() {
            super("json", TransportType.LONG_POLLING);
        }
    }

    @Nested
    final class MessagePackOverLongPolling extends InMemory {
        MessagePackOverLongPolling() {
            super("messagepack", TransportType.LONG_POLLING);
        }
    }
}
