package io.hubwire.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * A client that sends the bytes it is told to send, and reads only when it is told to: what it does not read stays in
 * the socket, so a host finds it slow. Several threads may send, each its bytes in one piece; one at a time may read.
 */
public final class RawClient implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;

    /** What goes over the network. */
    private final Socket wire;

    /** What is said: over TLS, or the same. */
    private final Socket socket;

    private final InputStream in;
    private final ReentrantLock sending = new ReentrantLock();

    /** Connects to a port of this machine. */
    public RawClient(int port) {
        this(port, Optional.empty());
    }

    /** Connects to a port of this machine, over TLS. */
    public RawClient(int port, SSLContext tls) {
        this(port, Optional.of(tls));
    }

    RawClient(int port, Optional<SSLContext> tls) {
        try {
            wire = new Socket(InetAddress.getLoopbackAddress(), port);
            wire.setTcpNoDelay(true);
            wire.setSoTimeout(PATIENCE_MILLIS);
            socket = tls.isEmpty() ? wire : tls.get().getSocketFactory().createSocket(wire, "localhost", port, true);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    /** Sends text as it is, in UTF-8. */
    public void send(String text) {
        send(text.getBytes(UTF_8));
    }

    /** Sends bytes as they are. */
    public void send(byte... bytes) {
        sending.lock();
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        } finally {
            sending.unlock();
        }
    }

    /** Sends bytes as they are, though the host may have closed. */
    public void sendIfOpen(byte... bytes) {
        sending.lock();
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException closed) {
            // is what may be
        } finally {
            sending.unlock();
        }
    }

    /** Reads the head of an answer. */
    public Head head() {
        String status = line();
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.add(Map.entry(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        return new Head(status, headers);
    }

    /** Reads a whole answer to a request other than {@code HEAD}: its head and, as text, its body. */
    public Answer answer() {
        Head head = head();
        while (head.status() == 100) {
            head = head();
        }
        return new Answer(head, bodyOf(head));
    }

    private String bodyOf(Head head) {
        if (head.isChunked()) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
                body.writeBytes(chunk);
            }
            return body.toString(UTF_8);
        }
        List<String> length = head.values("content-length");
        return length.isEmpty() ? "" : new String(bytes(Integer.parseInt(length.getFirst())), UTF_8);
    }

    /** Reads a chunk; the last one is empty. */
    public byte[] chunk() {
        byte[] chunk = bytes(Integer.parseInt(line(), 16));
        line();
        return chunk;
    }

    /** Reads a line. */
    public String line() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = octet(); octet != '\n'; octet = octet()) {
            line.write(octet);
        }
        String read = line.toString(ISO_8859_1);
        return read.endsWith("\r") ? read.substring(0, read.length() - 1) : read;
    }

    /** Reads exactly so many bytes. */
    public byte[] bytes(int count) {
        try {
            byte[] read = in.readNBytes(count);
            if (read.length < count) {
                throw new EOFException("closed after " + read.length + " of " + count + " bytes");
            }
            return read;
        } catch (SocketTimeoutException nothing) {
            throw new AssertionError("nothing came within ten seconds", nothing);
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }

    private int octet() {
        return bytes(1)[0] & 0xff;
    }

    /** Reads a frame of a WebSocket. */
    public Frame frame() {
        int first = octet();
        int second = octet();
        long length = switch (second) {
            case 126 -> ByteBuffer.wrap(bytes(2)).getShort() & 0xffff;
            case 127 -> ByteBuffer.wrap(bytes(8)).getLong();
            default -> second;
        };
        return new Frame((first & 0x80) != 0, (first & 0x40) != 0, first & 0x0f, ByteBuffer.wrap(bytes((int) length)));
    }

    /** Reads to the end, and throws it away; true when the host closes in order, false when it resets. */
    public boolean isClosedInOrder() {
        try {
            while (in.read() >= 0) {
                // only the end counts
            }
            return true;
        } catch (SocketException | SSLException reset) {
            return false;
        } catch (IOException tooLate) {
            throw new AssertionError("not closed within ten seconds", tooLate);
        }
    }

    /** Says that nothing more will be sent. */
    public void shutDown() {
        try {
            socket.shutdownOutput();
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }

    /** Resets the connection. */
    public void reset() {
        try {
            wire.setSoLinger(true, 0);
            wire.close();
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }

    /** Closes without a word. */
    @Override
    public void close() {
        try {
            wire.close();
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }

    /** The head of an answer: its status line and its headers in order. */
    public record Head(String line, List<Map.Entry<String, String>> headers) {

        /** The status. */
        public int status() {
            return Integer.parseInt(line.split(" ", 3)[1]);
        }

        /** The values of a header, in order; the name ignores case. */
        public List<String> values(String name) {
            return headers.stream()
                    .filter(field -> field.getKey().equalsIgnoreCase(name))
                    .map(Map.Entry::getValue)
                    .toList();
        }

        /** Tells whether the body comes in chunks. */
        public boolean isChunked() {
            return values("transfer-encoding").stream()
                    .anyMatch(coding -> coding.toLowerCase(Locale.ROOT).equals("chunked"));
        }
    }

    /** A whole answer. */
    public record Answer(Head head, String body) {

        /** The status. */
        public int status() {
            return head.status();
        }
    }

    /** A frame as a server sends it, without a mask. */
    public record Frame(boolean last, boolean compressed, int opcode, ByteBuffer payload) {

        /** The payload as text. */
        public String text() {
            return UTF_8.decode(payload.duplicate()).toString();
        }
    }
}
