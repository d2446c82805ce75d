package io.hubwire.samples.stock.ticker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.hubwire.samples.page.Site;
import io.hubwire.samples.page.WebPage;
import io.hubwire.server.HubServer;
import io.hubwire.server.HubSetup;
import io.hubwire.server.hub.ClientProxy;
import io.hubwire.server.hub.HubActivator;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.HubContext;
import io.hubwire.server.hub.UserPrincipal;
import io.hubwire.server.options.HubOptions;
import io.hubwire.server.options.RateLimit;
import io.hubwire.server.options.SlowConsumerPolicy;
import io.hubwire.server.spi.ConnectionRequest;
import java.net.URLDecoder;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Starts the exchange: one hub, one page, and prices that wander. */
public final class StockTicker {

    private StockTicker() {}

    /** Serves until the process is asked to end; {@code --port N} says where, 5000 without it. */
    public static void main(String... arguments) {
        Market market = new Market(RandomGenerator.getDefault());
        market.open(true);
        Audience audience = new Audience();
        HubServer server = server(market, audience);
        HubContext<ClientProxy> pages = server.context(TickerHub.class);
        audience.watch(pages);
        market.listen(quote -> pages.clients().all().send("priced", quote));
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
                work -> Thread.ofPlatform().name("market").daemon().unstarted(work));
        clock.scheduleAtFixedRate(market::tick, 0, 400, MILLISECONDS);
        WebPage page = new WebPage("index.html", "icon.svg", "ticker.css", "ticker.js", "connection.js", "charts.js");
        Site.serve("stock-ticker", server, page, arguments);
    }

    private static HubServer server(Market market, Audience audience) {
        return HubServer.builder()
                .authenticator(StockTicker::believe)
                .activator(new HubActivator() {
                    @Override
                    public <H extends HubBase<?>> H create(Class<H> type) {
                        return type.cast(new TickerHub(market, audience));
                    }
                })
                .hub("/ticker", TickerHub.class)
                .configure(TickerHub.class, StockTicker::setUp)
                .build();
    }

    /** A page that reads slowly gets the last price of each stock, and not all those in between. */
    private static void setUp(HubSetup hub) {
        hub.slowConsumers("priced", SlowConsumerPolicy.keepLatest(StockTicker::symbol))
                .slowConsumers("audience", SlowConsumerPolicy.keepLatest())
                .slowConsumers("traded", SlowConsumerPolicy.dropOldest())
                .options(HubOptions.builder()
                        .rateLimit(RateLimit.of(10, Duration.ofSeconds(1)).withBurst(30))
                        .build());
    }

    private static @Nullable Object symbol(List<@Nullable Object> arguments) {
        return arguments.getFirst() instanceof Quote quote ? quote.symbol() : null;
    }

    /**
     * Takes the token for a role and a name, {@code exchange:Ada} or {@code trader:Bob}, whoever sends it: fit for a
     * demonstration and for nothing else. A real application checks a session or the signature of a token here.
     */
    private static CompletionStage<Optional<Principal>> believe(ConnectionRequest request) {
        return CompletableFuture.completedFuture(request.bearerToken().flatMap(StockTicker::user));
    }

    private static Optional<Principal> user(String token) {
        try {
            String[] parts = URLDecoder.decode(token, UTF_8).split(":", 2);
            boolean named = parts.length == 2 && !parts[1].isBlank() && parts[1].length() <= 24;
            return named ? Optional.of(new UserPrincipal(parts[1].strip(), Set.of(parts[0]))) : Optional.empty();
        } catch (IllegalArgumentException brokenEscape) {
            return Optional.empty();
        }
    }
}
