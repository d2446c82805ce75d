package io.hubwire.server.spi;

/**
 * One message and whom it is for: all that crosses the backplane.
 *
 * @param hub the name of the hub whose connections, groups and users are meant
 */
public record Delivery(String hub, Recipients recipients, Message message) {}
