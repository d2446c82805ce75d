package io.hubwire.conformance.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One TCP connection that speaks HTTP/1.1 as far as its user writes it. One thread reads, any may write or close.
 */
public final class RawConnection implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;

    private RawConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Connects. */
    public static RawConnection to(InetSocketAddress server) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(server);
        return new RawConnection(socket);
    }

    /** Writes the head of a request; {@code Host} is added. Values may be anything, so that wrong ones can be sent. */
    public void request(String method, String target, Map<String, String> headers) throws IOException {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        if (!headers.containsKey("Host")) {
            head.append("Host: 127.0.0.1:").append(socket.getPort()).append("\r\n");
        }
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        write(head.append("\r\n").toString().getBytes(ISO_8859_1));
    }

    /** Writes bytes. */
    public void write(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Fails a read that takes longer. */
    public void patience(int milliseconds) throws IOException {
        socket.setSoTimeout(milliseconds);
    }

    /** The stream behind the last head. */
    public InputStream in() {
        return in;
    }

    /**
     * Reads the head of a response.
     *
     * @throws EOFException if the server closed the connection instead
     */
    public RawHead head() throws IOException {
        String[] status = line().split(" ", 3);
        if (status.length < 2 || !status[0].equals("HTTP/1.1")) {
            throw new IOException("no status line: " + String.join(" ", status));
        }
        Map<String, List<String>> headers = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return new RawHead(Integer.parseInt(status[1]), status.length == 3 ? status[2] : "", headers);
    }

    /** The body behind a head: by its length, in chunks, or until the connection ends. */
    public InputStream body(RawHead head) {
        if (head.status() == 204 || head.status() == 304 || head.status() < 200) {
            return new Body(0, false);
        }
        return head.isChunked()
                ? new Body(0, true)
                : new Body(head.header("content-length").map(Long::parseLong).orElse(Long.MAX_VALUE), false);
    }

    /** Sends a whole request and reads the whole answer. */
    public RawResponse exchange(String method, String target, Map<String, String> headers, byte... body)
            throws IOException {
        request(method, target, headers);
        write(body);
        RawHead head = head();
        return new RawResponse(head, body(head).readAllBytes());
    }

    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended within a head: " + line.toString(ISO_8859_1));
            }
            line.write(next);
        }
        String text = line.toString(ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /** Ends what is written, so that the server sees the end of the stream while this side still reads. */
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Makes the end of this connection a reset: what the server still sends is lost. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // What is gone needs no closing.
        }
    }

    /** A body: {@code left} bytes, then another chunk if it comes in chunks. */
    private final class Body extends InputStream {

        private final boolean chunked;
        private long left;
        private boolean first = true;
        private boolean over;

        Body(long length, boolean chunked) {
            this.left = length;
            this.chunked = chunked;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (left == 0 && chunked && !over) {
                nextChunk();
            }
            if (left == 0) {
                return -1;
            }
            int read = in.read(into, offset, (int) Math.min(left, length));
            if (read < 0) {
                return endOfConnection();
            }
            left -= read;
            return read;
        }

        private int endOfConnection() throws IOException {
            if (chunked || left < Long.MAX_VALUE / 2) {
                throw new EOFException("the connection ended within a body");
            }
            left = 0;
            return -1;
        }

        private void nextChunk() throws IOException {
            if (!first) {
                line();
            }
            first = false;
            left = Long.parseLong(line().split(";")[0].strip(), 16);
            if (left == 0) {
                over = true;
                while (!line().isEmpty()) {
                    // Trailers mean nothing here.
                }
            }
        }
    }
}
