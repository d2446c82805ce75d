/** What stands before the transports: paths, cross-origin rules, authentication, authorization. */
@NullMarked
package io.hubwire.server.internal.endpoint;

import org.jspecify.annotations.NullMarked;
