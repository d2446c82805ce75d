package io.hubwire.server.internal.transport;

import io.hubwire.protocol.negotiate.TransportType;
import io.hubwire.server.spi.ConnectionRequest;
import io.hubwire.server.spi.HttpExchange;
import java.security.Principal;
import java.util.Optional;

/** A request that opens a transport or goes on with it, on its way to the connection. */
record Opening(TransportType type, HttpExchange exchange, ConnectionRequest request, Optional<Principal> user) {}
