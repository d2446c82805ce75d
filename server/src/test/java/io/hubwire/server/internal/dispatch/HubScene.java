package io.hubwire.server.internal.dispatch;

import io.hubwire.protocol.json.JsonHubProtocol;
import io.hubwire.protocol.negotiate.TransportType;
import io.hubwire.server.fixture.FakeClock;
import io.hubwire.server.fixture.FakePayload;
import io.hubwire.server.fixture.FakePipe;
import io.hubwire.server.hub.Authorizer;
import io.hubwire.server.hub.HubActivator;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.HubFilter;
import io.hubwire.server.hub.HubModel;
import io.hubwire.server.hub.UserIdProvider;
import io.hubwire.server.internal.connection.HubConnection;
import io.hubwire.server.internal.fanout.FanOut;
import io.hubwire.server.options.HubOptions;
import io.hubwire.server.options.TransportOptions;
import io.hubwire.server.spi.Backplane;
import io.hubwire.server.spi.ConnectionId;
import io.hubwire.server.spi.Delivery;
import io.hubwire.server.spi.Message;
import io.hubwire.server.spi.ServerObserver;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** One hub with everything around it but a network. */
final class HubScene {

    static final String HANDSHAKE = "{\"protocol\":\"json\",\"version\":1};;";
    static final String VERSION_2 = "{\"protocol\":\"json\",\"version\":2};;";

    final FakeClock clock = new FakeClock();
    HubOptions options = HubOptions.builder().build();
    TransportOptions transport = TransportOptions.builder().build();
    HubActivator activator = new HubActivator() {
        @Override
        public <H extends HubBase<?>> H create(Class<H> type) throws Exception {
            var constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        }
    };
    Authorizer authorizer = Authorizer.ROLES_ONLY;
    UserIdProvider userIds = UserIdProvider.PRINCIPAL_NAME;
    ServerObserver observer = ServerObserver.NONE;
    List<HubFilter> filters = List.of();
    Map<String, List<HubFilter>> methodFilters = Map.of();

    private final HubModel model;
    private final FanOut fanOut;
    private final HubConnection.Shared shared = new HubConnection.Shared(clock);

    HubScene(Class<? extends HubBase<?>> hub) {
        model = HubModel.of(hub);
        Backplane backplane = FanOut.localBackplane();
        fanOut = new FanOut(
                model.name(),
                backplane,
                new FanOut.Setting(clock, new Later(), settings().dialects()));
        backplane.join(new Here());
    }

    FanOut fanOut() {
        return fanOut;
    }

    HubConnection.Shared shared() {
        return shared;
    }

    HubDispatcher dispatcher() {
        return new HubDispatcher(
                model,
                fanOut,
                new HubDispatcher.Services(activator, authorizer, userIds, observer, List.of()),
                options,
                new HubDispatcher.Around(filters, methodFilters));
    }

    private HubConnection.Settings settings() {
        return HubConnection.Settings.of(shared, options, transport, List.of(new JsonHubProtocol(new FakePayload())));
    }

    /** A client that has shaken hands. */
    FakePipe client() {
        return client(new FakePipe());
    }

    FakePipe client(FakePipe pipe) {
        return client(pipe, HANDSHAKE);
    }

    FakePipe client(FakePipe pipe, String first) {
        HubDispatcher dispatcher = dispatcher();
        HubConnection.Settings settings = settings();
        pipe.open(opened -> new HubConnection(opened, settings, dispatcher::caller));
        pipe.sends(first);
        pipe.awaitMessages(1);
        return pipe;
    }

    static FakePipe longPolling() {
        return new FakePipe(TransportType.LONG_POLLING);
    }

    static String call(String method, String arguments) {
        return call("1", method, arguments);
    }

    static String call(String id, String method, String arguments) {
        return "{\"type\":1,\"invocationId\":\"" + id + "\",\"target\":\"" + method + "\",\"arguments\":[" + arguments
                + "]};;";
    }

    static String send(String method, String arguments) {
        return "{\"type\":1,\"target\":\"" + method + "\",\"arguments\":[" + arguments + "]};;";
    }

    static String stream(String method, String arguments) {
        return "{\"type\":4,\"invocationId\":\"1\",\"target\":\"" + method + "\",\"arguments\":[" + arguments + "]};;";
    }

    static String result(String json) {
        return result("1", json);
    }

    static String result(String id, String json) {
        return "{\"type\":3,\"invocationId\":\"" + id + "\",\"result\":" + json + "}";
    }

    static String error(String text) {
        return "{\"type\":3,\"invocationId\":\"1\",\"error\":\"" + text + "\"}";
    }

    static String message(String target, String arguments) {
        return "{\"type\":1,\"target\":\"" + target + "\",\"arguments\":[" + arguments + "]}";
    }

    /** Tells the observer that the scene has when something happens. */
    private final class Later implements ServerObserver {

        @Override
        public void sent(String hub, String target, int recipients) {
            observer.sent(hub, target, recipients);
        }
    }

    private final class Here implements Backplane.Node {

        @Override
        public CompletionStage<Void> deliver(Delivery delivery) {
            return fanOut.deliver(delivery);
        }

        @Override
        public boolean member(String hub, ConnectionId connection, String group, boolean joined) {
            return fanOut.member(connection, group, joined);
        }

        @Override
        public Optional<CompletionStage<Message>> ask(
                String hub, ConnectionId connection, String invocationId, Message call) {
            return fanOut.answer(connection, invocationId, call);
        }
    }
}
