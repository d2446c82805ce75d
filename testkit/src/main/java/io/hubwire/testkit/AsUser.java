package io.hubwire.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Makes a {@link TestClient} that is a parameter of a test that of a user, see {@link ClientOptions.Builder#user}. */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface AsUser {

    /** The name of the user. */
    String value();

    /** The roles of the user. */
    String[] roles() default {};
}
