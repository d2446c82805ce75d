package io.hubwire.server.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.server.fixture.FakeExchange;
import io.hubwire.server.hub.UserPrincipal;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Connections whose user's authentication ends. */
class ExpiryTest {

    private final Scene scene = new Scene(options -> options.closeOnAuthenticationExpiration(true));

    private static Optional<Principal> until(Duration left) {
        return Optional.of(
                new UserPrincipal("ann", Set.of()).until(Instant.now().plus(left)));
    }

    @Test
    void areClosedThen() {
        String token = scene.token();
        FakeExchange upgraded = scene.send(scene.get(token).upgrade(), until(Duration.ofSeconds(60)));
        scene.wait(Duration.ofSeconds(58));
        assertThat(scene.client().hasExpired()).isFalse();
        scene.wait(Duration.ofSeconds(3));

        assertThat(scene.client().hasExpired()).isTrue();
        assertThat(upgraded.socket().closeCode()).isEqualTo(1000);
    }

    @Test
    void areClosedAtOnceWhereItHasEndedAlready() {
        scene.send(scene.get(scene.token()).upgrade(), until(Duration.ofSeconds(-5)));
        scene.wait(Duration.ofSeconds(1));

        assertThat(scene.client().hasExpired()).isTrue();
    }

    @Test
    void goOnWithAPollThatBringsAFreshOne() {
        String token = scene.token();
        scene.send(scene.get(token), until(Duration.ofSeconds(60)));
        scene.send(scene.get(token), until(Duration.ofMinutes(2)));
        scene.wait(Duration.ofSeconds(61));
        assertThat(scene.client().hasExpired()).isFalse();
        scene.wait(Duration.ofSeconds(60));

        assertThat(scene.client().hasExpired()).isTrue();
    }

    @Test
    void goOnWhereItDoesNotEnd() {
        scene.send(scene.get(scene.token()).upgrade(), Optional.of(new UserPrincipal("ann", Set.of())));
        scene.wait(Duration.ofDays(1));

        assertThat(scene.client().hasExpired()).isFalse();
    }

    @Test
    void goOnWhereTheEndpointDoesNotCare() {
        Scene careless = new Scene();
        careless.send(careless.get(careless.token()).upgrade(), until(Duration.ofSeconds(60)));
        careless.wait(Duration.ofSeconds(61));

        assertThat(careless.client().hasExpired()).isFalse();
    }

    @Test
    void leaveNoAlarmBehind() {
        String token = scene.token();
        scene.send(scene.get(token).upgrade(), until(Duration.ofSeconds(60)))
                .socket()
                .close();
        scene.settle();

        assertThat(scene.clock.scheduled()).isZero();
    }
}
