package io.hubwire.server.netty;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestTargetTest {

    @ParameterizedTest
    @CsvSource({
        "/, /, ''",
        "/hub?id=a%20b, /hub, id=a%20b",
        "/a?, /a, ''",
        "/a?b?c, /a, b?c",
        "/%41%2f%C3%A9, /A/é, ''",
        "/a+b%2B, /a+b+, ''",
        "//a/../b, //a/../b, ''",
        "http://example.org/hub?x, /hub, x",
        "HTTPS://example.org:8443/hub, /hub, ''",
        "http://example.org, /, ''",
        "http://example.org?x, /, x",
    })
    void takesATargetApart(String target, String path, String query) {
        assertThat(RequestTarget.parse(target)).contains(new RequestTarget(path, query));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "hub",
                "http:///hub",
                "ftp://example.org/",
                "/%",
                "/%4",
                "/%zz",
                "/%+1",
                "/%00",
                "/%ff",
                "/%c0%80",
                "/%ed%a0%80",
                "/a b",
                "/é",
                "/a?\u0001",
            })
    void refusesWhatIsNone(String target) {
        assertThat(RequestTarget.parse(target)).isEmpty();
    }
}
