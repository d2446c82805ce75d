package io.hubwire.samples.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.server.hub.HubActivator;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.HubException;
import io.hubwire.testkit.AsUser;
import io.hubwire.testkit.ConnectRefusedException;
import io.hubwire.testkit.ReceivedCall;
import io.hubwire.testkit.TestClient;
import io.hubwire.testkit.TestServer;
import io.hubwire.testkit.TestServerExtension;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The chat without a page, a socket or a second to wait. */
final class ChatHubTest {

    @RegisterExtension
    final TestServerExtension chat = new TestServerExtension(() -> TestServer.builder()
            .hub("/chat", ChatHub.class)
            .server(server -> server.activator(rooms()))
            .start());

    private static HubActivator rooms() {
        Rooms rooms = new Rooms();
        return new HubActivator() {
            @Override
            public <H extends HubBase<?>> H create(Class<H> type) {
                return type.cast(new ChatHub(rooms));
            }
        };
    }

    @Test
    void bringsWhatIsSaidToTheRoom(@AsUser("Ann") TestClient ann, @AsUser("Ben") TestClient ben) {
        ann.invoke("join", "lobby");
        ben.invoke("join", "lobby");
        ann.invoke("say", "Hello");

        Page.Line line = ben.next("said", Page.Line.class);
        assertThat(line.from()).isEqualTo("Ann");
        assertThat(line.text()).isEqualTo("Hello");
    }

    @Test
    void bringsNothingToOtherRooms(@AsUser("Ann") TestClient ann, @AsUser("Ben") TestClient ben) {
        ann.invoke("join", "lobby");
        ben.invoke("join", "garden");
        ann.invoke("say", "Hello");

        ben.catchUp();
        assertThat(ben.received("said")).isEmpty();
    }

    @Test
    void wantsARoomBeforeWords(@AsUser("Ann") TestClient ann) {
        assertThatThrownBy(() -> ann.invoke("say", "Hello"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("Join a room first.");
    }

    @Test
    void letsNobodyInWithoutAName(TestServer server) {
        assertThatThrownBy(server::connect)
                .isInstanceOfSatisfying(
                        ConnectRefusedException.class,
                        refused -> assertThat(refused.status()).isEqualTo(401));
    }

    @Test
    void tellsTheRoomWhoHasGone(@AsUser("Ann") TestClient ann, @AsUser("Ben") TestClient ben) {
        ann.invoke("join", "lobby");
        ben.invoke("join", "lobby");
        ann.next("here");
        ann.next("here");
        ben.vanish();

        ReceivedCall here = ann.next("here");
        assertThat(here.argument(1, String[].class)).containsExactly("Ann");
    }

    @Test
    void missesAClientThatHangs(TestServer server, @AsUser("Ann") TestClient ann) {
        server.clock().advance(Duration.ofSeconds(20));
        ann.awaitPings(1);
        ann.stopPinging();
        server.clock().advance(Duration.ofSeconds(60));

        assertThat(ann.awaitClosed().announced()).isTrue();
    }
}
