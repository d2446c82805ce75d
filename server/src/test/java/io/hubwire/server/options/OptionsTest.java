package io.hubwire.server.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.hubwire.protocol.negotiate.TransportType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What is true of every option. */
class OptionsTest {

    private static final List<Class<?>> BUILDERS = List.of(HubOptions.Builder.class, TransportOptions.Builder.class);

    private static final Map<Class<?>, Object> VALUES = Map.of(
            Duration.class,
            Duration.ofSeconds(77),
            int.class,
            77_777,
            boolean.class,
            true,
            RateLimit.class,
            RateLimit.of(7, Duration.ofSeconds(1)).withBurst(3).closing(),
            Set.class,
            EnumSet.of(TransportType.LONG_POLLING),
            Function.class,
            (Function<Object, Object>) asked -> Optional.of("chosen"));

    private static @Nullable Object value(Method setter) {
        return setter.getName().equals("supportedProtocols")
                ? Set.of("messagepack")
                : VALUES.get(setter.getParameterTypes()[0]);
    }

    @TestFactory
    Stream<DynamicTest> refusesNull() {
        return setters()
                .filter(setter -> !setter.getParameterTypes()[0].isPrimitive())
                .map(setter ->
                        dynamicTest(name(setter), () -> assertRefused(setter, null, NullPointerException.class)));
    }

    @TestFactory
    Stream<DynamicTest> refusesWhatIsNegative() {
        return setters()
                .filter(setter ->
                        setter.getParameterTypes()[0] == Duration.class || setter.getParameterTypes()[0] == int.class)
                .map(setter -> dynamicTest(
                        name(setter), () -> assertRefused(setter, negative(setter), IllegalArgumentException.class)));
    }

    @TestFactory
    Stream<DynamicTest> keepsWhatIsSet() {
        return setters()
                .map(setter -> dynamicTest(name(setter), () -> {
                    var value = value(setter);
                    var options = build(call(builder(setter), setter, value));
                    assertThat(read(options, setter)).isEqualTo(value);
                    assertThat(read(build(toBuilder(options)), setter))
                            .as("after toBuilder()")
                            .isEqualTo(value);
                }));
    }

    @TestFactory
    Stream<DynamicTest> showsWhatIsSet() {
        return setters()
                .filter(setter -> setter.getParameterTypes()[0] != Function.class)
                .map(setter -> dynamicTest(name(setter), () -> {
                    var value = value(setter);
                    assertThat(build(call(builder(setter), setter, value)).toString())
                            .contains(setter.getName() + "=" + value);
                }));
    }

    @Test
    void isEachOptionOfTheReferenceWithItsDefault() {
        var hub = HubOptions.builder().build();
        var transport = TransportOptions.builder().build();

        assertThat(hub.toString())
                .isEqualTo("HubOptions[handshakeTimeout=PT15S, keepAliveInterval=PT15S, clientTimeoutInterval=PT30S,"
                        + " maximumReceiveMessageSize=32768, enableDetailedErrors=false,"
                        + " maximumParallelInvocationsPerClient=1, streamBufferCapacity=10,"
                        + " maximumParallelUploads=100, maximumParallelStreams=1000, rateLimit=none,"
                        + " supportedProtocols=[], statefulReconnectBufferSize=100000]");
        assertThat(transport.toString())
                .contains(
                        "minimumNegotiateVersion=0",
                        "applicationMaxBufferSize=65536",
                        "transportMaxBufferSize=65536",
                        "transportSendTimeout=PT10S",
                        "pollTimeout=PT1M30S",
                        "disconnectTimeout=PT15S",
                        "closeTimeout=PT5S");
        assertThat(transport.transports()).containsExactlyInAnyOrder(TransportType.values());
        assertThat(transport.subProtocolSelector().apply(List.of("a"))).isEmpty();
    }

    @Test
    void refusesToServeNoTransport() {
        assertThatThrownBy(() -> TransportOptions.builder().transports(Set.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("transports: [] (expected: at least one)");
    }

    @Test
    void knowsProtocolsWhateverTheirCase() {
        assertThat(HubOptions.builder()
                        .supportedProtocols(Set.of("MessagePack", "JSON"))
                        .build()
                        .supportedProtocols())
                .containsExactly("json", "messagepack");
    }

    @Test
    void refusesToSpeakNoProtocolOrAnUnknownOne() {
        for (var names : List.of(Set.<String>of(), Set.of("blazorpack"))) {
            assertThatThrownBy(() -> HubOptions.builder().supportedProtocols(names))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("supportedProtocols: " + names + " (expected: json, messagepack or both)");
        }
    }

    @Test
    void refusesToRunNoCalls() {
        assertThatThrownBy(() -> HubOptions.builder().maximumParallelInvocationsPerClient(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maximumParallelInvocationsPerClient: 0 (expected: >= 1)");
    }

    @Test
    void refusesAHardLimitBelowTheSoftOne() {
        assertThatThrownBy(() -> TransportOptions.builder()
                        .transportMaxBufferSize(100)
                        .maximumOutboxSize(99)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maximumOutboxSize: 99 (expected: >= transportMaxBufferSize, 100)");
    }

    @Test
    void doesNotChangeWithTheSetThatWasGiven() {
        var given = EnumSet.of(TransportType.LONG_POLLING);
        var options = TransportOptions.builder().transports(given).build();

        given.add(TransportType.WEB_SOCKETS);

        assertThat(options.transports()).containsExactly(TransportType.LONG_POLLING);
    }

    private static Stream<Method> setters() {
        return BUILDERS.stream()
                .flatMap(builder -> Arrays.stream(builder.getMethods())
                        .filter(method -> method.getReturnType() == builder && method.getParameterCount() == 1));
    }

    private static String name(Method setter) {
        return Objects.requireNonNull(setter.getDeclaringClass().getEnclosingClass())
                        .getSimpleName()
                + "." + setter.getName();
    }

    private static Object negative(Method setter) {
        if (setter.getParameterTypes()[0] == int.class) {
            return -1;
        }
        return Duration.ofSeconds(-1);
    }

    private static void assertRefused(Method setter, @Nullable Object value, Class<? extends Throwable> exception)
            throws ReflectiveOperationException {
        var builder = builder(setter);
        assertThatThrownBy(() -> call(builder, setter, value))
                .cause()
                .isInstanceOf(exception)
                .message()
                .startsWith(setter.getName() + ": " + value + " (expected: ")
                .endsWith(")");
    }

    private static Object builder(Method setter) throws ReflectiveOperationException {
        var options = Objects.requireNonNull(setter.getDeclaringClass().getEnclosingClass());
        Object builder = Objects.requireNonNull(options.getMethod("builder").invoke(null));
        return builder instanceof TransportOptions.Builder transport ? transport.maximumOutboxSize(77_777) : builder;
    }

    @SuppressWarnings("NullAway") // null is what some are tried with
    private static Object call(Object builder, Method setter, @Nullable Object value)
            throws IllegalAccessException, InvocationTargetException {
        return setter.invoke(builder, value);
    }

    private static Object build(Object builder) throws ReflectiveOperationException {
        return Objects.requireNonNull(builder.getClass().getMethod("build").invoke(builder));
    }

    private static Object toBuilder(Object options) throws ReflectiveOperationException {
        return Objects.requireNonNull(options.getClass().getMethod("toBuilder").invoke(options));
    }

    private static @Nullable Object read(Object options, Method setter) throws ReflectiveOperationException {
        return options.getClass().getMethod(setter.getName()).invoke(options);
    }
}
