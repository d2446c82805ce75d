package io.hubwire.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request over a socket. Reads only when it is asked for what was read, and so is slow by itself. */
final class SocketExchange implements ClientExchange {

    private final RawClient client;
    private final boolean chunked;
    private final boolean bodiless;
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private RawClient.@Nullable Head head;
    private long missing;
    private int taken;
    private boolean ended;

    SocketExchange(RawClient client, ClientRequest request) {
        this.client = client;
        this.chunked = request.length().isEmpty();
        this.bodiless = request.method().equals("HEAD");
        client.send(SocketHost.head(request, length(request)));
        if (request.body().hasRemaining()) {
            byte[] body = new byte[request.body().remaining()];
            request.body().duplicate().get(body);
            send(body);
        }
    }

    private static String length(ClientRequest request) {
        if (request.length().isEmpty()) {
            return "Transfer-Encoding: chunked\r\n";
        }
        return request.length().getAsLong() == 0
                ? ""
                : "Content-Length: " + request.length().getAsLong() + "\r\n";
    }

    private RawClient.Head head() {
        if (head == null) {
            head = client.head();
            List<String> length = head.values("content-length");
            missing = length.isEmpty() || bodiless ? 0 : Long.parseLong(length.getFirst());
            ended = missing == 0 && (bodiless || !head.isChunked());
        }
        return head;
    }

    @Override
    public int status() {
        return head().status();
    }

    @Override
    public List<String> headers(String name) {
        return head().values(name);
    }

    @Override
    public byte[] bytes(int count) {
        while (read.size() - taken < count) {
            if (ended) {
                throw new UncheckedIOException(new EOFException("ended before " + count + " bytes"));
            }
            more();
        }
        return take(count);
    }

    @Override
    public byte[] bytes() {
        head();
        while (!ended) {
            more();
        }
        return take(read.size() - taken);
    }

    @Override
    public boolean isWhole() {
        try {
            head();
            while (!ended) {
                more();
            }
            return true;
        } catch (UncheckedIOException cutOff) {
            return false;
        }
    }

    private void more() {
        if (head().isChunked()) {
            byte[] chunk = client.chunk();
            read.writeBytes(chunk);
            ended = chunk.length == 0;
        } else {
            int next = (int) Math.min(missing, 64 * 1024);
            read.writeBytes(client.bytes(next));
            missing -= next;
            ended = missing == 0;
        }
    }

    private byte[] take(int count) {
        byte[] next = Arrays.copyOfRange(read.toByteArray(), taken, taken + count);
        taken += count;
        if (taken == read.size()) {
            read.reset();
            taken = 0;
        }
        return next;
    }

    @Override
    public void send(String body) {
        send(body.getBytes(UTF_8));
    }

    private void send(byte... bytes) {
        if (chunked) {
            client.sendIfOpen((Integer.toHexString(bytes.length) + "\r\n").getBytes(UTF_8));
        }
        client.sendIfOpen(bytes);
        if (chunked) {
            client.sendIfOpen("\r\n".getBytes(UTF_8));
        }
    }

    @Override
    public void finish() {
        client.sendIfOpen("0\r\n\r\n".getBytes(UTF_8));
    }

    @Override
    public void hold() {
        // what is not read is held
    }

    @Override
    public void release() {
        // it is read when it is asked for
    }

    @Override
    public void vanish() {
        client.close();
    }
}
