package io.hubwire.server.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrossOriginTest {

    @Test
    void isClosedByDefault() {
        CrossOrigin rules = CrossOrigin.sameOrigin();

        assertThat(rules.allowedOrigins()).isEmpty();
        assertThat(rules.anyOrigin()).isFalse();
        assertThat(rules.trustForwardedHeaders()).isFalse();
    }

    @Test
    void allowsOriginsAsBrowsersWriteThem() {
        CrossOrigin rules = CrossOrigin.builder()
                .allow("https://App.Example", "http://app.example:80")
                .allow("https://app.example:443", "https://app.example:8443", "http://[::1]:5000")
                .build();

        assertThat(rules.allowedOrigins())
                .containsExactlyInAnyOrder(
                        "https://app.example", "http://app.example", "https://app.example:8443", "http://[::1]:5000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "app.example", "https://", "https://app.example/", "*", "https://*.example", "://x"})
    void refusesWhatIsNoOrigin(String origin) {
        assertThatThrownBy(() -> CrossOrigin.builder().allow(origin))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("allow: " + origin + " (expected: scheme://host or scheme://host:port)");
    }

    @Test
    void copiesEverything() {
        CrossOrigin rules = CrossOrigin.builder()
                .allow("https://app.example")
                .allowAny()
                .trustForwardedHeaders(true)
                .build();

        assertThat(rules.toBuilder().build()).hasToString(rules.toString());
        assertThat(rules)
                .hasToString("CrossOrigin[allowedOrigins=[https://app.example], anyOrigin=true,"
                        + " trustForwardedHeaders=true]");
    }
}
