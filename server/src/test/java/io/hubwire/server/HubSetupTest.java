package io.hubwire.server;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.server.fixture.FakePayload;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.HubFilter;
import io.hubwire.server.hub.HubMethodName;
import io.hubwire.server.hub.TypedHub;
import io.hubwire.server.options.SlowConsumerPolicy;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What is said of a hub that is not so shows when the server is built. */
class HubSetupTest {

    private static final SlowConsumerPolicy NEWEST = SlowConsumerPolicy.keepLatest();

    private static void build(Class<? extends HubBase<?>> hub, Consumer<HubSetup> setup) {
        HubServer.builder()
                .hub("/hub", hub)
                .configure(hub, setup)
                .payload(new FakePayload())
                .build()
                .close();
    }

    @Test
    void refusesAPolicyForAMethodThatClientsDoNotHave() {
        assertThatThrownBy(() -> build(Typed.class, hub -> hub.slowConsumers("priecd", NEWEST)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("slowConsumers of Typed: priecd (expected: a method of " + Page.class.getName()
                        + ", one of [news, priced])");
    }

    @Test
    void takesPoliciesByTheNamesThatClientsKnow() {
        assertThatCode(() -> build(
                        Typed.class, hub -> hub.slowConsumers("PRICED", NEWEST).slowConsumers("News", NEWEST)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> build(Typed.class, hub -> hub.slowConsumers("headline", NEWEST)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takesAnyNameWhereNobodySaysWhatClientsHave() {
        assertThatCode(() -> build(Untyped.class, hub -> hub.slowConsumers("priecd", NEWEST)))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesAFilterOfAMethodThatTheHubDoesNotHave() {
        assertThatThrownBy(() -> build(Untyped.class, hub -> hub.filter("sya", new HubFilter() {})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Untyped has no method sya to filter");
    }

    /** What clients of {@link Typed} have. */
    public interface Page {

        void priced(String share, double price);

        @HubMethodName("news")
        void headline(String text);
    }

    /** Knows what its clients have. */
    public static final class Typed extends TypedHub<Page> {}

    /** Does not. */
    public static final class Untyped extends Hub {

        public void say(String what) {}
    }
}
