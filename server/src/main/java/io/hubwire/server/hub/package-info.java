/** What applications write and use: hubs, clients, groups, and who is calling. */
@NullMarked
package io.hubwire.server.hub;

import org.jspecify.annotations.NullMarked;
