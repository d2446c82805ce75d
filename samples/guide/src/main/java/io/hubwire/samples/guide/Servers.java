package io.hubwire.samples.guide;

import io.hubwire.protocol.negotiate.TransportType;
import io.hubwire.server.HubServer;
import io.hubwire.server.hub.Authenticator;
import io.hubwire.server.hub.Authorizer;
import io.hubwire.server.hub.ClientProxy;
import io.hubwire.server.hub.HubActivator;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.HubContext;
import io.hubwire.server.hub.HubPresence;
import io.hubwire.server.hub.UserPrincipal;
import io.hubwire.server.netty.NettyHost;
import io.hubwire.server.netty.Tls;
import io.hubwire.server.netty.WebSocketCompression;
import io.hubwire.server.options.CrossOrigin;
import io.hubwire.server.options.HubOptions;
import io.hubwire.server.options.RateLimit;
import io.hubwire.server.options.SlowConsumerPolicy;
import io.hubwire.server.options.TransportOptions;
import java.nio.file.Path;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;

/** How servers are put together. */
final class Servers {

    private Servers() {}

    static NettyHost start() {
        // begin server
        HubServer server = HubServer.builder().hub("/rooms", RoomHub.class).build();
        NettyHost host = NettyHost.builder().port(5000).endpoint(server).start();
        // end
        return host;
    }

    static HubServer injected(Orders orders) {
        // begin activator
        HubActivator activator = new HubActivator() {
            @Override
            public <H extends HubBase<?>> H create(Class<H> type) {
                return type.cast(new OrdersHub(orders));
            }
        };
        HubServer server = HubServer.builder()
                .activator(activator)
                .hub("/orders", OrdersHub.class)
                .build();
        // end
        return server;
    }

    static void outside(HubServer server) {
        // begin context
        HubContext<ClientProxy> orders = server.context(OrdersHub.class);
        orders.clients().user("ada").send("shipped", "4711");
        HubContext<RoomHub.Page> rooms = server.context(RoomHub.class);
        rooms.clients().group("lobby").said("server", "The lobby closes in five minutes.");
        // end
    }

    static HubServer knowingItself() {
        // begin self
        AtomicReference<HubContext<ClientProxy>> self = new AtomicReference<>();
        HubActivator activator = new HubActivator() {
            @Override
            public <H extends HubBase<?>> H create(Class<H> type) {
                return type.cast(new DoorHub(self));
            }
        };
        HubServer server = HubServer.builder()
                .activator(activator)
                .hub("/door", DoorHub.class)
                .build();
        self.set(server.context(DoorHub.class)); // before a host brings the first client
        // end
        return server;
    }

    static void presence(HubServer server, BiConsumer<String, Boolean> show) {
        // begin presence
        HubPresence presence = server.context(OrdersHub.class).presence();
        presence.watch(new HubPresence.Watcher() {
            @Override
            public void userArrived(String userId) {
                show.accept(userId, true);
            }

            @Override
            public void userLeft(String userId) {
                show.accept(userId, false);
            }
        });
        presence.users().forEach(userId -> show.accept(userId, true));
        // end
    }

    static HubServer filtered(Timing timing) {
        // begin filters
        HubServer server = HubServer.builder()
                .filter(timing)
                .hub("/prices", PriceHub.class)
                .configure(PriceHub.class, hub -> hub.filter("news", timing))
                .build();
        // end
        return server;
    }

    static HubServer slow() {
        // begin slow
        HubServer server = HubServer.builder()
                .hub("/prices", PriceHub.class)
                .configure(
                        PriceHub.class,
                        hub -> hub.slowConsumers(
                                        "priced", SlowConsumerPolicy.keepLatest(arguments -> arguments.getFirst()))
                                .slowConsumers("traded", SlowConsumerPolicy.dropOldest()))
                .build();
        // end
        return server;
    }

    static HubServer limited() {
        // begin options
        HubOptions options = HubOptions.builder()
                .maximumReceiveMessageSize(64 * 1024)
                .rateLimit(RateLimit.of(20, Duration.ofSeconds(1)).withBurst(50))
                .build();
        TransportOptions transports = TransportOptions.builder()
                .transports(Set.of(TransportType.WEB_SOCKETS, TransportType.LONG_POLLING))
                .allowStatefulReconnects(true)
                .build();
        HubServer server = HubServer.builder()
                .hub("/prices", PriceHub.class, mount -> mount.transports(transports))
                .configure(PriceHub.class, hub -> hub.options(options))
                .build();
        // end
        return server;
    }

    static HubServer secured(Map<String, String> namesByToken) {
        // begin authenticator
        Authenticator authenticator = request -> CompletableFuture.completedFuture(request.bearerToken()
                .map(namesByToken::get) // in real life: check a signature, or look up a session
                .map(name -> new UserPrincipal(name, Set.of("dealer")))
                .map(user -> user.until(Instant.now().plus(Duration.ofHours(1)))));
        HubServer server = HubServer.builder()
                .authenticator(authenticator)
                .hub("/prices", PriceHub.class)
                .build();
        // end
        return server;
    }

    static Authorizer policies(BiPredicate<Principal, String> allowed) {
        // begin authorizer
        Authorizer authorizer = (user, demand) -> CompletableFuture.completedFuture(demand.isMetByRoles(user)
                && demand.policy()
                        .map(policy -> allowed.test(user.orElseThrow(), policy))
                        .orElse(true));
        // end
        return authorizer;
    }

    static HubServer origins() {
        // begin origins
        CrossOrigin origins = CrossOrigin.builder()
                .allow("https://app.example", "https://admin.example:8443")
                .build();
        HubServer server = HubServer.builder()
                .hub("/prices", PriceHub.class, mount -> mount.crossOrigin(origins))
                .build();
        // end
        return server;
    }

    static NettyHost onlyEncrypted(HubServer server) {
        // begin tlsAlone
        Tls tls = Tls.builder()
                .certificate(Path.of("chain.pem"), Path.of("key.pem"))
                .build();
        NettyHost host = NettyHost.builder().port(443).tls(tls).endpoint(server).start();
        // end
        return host;
    }

    static NettyHost compressed(HubServer server) {
        // begin compression
        NettyHost host = NettyHost.builder()
                .compression(WebSocketCompression.builder().build())
                .endpoint(server)
                .start();
        // end
        return host;
    }

    static NettyHost encrypted(HubServer server) {
        // begin tls
        Tls tls = Tls.builder()
                .certificate(Path.of("chain.pem"), Path.of("key.pem"))
                .build();
        NettyHost host = NettyHost.builder()
                .port(443)
                .tls(tls)
                .compression(WebSocketCompression.builder().build())
                .endpoint(server)
                .start();
        // end
        return host;
    }

    static void end(HubServer server, NettyHost host) {
        // begin drain
        server.drain(Duration.ofSeconds(20)).toCompletableFuture().join();
        server.close();
        host.close();
        // end
    }
}
