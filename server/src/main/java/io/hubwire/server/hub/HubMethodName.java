package io.hubwire.server.hub;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The name of a method on the wire, where it is not the name in the source: of a hub method that clients call, or of a
 * client method in the interface of a {@link TypedHub}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface HubMethodName {

    /** The name. */
    String value();
}
