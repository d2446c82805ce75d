package io.hubwire.conformance.judge;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Starts and stops judged servers when the judges ask for it over HTTP, and tells what these saw and logged.
 *
 * <p>{@code /start?port=&origin=} answers with the port; {@code /stop}, {@code /kill}, {@code /drain?over=} and {@code
 * /events} take a {@code port}; {@code /log?contains=} answers with the lines that contain a text.
 */
final class Control implements AutoCloseable {

    private static final Duration PORT_PATIENCE = Duration.ofSeconds(5);

    private final Map<Integer, JudgedServer> servers = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Log log = new Log();
    private final HttpServer http;
    private final Path packages;

    Control(Path packages) throws IOException {
        this.packages = packages;
        log.start();
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).addAppender(log);
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(threads);
        http.createContext("/", this::answer);
        http.start();
    }

    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        Object answer;
        int status = 200;
        try {
            answer = answer(
                    exchange.getRequestURI().getPath(),
                    query(exchange.getRequestURI().getRawQuery()));
        } catch (RuntimeException failed) {
            answer = failed + ": " + failed.getCause();
            status = 500;
        }
        byte[] body = JsonMapper.shared().writeValueAsBytes(answer);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private Object answer(String path, Map<String, String> query) {
        int port = Integer.parseInt(query.getOrDefault("port", "0"));
        return switch (path) {
            case "/start" -> start(port, query.getOrDefault("origin", ""));
            case "/stop" -> stopped(port, JudgedServer::stop);
            case "/kill" -> stopped(port, JudgedServer::kill);
            case "/drain" -> drain(port, Long.parseLong(query.get("over")));
            case "/events" -> Objects.requireNonNull(servers.get(port)).events().seen();
            case "/log" -> log.lines(query.getOrDefault("contains", ""));
            default -> throw new IllegalArgumentException(path);
        };
    }

    private int start(int port, String origins) {
        List<String> allowed =
                Stream.of(origins.split(",")).filter(each -> !each.isEmpty()).toList();
        JudgedServer server = start(port, allowed);
        servers.put(server.port(), server);
        return server.port();
    }

    /** Starts, again and again while somebody else happens to use the port that the server had before. */
    private JudgedServer start(int port, List<String> origins) {
        long end = System.nanoTime() + PORT_PATIENCE.toNanos();
        while (true) {
            try {
                return JudgedServer.start(port, origins, packages);
            } catch (UncheckedIOException taken) {
                if (port == 0 || System.nanoTime() - end > 0) {
                    throw taken;
                }
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    private boolean drain(int port, long spread) {
        Objects.requireNonNull(servers.get(port)).drain(spread);
        return true;
    }

    private boolean stopped(int port, java.util.function.Consumer<JudgedServer> how) {
        JudgedServer server = servers.remove(port);
        if (server != null) {
            how.accept(server);
        }
        return server != null;
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        Arrays.stream(raw == null ? new String[0] : raw.split("&")).forEach(pair -> {
            int equals = pair.indexOf('=');
            query.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), UTF_8));
        });
        return query;
    }

    @Override
    public void close() {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).detachAppender(log);
        servers.values().forEach(JudgedServer::kill);
        http.stop(0);
        threads.close();
    }

    /** Keeps the last lines that were logged. */
    private static final class Log extends AppenderBase<ILoggingEvent> {

        private static final int MOST = 20_000;

        private final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            String cause = event.getThrowableProxy() == null
                    ? ""
                    : " " + event.getThrowableProxy().getMessage();
            lines.add(event.getLevel() + " " + event.getFormattedMessage() + cause);
            if (lines.size() > MOST) {
                lines.poll();
            }
        }

        List<String> lines(String part) {
            return lines.stream().filter(line -> line.contains(part)).toList();
        }
    }
}
