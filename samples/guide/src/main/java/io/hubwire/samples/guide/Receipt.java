package io.hubwire.samples.guide;

/** What became of an order. */
public record Receipt(String id) {}
