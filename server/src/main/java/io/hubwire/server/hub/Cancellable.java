package io.hubwire.server.hub;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Lets clients cancel a running call of a hub method, or of every method of a hub, that returns no stream: its thread is
 * interrupted, the stage that it has returned is cancelled, and a call that has not begun never does. The caller gets an
 * error, unless the method returns in time.
 *
 * <p>Mirrors what a cancellation token as parameter means from ASP.NET Core 11 on, whose clients can cancel any call; older
 * ones cancel streams alone, which needs no annotation.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Cancellable {}
