package io.hubwire.samples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.testkit.HubTest;
import io.hubwire.testkit.TestClient;
import org.junit.jupiter.api.Test;

@HubTest(Greeter.class)
final class GreeterTest {

    @Test
    void greetsTheCallerAndTellsTheOthers(TestClient ann, TestClient ben) {
        assertThat(ann.invoke(String.class, "hello", "Ann")).isEqualTo("Hello Ann");
        assertThat(ben.next("greeted", String.class)).isEqualTo("Ann");
    }
}
