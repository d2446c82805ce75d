package io.hubwire.samples.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toUnmodifiableMap;

import io.hubwire.server.spi.HttpEndpoint;
import io.hubwire.server.spi.HttpExchange;
import io.hubwire.server.spi.Sent;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.stream.Stream;

/** A page, and what every page has, read from the class path once and served from memory. */
public final class WebPage implements HttpEndpoint {

    private record File(String type, ByteBuffer content) {}

    private final Map<String, File> files;

    /** Reads what every page has, and the files of one page: its {@code index.html} and what that asks for. */
    public WebPage(String... names) {
        files = Stream.concat(Stream.of("base.css", "signalr.min.js"), Stream.of(names))
                .collect(toUnmodifiableMap(WebPage::path, WebPage::file));
    }

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

    private static String path(String name) {
        return name.equals("index.html") ? "/" : "/" + name;
    }

    private static File file(String name) {
        try (InputStream content = WebPage.class.getResourceAsStream("/page/" + name)) {
            if (content == null) {
                throw new FileNotFoundException("/page/" + name);
            }
            return new File(type(name), ByteBuffer.wrap(content.readAllBytes()).asReadOnlyBuffer());
        } catch (IOException broken) {
            throw new UncheckedIOException("The page is incomplete", broken);
        }
    }

    private static String type(String name) {
        String ending = name.substring(name.lastIndexOf('.') + 1);
        return switch (ending) {
            case "html", "css" -> "text/" + ending + "; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> throw new IllegalArgumentException(name + " (expected: .html, .css, .js or .svg)");
        };
    }
}
