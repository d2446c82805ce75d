/** The hubs and endpoints that foreign test suites expect of an ASP.NET Core server. */
@NullMarked
package io.hubwire.conformance.core;

import org.jspecify.annotations.NullMarked;
