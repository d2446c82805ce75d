package io.hubwire.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.server.spi.HttpExchange;
import io.hubwire.server.spi.Sent;
import io.hubwire.testkit.ClientSocket.Event;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a host promises of WebSockets. */
abstract class WebSocketPromises extends AnswerPromises {

    private final AtomicReference<@Nullable HttpExchange> asked = new AtomicReference<>();

    @Test
    void knowsAnUpgradeWhenItSeesOne() {
        TestHost host = host(asked);
        host.connect(ClientRequest.get("/"));
        assertThat(asked(host, asked).isUpgrade()).isTrue();

        asked.set(null);
        host.request(ClientRequest.get("/"));
        HttpExchange plain = asked(host, asked);
        assertThat(plain.isUpgrade()).isFalse();
        assertThatThrownBy(() -> plain.upgrade(Optional.empty(), new RecordingReceiver()))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesAnUpgradeWithAnAnswerLikeAnyOther() {
        TestHost host = host(exchange -> {
            exchange.respond(403, bytes("no"), Sent.IGNORED);
            return true;
        });

        assertThat(host.connect(ClientRequest.get("/")).status()).isEqualTo(403);
    }

    @Test
    void upgradesWhenItIsToldToAndFromAnyThread() throws InterruptedException {
        TestHost host = host(asked);
        ClientSocket client = host.connect(ClientRequest.get("/"));
        HttpExchange exchange = asked(host, asked);
        RecordingReceiver receiver = new RecordingReceiver();
        Thread.ofVirtual()
                .start(() -> {
                    exchange.responseHeader("X-From", "elsewhere");
                    exchange.upgrade(Optional.of("chat"), receiver);
                })
                .join();

        assertThat(client.status()).isEqualTo(101);
        assertThat(client.headers("sec-websocket-protocol")).containsExactly("chat");
        assertThat(client.headers("x-from")).containsExactly("elsewhere");
        client.text("hello");
        host.await(() -> receiver.size() == 5);
        assertThat(receiver.events()).containsExactly("opened", "received");
        assertThat(receiver.wasAlwaysOnLoop()).isTrue();
    }

    @Test
    void answersNoProtocolWhereNoneIsNamed() {
        ClientSocket client = connect(upgrading(new RecordingReceiver()));

        assertThat(client.headers("sec-websocket-protocol")).isEmpty();
    }

    @Test
    void receivesTextAndBytes() {
        RecordingReceiver receiver = new RecordingReceiver();
        TestHost host = upgrading(receiver);
        ClientSocket client = connect(host);
        client.text("größer, ", "🙂");
        client.binary(" als".getBytes(UTF_8));

        host.await(() -> receiver.text().equals("größer, 🙂 als"));
        assertThat(receiver.wasAlwaysOnLoop()).isTrue();
    }

    @Test
    void receivesLongMessagesInWhateverPieces() {
        RecordingReceiver receiver = new RecordingReceiver();
        TestHost host = upgrading(receiver);
        ClientSocket client = connect(host);
        String message = "0123456789abcdef€".repeat(20_000);
        client.text(message);

        host.await(() -> receiver.text().length() == message.length());
        assertThat(receiver.text()).isEqualTo(message);
    }

    @Test
    void receivesFragments() {
        RecordingReceiver receiver = new RecordingReceiver();
        TestHost host = upgrading(receiver);
        ClientSocket client = connect(host);
        byte[] text = "ein €, zwei €".getBytes(UTF_8);
        client.fragments(true, slice(text, 0, 5), slice(text, 5, 6), slice(text, 6, text.length));
        client.fragments(false, new byte[] {'x'}, new byte[0], new byte[] {'y'});

        host.await(() -> receiver.text().equals("ein €, zwei €xy"));
    }

    private static byte[] slice(byte[] bytes, int from, int to) {
        byte[] slice = new byte[to - from];
        System.arraycopy(bytes, from, slice, 0, slice.length);
        return slice;
    }

    @Test
    void sendsTextAndBytesAsWholeMessages() {
        RecordingReceiver receiver = new RecordingReceiver();
        TestHost host = upgrading(receiver);
        ClientSocket client = connect(host);
        host.await(receiver::isOpened);
        send(receiver, true, bytes("größer"));
        assertThat(client.next()).isEqualTo(new Event.Text("größer"));
        send(receiver, false, bytes("bytes"));
        assertThat(client.next()).isEqualTo(new Event.Binary(bytes("bytes")));
        send(receiver, true, bytes("x".repeat(70_000)));
        assertThat(client.next()).isEqualTo(new Event.Text("x".repeat(70_000)));
    }

    private static void send(RecordingReceiver receiver, boolean text, ByteBuffer message) {
        receiver.peer().loop().execute(() -> receiver.peer().send(text, message, Sent.IGNORED));
    }

    @Test
    void sendsTheSameBufferToMany() {
        List<RecordingReceiver> receivers = new CopyOnWriteArrayList<>();
        TestHost host = host(exchange -> {
            RecordingReceiver receiver = new RecordingReceiver();
            exchange.upgrade(Optional.empty(), receiver);
            receivers.add(receiver);
            return true;
        });
        ClientSocket first = connect(host);
        ClientSocket second = connect(host);
        host.await(() -> receivers.stream().filter(RecordingReceiver::isOpened).count() == 2);
        ByteBuffer shared = bytes("for all").asReadOnlyBuffer();
        receivers.forEach(receiver -> send(receiver, true, shared));

        assertThat(first.next()).isEqualTo(new Event.Text("for all"));
        assertThat(second.next()).isEqualTo(new Event.Text("for all"));
    }

    @Test
    void tellsWhenAMessageIsSent() {
        RecordingReceiver receiver = new RecordingReceiver();
        List<String> order = new CopyOnWriteArrayList<>();
        TestHost host = upgrading(receiver);
        ClientSocket client = connect(host);
        host.await(receiver::isOpened);
        receiver.peer().loop().execute(() -> sendTwice(receiver, order));

        assertThat(client.next()).isEqualTo(new Event.Text("one"));
        assertThat(client.next()).isEqualTo(new Event.Text("two"));
        host.await(() -> order.size() == 2);
        assertThat(order).containsExactly("one: true", "two: true");
    }

    private static void sendTwice(RecordingReceiver receiver, List<String> order) {
        receiver.peer().send(true, bytes("one"), one -> {
            order.add("one: " + (one && receiver.peer().loop().isCurrent()));
            receiver.peer().send(true, bytes("two"), two -> order.add("two: " + two));
        });
    }

    @Test
    void doesNotCallAMessageSentThatThePeerHasNotTaken() {
        Waiting message = waiting(new RecordingReceiver());
        assertThat(message.ending.isWaiting()).isTrue();
        assertThat(message.ending.isKnown()).isFalse();
        message.client.release();

        assertThat(message.client.next()).isEqualTo(new Event.Binary(ByteBuffer.allocate(MORE_THAN_A_SOCKET_TAKES)));
        message.host.await(message.ending::isKnown);
        assertThat(message.ending.isWritten()).isTrue();
    }

    @Test
    void tellsThatAMessageWasLostWithItsPeer() {
        RecordingReceiver receiver = new RecordingReceiver();
        Waiting message = waiting(receiver);
        message.client.vanish();

        message.host.await(receiver::isOver);
        assertThat(message.ending.isKnown()).isTrue();
        assertThat(message.ending.isWritten()).isFalse();
        assertThat(receiver.events()).endsWith("lost");
    }

    /** Sends a client that does not read more than its socket takes. */
    private Waiting waiting(RecordingReceiver receiver) {
        TestHost host = host(exchange -> {
            asked.set(exchange);
            exchange.upgrade(Optional.empty(), receiver);
            return true;
        });
        ClientSocket client = connect(host);
        host.await(receiver::isOpened);
        client.hold();
        Ending ending = new Ending(asked(host, asked));
        receiver.peer()
                .loop()
                .execute(() -> receiver.peer().send(false, ByteBuffer.allocate(MORE_THAN_A_SOCKET_TAKES), ending));
        TaskDone.of(asked(host, asked)).await(host);
        return new Waiting(host, client, ending);
    }

    /** A message that its client has not taken. */
    private record Waiting(TestHost host, ClientSocket client, Ending ending) {}

    @Test
    void deliversNothingMoreUntilItMayAndLosesNothing() {
        RecordingReceiver receiver = new RecordingReceiver(recording -> recording.size() > 1);
        TestHost host = host(exchange -> {
            if (exchange.isUpgrade()) {
                exchange.upgrade(Optional.empty(), receiver);
            } else {
                answer(exchange, "");
            }
            return true;
        });
        ClientSocket client = connect(host);
        client.text("1", "2", "3");
        client.text("4");
        host.await(() -> receiver.size() > 0);
        client.text("5");
        serveOthers(host);
        assertThat(receiver.text()).isEqualTo("1");
        receiver.peer().resume();

        host.await(() -> receiver.text().equals("12345"));
        client.text("6");
        host.await(() -> receiver.text().equals("123456"));
    }

    /** Has every loop of a host that has a few go round more than once: what was sent before has arrived by then. */
    private static void serveOthers(TestHost host) {
        for (int i = 0; i < 16; i++) {
            assertThat(host.request(ClientRequest.get("/")).status()).isEqualTo(200);
        }
    }

    @Test
    void pausesAfterEachPieceThatIsNotToBeFollowed() {
        RecordingReceiver receiver = new RecordingReceiver(recording -> {
            recording.peer().resume();
            return false;
        });
        TestHost host = upgrading(receiver);
        ClientSocket client = connect(host);
        client.text("a", "b", "c", "d");

        host.await(() -> receiver.text().equals("abcd"));
    }

    @Test
    void takesAResumeThatNobodyWaitsFor() {
        RecordingReceiver receiver = new RecordingReceiver();
        TestHost host = upgrading(receiver);
        ClientSocket client = connect(host);
        host.await(receiver::isOpened);
        receiver.peer().resume();
        client.text("a");

        host.await(() -> receiver.text().equals("a"));
    }

    @Test
    void pingsAndHearsThePong() {
        RecordingReceiver receiver = new RecordingReceiver();
        TestHost host = upgrading(receiver);
        ClientSocket client = connect(host);
        host.await(receiver::isOpened);
        receiver.peer().loop().execute(() -> receiver.peer().ping());
        assertThat(client.next()).isEqualTo(new Event.Ping(""));
        client.pong("");

        host.await(() -> receiver.events().contains("pong"));
    }

    @Test
    void answersPings() {
        ClientSocket client = connect(upgrading(new RecordingReceiver()));
        client.ping("still there?");

        assertThat(client.next()).isEqualTo(new Event.Pong("still there?"));
    }

    @Test
    void closesWithACodeAndAReasonAndWaitsForTheAnswer() {
        RecordingReceiver receiver = new RecordingReceiver();
        TestHost host = upgrading(receiver);
        ClientSocket client = connect(host);
        host.await(receiver::isOpened);
        receiver.peer().loop().execute(() -> receiver.peer().close(1001, "going away"));
        assertThat(client.next()).isEqualTo(new Event.Close(1001, "going away"));
        assertThat(receiver.isOver()).isFalse();
        client.close(1001, "");

        host.await(receiver::isOver);
        assertThat(client.next()).isEqualTo(new Event.Gone());
        assertThat(receiver.events()).endsWith("closed in order").doesNotContain("lost");
    }

    @Test
    void sendsNothingBehindItsClose() {
        RecordingReceiver receiver = new RecordingReceiver();
        AtomicReference<@Nullable Boolean> sent = new AtomicReference<>();
        TestHost host = upgrading(receiver);
        ClientSocket client = connect(host);
        host.await(receiver::isOpened);
        receiver.peer().loop().execute(() -> {
            receiver.peer().send(true, bytes("before"), Sent.IGNORED);
            receiver.peer().close(1000, "");
            receiver.peer().close(1011, "twice");
            receiver.peer().send(true, bytes("behind"), sent::set);
        });

        assertThat(client.next()).isEqualTo(new Event.Text("before"));
        assertThat(client.next()).isEqualTo(new Event.Close(1000, ""));
        host.await(() -> Boolean.FALSE.equals(sent.get()));
    }

    @Test
    void answersThePeersCloseWith1000WhateverItSaid() {
        RecordingReceiver receiver = new RecordingReceiver();
        TestHost host = upgrading(receiver);
        ClientSocket client = connect(host);
        client.close(4321, "enough");

        assertThat(client.next()).isEqualTo(new Event.Close(1000, ""));
        assertThat(client.next()).isEqualTo(new Event.Gone());
        host.await(receiver::isOver);
        assertThat(receiver.events()).containsExactly("opened", "closed in order");
        assertThat(receiver.wasAlwaysOnLoop()).isTrue();
    }

    @Test
    void deliversWhatCameBeforeThePeersClose() {
        RecordingReceiver receiver = new RecordingReceiver(recording -> {
            recording.peer().resume();
            return false;
        });
        TestHost host = upgrading(receiver);
        ClientSocket client = connect(host);
        client.text("last", " words");
        client.close(1000, "");

        host.await(receiver::isOver);
        assertThat(receiver.text()).isEqualTo("last words");
        assertThat(receiver.events()).containsExactly("opened", "received", "received", "closed in order");
    }

    @Test
    void deliversNothingAfterItsClose() {
        RecordingReceiver receiver = new RecordingReceiver(recording -> {
            recording.peer().close(1000, "");
            return true;
        });
        TestHost host = upgrading(receiver);
        ClientSocket client = connect(host);
        client.text("one", "two");
        assertThat(client.next()).isEqualTo(new Event.Close(1000, ""));
        client.text("three");
        client.close(1000, "");

        host.await(receiver::isOver);
        assertThat(receiver.text()).isEqualTo("one");
    }

    @Test
    void noticesAPeerThatVanishes() {
        RecordingReceiver receiver = new RecordingReceiver();
        TestHost host = upgrading(receiver);
        ClientSocket client = connect(host);
        host.await(receiver::isOpened);
        client.vanish();

        host.await(receiver::isOver);
        assertThat(receiver.events()).containsExactly("opened", "lost");
    }

    @Test
    void cutsTheSocketOffFromAnyThread() {
        RecordingReceiver receiver = new RecordingReceiver();
        TestHost host = upgrading(receiver);
        ClientSocket client = connect(host);
        host.await(receiver::isOpened);
        receiver.peer().terminate();
        receiver.peer().terminate();

        assertThat(client.next()).isEqualTo(new Event.Gone());
        host.await(receiver::isOver);
        assertThat(receiver.events()).containsExactly("opened", "lost");
    }

    @Test
    void closesOnTextThatIsNotUtf8() {
        RecordingReceiver receiver = new RecordingReceiver();
        TestHost host = upgrading(receiver);
        ClientSocket client = connect(host);
        client.fragments(true, new byte[] {'o', 'k', (byte) 0xc3, 0x28});

        assertThat(client.next()).isEqualTo(new Event.Close(1007, ""));
        host.await(receiver::isOver);
        assertThat(receiver.text()).isEmpty();
        assertThat(receiver.events()).endsWith("lost");
    }

    @Test
    void tellsAReceiverThatComesTooLateThatThePeerIsLost() {
        TestHost host = host(asked);
        ClientSocket client = host.connect(ClientRequest.get("/"));
        HttpExchange exchange = asked(host, asked);
        AtomicReference<@Nullable String> gone = new AtomicReference<>();
        exchange.onGone(() -> gone.set("gone"));
        client.vanish();
        host.await(() -> gone.get() != null);
        RecordingReceiver receiver = new RecordingReceiver();
        exchange.upgrade(Optional.empty(), receiver);

        host.await(receiver::isOver);
        assertThat(receiver.events()).containsExactly("opened", "lost");
    }
}
