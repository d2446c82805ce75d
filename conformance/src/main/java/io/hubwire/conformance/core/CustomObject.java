package io.hubwire.conformance.core;

/**
 * What clients send to have it sent back.
 *
 * @param name text
 * @param value a number
 */
public record CustomObject(String name, int value) {}
