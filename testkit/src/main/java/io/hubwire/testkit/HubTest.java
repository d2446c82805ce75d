package io.hubwire.testkit;

import io.hubwire.server.hub.HubBase;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each test of a class a {@link TestServer} with one hub. Test methods take it as a parameter if they want to, and
 * each parameter that is a {@link TestClient} is a client of its own, see {@link TestServerExtension}.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(TestServerExtension.class)
public @interface HubTest {

    /** The hub. */
    Class<? extends HubBase<?>> value();
}
