package io.hubwire.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hubwire.server.hub.UserPrincipal;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whom a client says it is, as a header that test servers believe. */
record TestUser(String name, Set<String> roles) {

    static final String HEADER = "Hubwire-Test-User";

    String header() {
        return Stream.concat(Stream.of(name), roles.stream().sorted())
                .map(word -> URLEncoder.encode(word, UTF_8))
                .collect(Collectors.joining(" "));
    }

    static UserPrincipal read(String header) {
        String[] words = header.split(" ");
        Set<String> roles = Stream.of(words)
                .skip(1)
                .map(word -> URLDecoder.decode(word, UTF_8))
                .collect(Collectors.toSet());
        return new UserPrincipal(URLDecoder.decode(words[0], UTF_8), roles);
    }
}
