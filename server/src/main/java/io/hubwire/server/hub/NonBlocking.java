package io.hubwire.server.hub;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Promises that a hub method, or every method of a hub, returns at once: no I/O, no lock that others hold for long, no
 * sleeping. Such a call runs on the thread that read it when nothing of its client waits before it, and so does the {@link
 * HubActivator} that makes its instance; a promise that is not kept stalls every connection of that thread.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface NonBlocking {}
