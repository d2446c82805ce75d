package io.hubwire.server.hub;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Demands a user. On a hub: of every HTTP request, answered by 401 without a user and 403 for one who may not, before
 * any other check. On a method: of every call, which fails without running.
 *
 * <p>Everything demanded must hold: repeated annotations, those of the superclasses, roles and policy together.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Repeatable(Authorize.All.class)
public @interface Authorize {

    /** Roles of which the user must have at least one; none demanded when empty. */
    String[] roles() default {};

    /** The name of a policy that the {@link Authorizer} knows; none demanded when empty. */
    String policy() default "";

    /** Holds repeated annotations. */
    @Documented
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.TYPE, ElementType.METHOD})
    @interface All {
        /** The annotations. */
        Authorize[] value();
    }
}
