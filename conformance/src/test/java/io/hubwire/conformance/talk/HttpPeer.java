package io.hubwire.conformance.talk;

import static io.hubwire.conformance.talk.Signs.show;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.hubwire.conformance.wire.RawConnection;
import io.hubwire.conformance.wire.RawHead;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One request whose answer goes into a channel: whole, or as events while they come. */
final class HttpPeer implements Peer {

    private static final Pattern EVENT_END = Pattern.compile("\\r?\\n\\r?\\n");
    private static final Pattern COMMENT = Pattern.compile("^:\\r?\\n");
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08]");

    private final RawConnection connection;
    private final Channel channel;
    private final List<String> askedHeaders;

    HttpPeer(RawConnection connection, Channel channel, List<String> askedHeaders) {
        this.connection = connection;
        this.channel = channel;
        this.askedHeaders = askedHeaders;
    }

    /** Reads the answer to its end. */
    void listen(boolean events) {
        try {
            RawHead head = connection.head();
            if (events && head.status() == 200) {
                channel.put(shown(head));
                events(connection.body(head));
                channel.put("end");
            } else {
                byte[] body = connection.body(head).readAllBytes();
                channel.put(shown(head) + shown(body));
            }
        } catch (IOException broken) {
            channel.put("broken");
        } finally {
            connection.close();
        }
    }

    private String shown(RawHead head) {
        StringBuilder shown = new StringBuilder(
                head.status() + " " + head.header("content-type").orElse("-"));
        for (String name : askedHeaders) {
            head.header(name)
                    .ifPresent(
                            value -> shown.append(' ').append(name).append(": ").append(value));
        }
        return shown.toString();
    }

    private static String shown(byte[] body) {
        if (body.length == 0) {
            return "";
        }
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
            if (!CONTROL.matcher(text).find()) {
                return "\n| " + show(text);
            }
        } catch (CharacterCodingException notText) {
            // Shown as bytes.
        }
        return "\n| hex " + Signs.hex(body);
    }

    private void events(InputStream body) throws IOException {
        // One byte of UTF-8 never looks like a part of another character: bytes are held as characters until an event
        // is whole.
        String waiting = "";
        byte[] piece = new byte[8192];
        for (int read = body.read(piece); read >= 0; read = body.read(piece)) {
            waiting = COMMENT.matcher(
                            waiting + new String(piece, 0, read, java.nio.charset.StandardCharsets.ISO_8859_1))
                    .replaceFirst("");
            Matcher end = EVENT_END.matcher(waiting);
            int start = 0;
            while (end.find()) {
                event(waiting.substring(start, end.start()));
                start = end.end();
            }
            waiting = waiting.substring(start);
        }
    }

    private void event(String raw) {
        String event = new String(raw.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), UTF_8);
        boolean data = event.startsWith("data: ");
        for (String message : Signs.messages(data ? event.substring(6) : event)) {
            channel.put((data ? "event data: " : "event ") + show(message));
        }
    }

    @Override
    public void cut() {
        connection.close();
    }
}
