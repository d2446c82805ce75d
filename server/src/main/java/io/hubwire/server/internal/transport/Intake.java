package io.hubwire.server.internal.transport;

import io.hubwire.server.spi.EventLoop;
import io.hubwire.server.spi.HttpExchange;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What a client posts: one body after the other, each read when the one before was accepted.
 *
 * <pre>
 *   waiting, unread | current: being read, then not accepted yet | the application
 *                             200 when it is accepted <----------+ received() or resume()
 * </pre>
 *
 * <p>Before the transport is bound, bodies are kept up to applicationMaxBufferSize and answered at once; a post that does
 * not fit, or does not say how long it is, waits unread. Confined to the connection's loop.
 */
final class Intake {

    private final Connection connection;
    private final Queue<HttpExchange> waiting = new ArrayDeque<>(4);

    /** Bodies that the application has not heard yet; that of the current post is the last of them. */
    private final Deque<ByteBuffer> unheard = new ArrayDeque<>(4);

    private @Nullable HttpExchange current;
    private boolean currentIsRead;
    private boolean held;
    private long kept;

    Intake(Connection connection) {
        this.connection = connection;
    }

    void add(HttpExchange post) {
        waiting.add(post);
        next();
    }

    /** The application has started: it hears what was posted before. */
    void attach() {
        deliver();
    }

    /** The application takes more. */
    void resume() {
        held = false;
        deliver();
    }

    boolean isHeld() {
        return held;
    }

    /** The connection takes nothing more: what the application has not heard is lost. */
    void refuse() {
        HttpExchange unanswered = current;
        current = null;
        if (unanswered != null) {
            if (currentIsRead && unheard.isEmpty() && connection.isEnding()) {
                // It was heard, and the application ends instead of going on.
                Answers.ok(unanswered);
            } else {
                Answers.over(unanswered);
            }
        }
        currentIsRead = false;
        unheard.clear();
        for (HttpExchange post = waiting.poll(); post != null; post = waiting.poll()) {
            Answers.over(post);
        }
    }

    private void deliver() {
        while (!held && !connection.isDeaf() && !unheard.isEmpty()) {
            held = !connection.receive(unheard.removeFirst());
        }
        if (!held && unheard.isEmpty()) {
            if (currentIsRead) {
                accepted();
            }
            next();
        }
    }

    private void accepted() {
        HttpExchange post = current;
        current = null;
        currentIsRead = false;
        if (post != null) {
            Answers.ok(post);
        }
    }

    private void next() {
        HttpExchange post = waiting.peek();
        if (post == null || current != null || held || connection.isDeaf()) {
            return;
        }
        if (!connection.hasStarted() && !fits(post)) {
            return;
        }
        current = waiting.remove();
        EventLoop loop = post.loop();
        Reading reading = new Reading(post);
        if (loop.isCurrent()) {
            reading.begin();
        } else {
            loop.execute(reading::begin);
        }
    }

    /** Tells whether a post may be kept until the application starts. */
    private boolean fits(HttpExchange post) {
        int limit = connection.home().options().applicationMaxBufferSize();
        return limit == 0 || post.headers("Content-Length").stream().anyMatch(length -> kept + parsed(length) <= limit);
    }

    private static long parsed(String length) {
        try {
            return Integer.parseInt(length.strip());
        } catch (NumberFormatException notForUs) {
            return Integer.MAX_VALUE;
        }
    }

    private void read(HttpExchange post, ByteBuffer body) {
        if (!post.equals(current)) {
            return; // refused meanwhile
        }
        currentIsRead = true;
        if (body.hasRemaining()) {
            unheard.add(body);
        }
        if (connection.hasStarted()) {
            deliver();
        } else {
            kept += body.remaining();
            accepted();
            next();
        }
    }

    private void failed(HttpExchange post, Runnable answer) {
        if (post.equals(current)) {
            current = null;
            answer.run();
            next();
        }
    }

    /** Reads one body on the loop of its exchange. */
    private final class Reading implements HttpExchange.Body {

        private final HttpExchange post;

        Reading(HttpExchange post) {
            this.post = post;
        }

        void begin() {
            post.body(connection.home().options().maximumRequestBodySize(), this);
        }

        @Override
        public void complete(ByteBuffer body) {
            connection.later(() -> read(post, body));
        }

        @Override
        public void tooLarge() {
            TransportLog.postTooLarge(
                    connection.id(), connection.home().options().maximumRequestBodySize());
            connection.later(() -> failed(post, () -> Answers.bodyTooLarge(post)));
        }

        @Override
        public void aborted() {
            TransportLog.postBodyFailed(connection.id());
            connection.later(() -> failed(post, () -> Answers.bodyAborted(post)));
        }
    }
}
