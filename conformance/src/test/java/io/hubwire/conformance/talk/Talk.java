package io.hubwire.conformance.talk;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hubwire.conformance.wire.RawConnection;
import io.hubwire.conformance.wire.RawWebSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One conversation: does what its lines that start with {@code >} say and compares what comes with those that start with
 * {@code <}. Confined to the thread that plays it; what answers runs on threads of its own.
 */
final class Talk {

    private static final Pattern WAIT = Pattern.compile("wait (\\d+)ms");
    private static final Pattern SILENT = Pattern.compile("silent (\\d+)ms");
    private static final Pattern NAMED = Pattern.compile("(\\w+): (.*)", Pattern.DOTALL);
    private static final Pattern HEADER = Pattern.compile(" \\[([\\w-]+): ([^]]*)]");
    private static final Pattern REQUEST = Pattern.compile("(WS|SSE|GET|POST|DELETE|PUT|OPTIONS|HEAD|PATCH) (/\\S*)");
    private static final Pattern CLOSE = Pattern.compile("close(?: (\\d+)(?: (.*))?)?");
    private static final Pattern NOT_IN_TARGETS = Pattern.compile("[^!#-;=?-Z_a-z~]", Pattern.UNICODE_CASE);

    private final Names names = new Names();
    private final Map<String, Channel> channels = new HashMap<>();
    private final Map<String, Peer> peers = new LinkedHashMap<>();
    private final List<String> lines;
    private final InetSocketAddress server;
    private final Duration patience;
    private List<String> askedHeaders = List.of();
    private boolean pingsMatter;
    private int at;

    private Talk(List<String> lines, InetSocketAddress server, Duration patience) {
        this.lines = lines;
        this.server = server;
        this.patience = patience;
    }

    /**
     * Something that came otherwise than written.
     *
     * @param line its number in the file
     */
    record Fault(int line, String expected, String actual) {

        @Override
        public String toString() {
            return "line " + line + "\nexpected " + expected + "\nactual   " + actual;
        }
    }

    /** Plays a conversation up to its first fault; what it leaves open is cut. */
    static Optional<Fault> play(List<String> lines, InetSocketAddress server, Duration patience)
            throws IOException, InterruptedException {
        Talk talk = new Talk(lines, server, patience);
        try {
            return talk.play();
        } finally {
            talk.peers.values().forEach(Peer::cut);
        }
    }

    private Optional<Fault> play() throws IOException, InterruptedException {
        for (at = 0; at < lines.size(); at++) {
            String line = lines.get(at);
            int number = at + 1;
            if (line.startsWith("> ")) {
                act(line.substring(2), body());
            } else if (line.startsWith("< ")) {
                Optional<Fault> fault = hear(number, line.substring(2), body());
                if (fault.isPresent()) {
                    return fault;
                }
            } else if (line.startsWith("#")) {
                comment(line);
            } else if (!line.isEmpty()) {
                throw new IOException("line " + number + " is neither said nor heard: " + line);
            }
        }
        return Optional.empty();
    }

    private void comment(String line) {
        if (line.equals("# pings matter")) {
            pingsMatter = true;
        } else if (line.startsWith("# headers: ")) {
            askedHeaders = List.of(line.substring(11).split(" "));
        }
    }

    /** The lines behind the current one that continue it. */
    private Optional<String> body() {
        int first = at + 1;
        while (at + 1 < lines.size() && lines.get(at + 1).startsWith("| ")) {
            at++;
        }
        return at < first
                ? Optional.empty()
                : Optional.of(String.join(
                        "\n",
                        lines.subList(first, at + 1).stream()
                                .map(line -> line.substring(2))
                                .toList()));
    }

    private Channel channel(String name) {
        return channels.computeIfAbsent(name, unused -> new Channel());
    }

    private Optional<Fault> hear(int number, String line, Optional<String> body) throws InterruptedException {
        String expected = line + body.map(text -> "\n| " + text).orElse("");
        String channel = "http";
        Matcher named = NAMED.matcher(expected);
        if (named.matches()) {
            channel = named.group(1);
            expected = named.group(2);
        }
        Matcher silent = SILENT.matcher(expected);
        if (silent.matches()) {
            String actual = channel(channel).next(Duration.ofMillis(Long.parseLong(silent.group(1))), pingsMatter);
            return actual.equals(Channel.NOTHING) ? Optional.empty() : Optional.of(new Fault(number, expected, actual));
        }
        String actual = channel(channel).next(patience, pingsMatter);
        return names.match(expected, actual)
                ? Optional.empty()
                : Optional.of(new Fault(number, names.fill(expected), actual));
    }

    private void act(String action, Optional<String> body) throws IOException, InterruptedException {
        Matcher wait = WAIT.matcher(action);
        if (wait.matches()) {
            Thread.sleep(Long.parseLong(wait.group(1)));
            return;
        }
        String name = "http";
        String line = action;
        Matcher named = NAMED.matcher(line);
        if (named.matches()) {
            name = named.group(1);
            line = named.group(2);
        }
        Map<String, String> headers = new LinkedHashMap<>();
        Matcher header = HEADER.matcher(line);
        while (header.find()) {
            headers.put(header.group(1), names.fill(header.group(2)));
        }
        line = header.replaceAll("");
        Matcher request = REQUEST.matcher(line);
        if (request.matches()) {
            open(name, request.group(1), target(request.group(2)), headers, body);
        } else {
            say(Objects.requireNonNull(peers.get(name), name), names.fill(line));
        }
    }

    private String target(String written) {
        String filled = names.fill(written, Talk::encoded);
        return NOT_IN_TARGETS.matcher(filled).replaceAll(found -> Matcher.quoteReplacement(encoded(found.group())));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    private void open(String name, String method, String target, Map<String, String> headers, Optional<String> body)
            throws IOException {
        RawConnection connection = RawConnection.to(server);
        if (method.equals("WS")) {
            RawWebSocket socket = RawWebSocket.open(connection, target, headers);
            SocketPeer peer = new SocketPeer(socket, channel(name));
            peers.put(name, peer.peer());
            Thread.startVirtualThread(() -> socket.listen(peer));
            return;
        }
        boolean events = method.equals("SSE");
        byte[] bytes = body.map(this::bytes).orElseGet(() -> new byte[0]);
        if (events) {
            headers.putIfAbsent("Accept", "text/event-stream");
        }
        if (body.isPresent() || method.equals("POST")) {
            headers.put("Content-Length", Integer.toString(bytes.length));
        }
        headers.putIfAbsent("Connection", "close");
        connection.request(events ? "GET" : method, target, headers);
        connection.write(bytes);
        HttpPeer peer = new HttpPeer(connection, channel(name), askedHeaders);
        peers.put(name, peer);
        Thread.startVirtualThread(() -> peer.listen(events));
    }

    private byte[] bytes(String body) {
        return body.startsWith("hex ")
                ? HexFormat.of().parseHex(body.substring(4).replace(" ", ""))
                : Signs.hide(names.fill(body)).getBytes(UTF_8);
    }

    private static void say(Peer peer, String line) throws IOException {
        Matcher close = CLOSE.matcher(line);
        if (line.startsWith("text ")) {
            peer.text(Signs.repeated(Signs.hide(line.substring(5))));
        } else if (line.startsWith("binary-text ")) {
            peer.binary(Signs.hide(line.substring(12)).getBytes(UTF_8));
        } else if (line.startsWith("binary ")) {
            peer.binary(HexFormat.of().parseHex(line.substring(7).replace(" ", "")));
        } else if (line.startsWith("frame ")) {
            byte[] frame = HexFormat.of().parseHex(line.substring(6).replace(" ", ""));
            peer.frame(frame[0] & 0xFF, Arrays.copyOfRange(frame, 1, frame.length));
        } else if (close.matches()) {
            peer.close(
                    close.group(1) == null ? 0 : Integer.parseInt(close.group(1)),
                    close.group(2) == null ? "" : close.group(2));
        } else if (line.equals("kill")) {
            peer.cut();
        } else {
            throw new IOException("cannot do: " + line);
        }
    }
}
