package io.hubwire.samples.stock.ticker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hubwire.server.spi.HttpEndpoint;
import io.hubwire.server.spi.HttpExchange;
import io.hubwire.server.spi.Sent;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;

/** The page and the SignalR client, read from the class path once and served from memory. */
final class WebPage implements HttpEndpoint {

    private record File(String type, ByteBuffer content) {}

    private final Map<String, File> files = Map.of(
            "/", file("index.html", "text/html; charset=utf-8"),
            "/ticker.css", file("ticker.css", "text/css; charset=utf-8"),
            "/ticker.js", file("ticker.js", "text/javascript; charset=utf-8"),
            "/connection.js", file("connection.js", "text/javascript; charset=utf-8"),
            "/charts.js", file("charts.js", "text/javascript; charset=utf-8"),
            "/signalr.min.js", file("signalr.min.js", "text/javascript; charset=utf-8"),
            "/icon.svg", file("icon.svg", "image/svg+xml"));

    @Override
    public boolean handle(HttpExchange exchange) {
        File file = files.get(exchange.path());
        if (file == null) {
            return false;
        }
        if (!exchange.method().equals("GET")) {
            exchange.responseHeader("Allow", "GET");
            exchange.respond(405, UTF_8.encode(""), Sent.IGNORED);
            return true;
        }
        exchange.responseHeader("Content-Type", file.type);
        exchange.responseHeader("Cache-Control", "no-cache");
        exchange.responseHeader("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'");
        exchange.responseHeader("X-Content-Type-Options", "nosniff");
        exchange.respond(200, file.content.duplicate(), Sent.IGNORED);
        return true;
    }

    private static File file(String name, String type) {
        try (InputStream content = WebPage.class.getResourceAsStream("/page/" + name)) {
            if (content == null) {
                throw new FileNotFoundException("/page/" + name);
            }
            return new File(type, ByteBuffer.wrap(content.readAllBytes()).asReadOnlyBuffer());
        } catch (IOException broken) {
            throw new UncheckedIOException("The page is incomplete", broken);
        }
    }
}
