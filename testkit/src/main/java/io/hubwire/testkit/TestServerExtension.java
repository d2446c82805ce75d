package io.hubwire.testkit;

import java.lang.reflect.AnnotatedElement;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Starts a {@link TestServer} for tests of JUnit, and ends it and its clients.
 *
 * <p>As a static field with {@code @RegisterExtension} it has one server for all tests of the class, as another field one
 * for each test; {@link HubTest} is the short form of the latter. Parameters of test methods may be the {@link TestServer}
 * and any number of {@link TestClient}s, each connected to the first hub, anonymously or {@link AsUser}.
 */
public final class TestServerExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, ParameterResolver {

    private static final ExtensionContext.Namespace SERVERS =
            ExtensionContext.Namespace.create(TestServerExtension.class);

    private final Optional<Supplier<TestServer>> start;
    private volatile Optional<TestServer> server = Optional.empty();

    /** For {@link HubTest}, which says what is served. */
    public TestServerExtension() {
        this.start = Optional.empty();
    }

    /** Starts servers as {@code start} does. */
    public TestServerExtension(Supplier<TestServer> start) {
        this.start = Optional.of(start);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (start.isPresent()) {
            server = Optional.of(started(context));
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        server = Optional.of(started(context));
    }

    /** The server of the context, or of one around it; begun if there is none, and closed by the context that has it. */
    private TestServer started(ExtensionContext context) {
        return context.getStore(SERVERS).computeIfAbsent(this, first -> start(context), TestServer.class);
    }

    private TestServer start(ExtensionContext context) {
        return start.map(Supplier::get)
                .orElseGet(() -> context.getTestClass()
                        .flatMap(type -> AnnotationSupport.findAnnotation(type, HubTest.class))
                        .map(test -> TestServer.of(test.value()))
                        .orElseThrow(() -> new IllegalStateException(
                                "hub: none (expected: @HubTest, or @RegisterExtension with a server)")));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        started(context).closeClients();
    }

    /**
     * The server of the test that runs.
     *
     * @throws IllegalStateException before the first test
     */
    public TestServer server() {
        return server.orElseThrow(() -> new IllegalStateException("server: none yet (expected: within a test)"));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == TestServer.class || type == TestClient.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context)
            throws ParameterResolutionException {
        TestServer running = started(context);
        return parameter.getParameter().getType() == TestServer.class
                ? running
                : running.connect(options -> as(parameter.getAnnotatedElement(), options));
    }

    private static void as(AnnotatedElement parameter, ClientOptions.Builder options) {
        AnnotationSupport.findAnnotation(parameter, AsUser.class)
                .ifPresent(user -> options.user(user.value(), user.roles()));
    }
}
