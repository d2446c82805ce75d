package io.hubwire.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.HubMessage.CancelInvocation;
import io.hubwire.protocol.HubMessage.Close;
import io.hubwire.protocol.HubMessage.Completion;
import io.hubwire.protocol.HubMessage.Invocation;
import io.hubwire.protocol.HubMessage.Outcome;
import io.hubwire.protocol.HubMessage.Sequence;
import io.hubwire.protocol.HubMessage.StreamInvocation;
import io.hubwire.protocol.HubMessage.StreamItem;
import io.hubwire.protocol.Methods;
import io.hubwire.protocol.ProtocolException;
import io.hubwire.protocol.internal.json.JsonTexts;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

class JsonHubProtocolFuzzTest {

    private static final int ROUNDS = 5_000;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final JsonTexts texts = new JsonTexts(random);

    private final JsonHubProtocol protocol = new JsonHubProtocol(new PlainJackson());
    private final Methods methods = new Methods()
            .method("Method", Object.class, String.class, int.class, Boolean.class, double.class).method("None").stream(
                            "s", Object.class)
                    .call("c", Object.class);

    /** What the properties of the message being made say so far, in no order. */
    private final List<String> properties = new ArrayList<>();

    @Test
    void readsMessagesInAnyFormThatSaysTheSame() {
        for (int round = 0; round < ROUNDS; round++) {
            properties.clear();
            var message = message();
            var text = text();

            assertThat(protocol.read(frame(text.getBytes(UTF_8)), methods))
                    .as("seed %d: %s", seed, text)
                    .isEqualTo(message);
        }
    }

    @Test
    void refusesMessagesThatJacksonRefuses() {
        for (int round = 0; round < ROUNDS; round++) {
            properties.clear();
            message();
            byte[] text = texts.spoilt(text().getBytes(UTF_8));

            boolean good = JsonTexts.judgedRight(text);
            var refusal = refusal(text);

            if (!good) {
                assertThat(refusal)
                        .as("seed %d: %s", seed, new String(text, UTF_8))
                        .isNotNull();
            } else {
                assertThat(refusal)
                        .as("seed %d: %s", seed, new String(text, UTF_8))
                        .isNotEqualTo("Error reading JSON.");
            }
        }
    }

    private @Nullable String refusal(byte[] text) {
        try {
            protocol.read(frame(text), methods);
            return null;
        } catch (ProtocolException refused) {
            return refused.getMessage();
        }
    }

    private HubMessage message() {
        return switch (random.nextInt(7)) {
            case 0 -> {
                property("type", "4");
                var id = id();
                yield new StreamInvocation(id, target(), arguments(), streamIds(), headers());
            }
            case 1 -> {
                property("type", "2");
                property("invocationId", "\"s\"");
                yield new StreamItem("s", any("item"));
            }
            case 2 -> {
                property("type", "3");
                property("invocationId", "\"c\"");
                yield new Completion("c", outcome());
            }
            case 3 -> {
                property("type", "5");
                yield new CancelInvocation(id());
            }
            case 4 -> {
                property("type", "7");
                var error = random.nextBoolean() ? string("error") : null;
                boolean allowReconnect = random.nextBoolean();
                property("allowReconnect", String.valueOf(allowReconnect));
                yield new Close(error, allowReconnect);
            }
            case 5 -> {
                property("type", "9");
                long number = random.nextLong() >> random.nextInt(64);
                property("sequenceId", String.valueOf(number));
                yield new Sequence(number);
            }
            default -> {
                property("type", "1");
                var id = random.nextBoolean() ? id() : null;
                yield new Invocation(id, target(), arguments(), streamIds(), headers());
            }
        };
    }

    private String id() {
        var json = "\"" + List.of("0", "s1", "ü", "€", "10000000", "\\u0031").get(random.nextInt(6)) + "\"";
        property("invocationId", json);
        return read(json, String.class);
    }

    private String target() {
        property("target", random.nextBoolean() ? "\"Method\"" : "\"mEth\\u006Fd\"");
        return "Method";
    }

    private List<@Nullable Object> arguments() {
        var any = texts.shallow();
        var text = texts.string();
        int number = random.nextInt();
        var bool = List.of("true", "false", "null").get(random.nextInt(3));
        double real = random.nextInt() / 16.0;
        var parts = List.of(any, text, String.valueOf(number), bool, String.valueOf(real));
        property("arguments", "[" + texts.space() + String.join(texts.space() + "," + texts.space(), parts) + "]");
        return Arrays.asList(
                readAny(any),
                read(text, String.class),
                number,
                bool.equals("null") ? null : Boolean.valueOf(bool),
                real);
    }

    private List<String> streamIds() {
        if (random.nextInt(3) > 0) {
            return List.of();
        }
        property("streamIds", "[\"1\"," + texts.space() + "\"2\"]");
        return List.of("1", "2");
    }

    private Map<String, String> headers() {
        if (random.nextInt(3) > 0) {
            return Map.of();
        }
        var json = "{" + texts.string() + ":" + texts.string() + "}";
        property("headers", json);
        return JsonMapper.shared().readValue(json, new TypeReference<Map<String, String>>() {});
    }

    private Outcome outcome() {
        return switch (random.nextInt(3)) {
            case 0 -> new Outcome.Value(any("result"));
            case 1 -> new Outcome.Failure(string("error"));
            default -> Outcome.Nothing.NOTHING;
        };
    }

    private @Nullable Object any(String name) {
        var json = texts.shallow();
        property(name, json);
        return readAny(json);
    }

    private String string(String name) {
        var json = texts.string();
        property(name, json);
        return read(json, String.class);
    }

    private static <T> T read(String json, Class<T> type) {
        return JsonMapper.shared().readValue(json, type);
    }

    private static @Nullable Object readAny(String json) {
        return JsonMapper.shared().readValue(json, Object.class);
    }

    private void property(String name, String value) {
        properties.add(name(name) + texts.space() + ":" + texts.space() + value);
    }

    /** In one of the ways to write it. */
    private String name(String name) {
        if (random.nextInt(8) > 0) {
            return "\"" + name + "\"";
        }
        int at = random.nextInt(name.length());
        return "\"" + name.substring(0, at) + "\\u%04x".formatted((int) name.charAt(at)) + name.substring(at + 1)
                + "\"";
    }

    /** The properties in any order, among unknown ones. */
    private String text() {
        for (int left = random.nextInt(3); left > 0; left--) {
            properties.add("\"?" + texts.string().substring(1) + ":" + texts.shallow());
        }
        Collections.shuffle(properties, random);
        var separator = texts.space() + "," + texts.space();
        return texts.space() + "{" + texts.space() + String.join(separator, properties) + texts.space() + "}";
    }

    /** Somewhere in an array. */
    private ByteBuffer frame(byte[] text) {
        int before = random.nextInt(4);
        return ByteBuffer.allocate(before + text.length + random.nextInt(12))
                .position(before)
                .put(text)
                .flip()
                .position(before);
    }
}
