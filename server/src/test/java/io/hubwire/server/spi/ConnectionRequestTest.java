package io.hubwire.server.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.server.fixture.FakeEngine;
import io.hubwire.server.fixture.FakeExchange;
import io.hubwire.server.hub.UserPrincipal;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionRequestTest {

    @Nested
    class TheQuery {

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                id=abc             | abc
                ID=abc             | abc
                x=1&Id=abc&y=2     | abc
                id=a&x=1&iD=b&id=  | a,b,
                id=                | ``
                id                 | ``
                &&id=a&            | a
                id=a=b             | a=b
                id=a%20b+c%2B      | a b c+
                %69d=a             | a
                id=%C3%BC          | ü
                id=%zz             | %zz
                id=a%2             | a%2
                """)
        void hasTheValueOfAName(String query, String value) {
            assertThat(request("/hub?" + query).query("id")).contains(value);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "?", "?x=id", "?idx=1", "?=id", "?&", "?x=1&i=2"})
        void hasNothingOfOtherNames(String query) {
            assertThat(request("/hub" + query).query("id")).isEmpty();
        }

        @Test
        void isThereAsItWasSent() {
            assertThat(request("/hub?b=%20&a=1").rawQuery()).isEqualTo("b=%20&a=1");
            assertThat(request("/hub").rawQuery()).isEmpty();
        }
    }

    @Nested
    class TheHeaders {

        private final ConnectionRequest request =
                request("/hub", exchange -> exchange.header("X-Thing", "one").header("x-thing", "two"));

        @Test
        void areFoundWhateverTheCaseOfTheirNames() {
            assertThat(request.header("X-THING")).contains("one");
            assertThat(request.headers("x-Thing")).containsExactly("one", "two");
        }

        @Test
        void areNotFoundWhenTheyAreNotThere() {
            assertThat(request.header("X-Other")).isEmpty();
            assertThat(request.headers("X-Other")).isEmpty();
        }

        @Test
        void haveTheCookies() {
            var cookies = request(
                    "/hub",
                    exchange -> exchange.header("Cookie", "a=1; b = x=y ;c=").header("Cookie", "d=4; junk; =5"));

            assertThat(cookies.cookie("a")).contains("1");
            assertThat(cookies.cookie("b")).contains("x=y");
            assertThat(cookies.cookie("c")).contains("");
            assertThat(cookies.cookie("d")).contains("4");
            assertThat(cookies.cookie("A")).isEmpty();
            assertThat(cookies.cookie("junk")).isEmpty();
        }
    }

    @Nested
    class TheToken {

        @ParameterizedTest
        @CsvSource({"Bearer tok, tok", "bearer tok, tok", "BEARER   tok , tok", "Bearer a b, a b"})
        void isThatOfTheHeader(String header, String token) {
            assertThat(withAuthorization(header, "/hub?access_token=other").bearerToken())
                    .contains(token);
        }

        @ParameterizedTest
        @ValueSource(strings = {"Basic dXNlcg==", "Bearertok", "tok", ""})
        void isNoneOfAnotherScheme(String header) {
            assertThat(withAuthorization(header, "/hub?access_token=other").bearerToken())
                    .isEmpty();
        }

        @Test
        void isThatOfTheQueryOfAGetWithoutAHeader() {
            assertThat(request("/hub?id=1&Access_Token=t%2Bk").bearerToken()).contains("t+k");
            assertThat(request("/hub?access_token=").bearerToken()).isEmpty();
            assertThat(request("/hub").bearerToken()).isEmpty();
        }

        @Test
        void isNotThatOfTheQueryOfAPost() {
            var exchange = new FakeExchange(new FakeEngine().loop(), "POST", "/hub?access_token=tok");

            assertThat(ConnectionRequest.of(exchange).bearerToken()).isEmpty();
        }

        private ConnectionRequest withAuthorization(String header, String target) {
            return request(target, exchange -> exchange.header("Authorization", header));
        }
    }

    @Test
    void showsNoSecrets() {
        var request = request(
                "/hub?access_token=secret&id=secret", exchange -> exchange.header("Authorization", "Bearer secret"));

        assertThat(request.toString()).isEqualTo("GET /hub");
    }

    @Test
    void outlivesItsExchange() {
        var user = new UserPrincipal("ada", Set.of());
        var request = request("/hub/x?y=1", exchange -> exchange.secure().from(user));

        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.path()).isEqualTo("/hub/x");
        assertThat(request.isSecure()).isTrue();
        assertThat(request.principal()).contains(user);
        assertThat(request.remoteAddress().getHostString()).isEqualTo("client.example");
    }

    private static ConnectionRequest request(String target) {
        return request(target, exchange -> exchange);
    }

    private static ConnectionRequest request(String target, UnaryOperator<FakeExchange> more) {
        var exchange = new FakeExchange(new FakeEngine().loop(), "GET", target);
        return ConnectionRequest.of(more.apply(exchange));
    }
}
