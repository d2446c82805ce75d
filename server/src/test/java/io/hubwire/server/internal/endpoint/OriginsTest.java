package io.hubwire.server.internal.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.server.fixture.FakeEngine;
import io.hubwire.server.fixture.FakeExchange;
import io.hubwire.server.options.CrossOrigin;
import io.hubwire.server.spi.ConnectionRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginsTest {

    private final Origins closed = new Origins(CrossOrigin.sameOrigin());
    private final Origins behindProxy =
            new Origins(CrossOrigin.builder().trustForwardedHeaders(true).build());

    private static FakeExchange from(String origin, String host) {
        return new FakeExchange(new FakeEngine().loop(), "GET", "/hub")
                .header("Origin", origin)
                .header("Host", host);
    }

    private static boolean admits(Origins origins, FakeExchange exchange) {
        return origins.admitsSocket(ConnectionRequest.of(exchange));
    }

    @ParameterizedTest
    @CsvSource({
        "http://app.example, app.example, true",
        "http://APP.example, app.EXAMPLE, true",
        "http://app.example, app.example:80, true",
        "http://app.example:80, app.example, true",
        "https://app.example, app.example:443, true",
        "https://app.example, app.example, true",
        "http://app.example:5000, app.example:5000, true",
        "http://[::1]:5000, [::1]:5000, true",
        "http://[::1], [::1]:80, true",
        "http://app.example, app.example:5000, false",
        "http://app.example:5000, app.example, false",
        "http://app.example, app.example:443, false",
        "http://evil.example, app.example, false",
        "http://app.example.evil.example, app.example, false",
        "http://evil.example/app.example, app.example, false",
        "null, app.example, false",
        "app.example, app.example, false"
    })
    void knowsItsOwnPagesByHostAndPort(String origin, String host, boolean own) {
        assertThat(admits(closed, from(origin, host))).isEqualTo(own);
    }

    @ParameterizedTest
    @CsvSource({
        "https://app.example, app.example, true",
        "http://app.example, app.example, false",
        "https://app.example:443, app.example, true"
    })
    void knowsTheDefaultPortBehindTls(String origin, String host, boolean own) {
        assertThat(admits(closed, from(origin, host).secure())).isEqualTo(own);
    }

    @Test
    void admitsClientsThatAreNoBrowsers() {
        assertThat(admits(closed, new FakeExchange(new FakeEngine().loop(), "GET", "/hub")))
                .isTrue();
    }

    @Test
    void refusesAPageWhereTheRequestSaysNoHost() {
        assertThat(admits(
                        closed,
                        new FakeExchange(new FakeEngine().loop(), "GET", "/hub").header("Origin", "http://a.example")))
                .isFalse();
    }

    @Test
    void believesForwardedHeadersOnlyWhenTold() {
        FakeExchange forwarded = from("https://public.example", "internal:8080")
                .header("X-Forwarded-Host", "public.example, internal")
                .header("X-Forwarded-Proto", "https");

        assertThat(admits(closed, forwarded)).isFalse();
        assertThat(admits(behindProxy, forwarded)).isTrue();
        assertThat(admits(
                        behindProxy,
                        from("http://public.example", "internal:8080")
                                .header("X-Forwarded-Host", "public.example")
                                .header("X-Forwarded-Proto", "https")))
                .isFalse();
        assertThat(admits(behindProxy, from("http://app.example", "app.example")))
                .isTrue();
    }

    @Test
    void admitsPagesThatAreAllowedByName() {
        Origins named =
                new Origins(CrossOrigin.builder().allow("https://page.example").build());

        assertThat(admits(named, from("https://page.example", "hub.example"))).isTrue();
        assertThat(admits(named, from("https://Page.Example", "hub.example"))).isTrue();
        assertThat(admits(named, from("http://page.example", "hub.example"))).isFalse();
        assertThat(admits(named, from("http://hub.example", "hub.example"))).isTrue();
    }

    @Test
    void admitsEveryPageWhereAnyIsAllowed() {
        Origins open = new Origins(CrossOrigin.builder().allowAny().build());

        assertThat(admits(open, from("https://evil.example", "hub.example"))).isTrue();
        assertThat(admits(open, from("null", "hub.example"))).isTrue();
    }
}
