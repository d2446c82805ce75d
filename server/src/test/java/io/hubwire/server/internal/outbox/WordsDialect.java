package io.hubwire.server.internal.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hubwire.server.spi.Message;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Messages that are words, with something between them in a frame. */
final class WordsDialect implements Dialect {

    private final String between;

    /** With nothing between them, words may be joined before they come here. */
    WordsDialect(String between) {
        this.between = between;
    }

    @Override
    public String name() {
        return "words";
    }

    @Override
    public ByteBuffer encode(Message.Call call) {
        return UTF_8.encode(call.target());
    }

    @Override
    public boolean concatenates() {
        return between.isEmpty();
    }

    @Override
    public ByteBuffer frame(Waiting waiting) {
        if (waiting.size() == 1) {
            return waiting.next();
        }
        List<String> frame = new ArrayList<>();
        for (int i = 0; i < waiting.size(); i++) {
            frame.add(UTF_8.decode(waiting.next()).toString());
        }
        return UTF_8.encode(String.join(between, frame));
    }
}
