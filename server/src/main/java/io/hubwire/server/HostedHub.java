package io.hubwire.server;

import io.hubwire.protocol.HubProtocol;
import io.hubwire.server.hub.HubContext;
import io.hubwire.server.hub.HubModel;
import io.hubwire.server.internal.connection.HubConnection;
import io.hubwire.server.internal.dispatch.HubDispatcher;
import io.hubwire.server.internal.fanout.FanOut;
import io.hubwire.server.options.HubOptions;
import io.hubwire.server.options.TransportOptions;
import io.hubwire.server.spi.Backplane;
import io.hubwire.server.spi.Pipe;
import java.util.List;
import java.util.function.Function;

/** One hub of a server with everything that its endpoints share. */
final class HostedHub {

    private final HubModel model;
    private final FanOut fanOut;
    private final HubConnection.Settings settings;
    private final HubDispatcher dispatcher;

    HostedHub(
            HubModel model,
            HubOptions options,
            List<HubProtocol> protocols,
            Backplane backplane,
            HubSetup setup,
            HubConnection.Shared shared,
            HubDispatcher.Services services) {
        this.model = model;
        this.settings = HubConnection.Settings.of(
                shared, options, TransportOptions.builder().build(), protocols);
        this.fanOut = new FanOut(
                model.name(),
                backplane,
                setup.setting(model, shared.scheduler(), services.observer(), settings.dialects()));
        this.dispatcher = new HubDispatcher(model, fanOut, services, options, setup.around(model, services.filters()));
    }

    HubModel model() {
        return model;
    }

    FanOut fanOut() {
        return fanOut;
    }

    HubContext<?> context() {
        return dispatcher.context();
    }

    /** What takes the connections of one endpoint. */
    Function<Pipe, Pipe.Receiver> at(TransportOptions transports) {
        HubConnection.Settings here = settings.at(transports);
        return pipe -> new HubConnection(pipe, here, dispatcher::caller);
    }
}
