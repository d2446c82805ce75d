package io.hubwire.server.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.hubwire.server.spi.HttpExchange;
import io.hubwire.server.spi.Sent;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.ByteBuffer;

/**
 * An answer of unknown length: chunked, or for a client of HTTP/1.0 ended by the end of the connection.
 *
 * <p>Everything hops to the exchange's loop, in the order in which it was called.
 */
final class NettyStream implements HttpExchange.ResponseStream {

    private static final int CRLF = ('\r' << 8) | '\n';
    private static final String LAST_CHUNK = "0\r\n\r\n";
    private static final int LONGEST_CHUNK_HEAD = 8 + 2;

    private final NettyExchange exchange;
    private final boolean chunked;
    private boolean keep;
    private boolean over;

    NettyStream(NettyExchange exchange) {
        this.exchange = exchange;
        this.chunked = exchange.isHttp11();
    }

    void begin(HttpResponseStatus status) {
        if (exchange.isGone()) {
            return;
        }
        keep = chunked && exchange.keepsAlive();
        if (chunked) {
            exchange.fields().put("Transfer-Encoding", "chunked");
        }
        exchange.connection().write(exchange.head(status, keep, 0), Sent.IGNORED);
    }

    @Override
    public void write(ByteBuffer bytes, Sent sent) {
        exchange.hop(() -> {
            if (over || exchange.isGone()) {
                sent.sent(false);
            } else if (exchange.isHead() || !bytes.hasRemaining()) {
                sent.sent(true);
            } else {
                exchange.connection().write(piece(bytes), sent);
            }
        });
    }

    private ByteBuf piece(ByteBuffer bytes) {
        int size = LONGEST_CHUNK_HEAD + bytes.remaining() + 2;
        ByteBuf out = exchange.connection().outgoing(size);
        if (!chunked) {
            return out.writeBytes(bytes.duplicate());
        }
        out.writeCharSequence(Integer.toHexString(bytes.remaining()), US_ASCII);
        return out.writeShort(CRLF).writeBytes(bytes.duplicate()).writeShort(CRLF);
    }

    @Override
    public void end() {
        exchange.hop(() -> {
            if (over || exchange.isGone()) {
                return;
            }
            over = true;
            ByteBuf out = exchange.connection().outgoing(LAST_CHUNK.length());
            if (chunked && !exchange.isHead()) {
                out.writeCharSequence(LAST_CHUNK, US_ASCII);
            }
            exchange.connection().writeInTime(out, written -> {
                if (written) {
                    exchange.ended(keep);
                }
            });
        });
    }

    @Override
    public void abort() {
        exchange.hop(() -> {
            if (!over && !exchange.isGone()) {
                over = true;
                exchange.connection().cut();
            }
        });
    }
}
