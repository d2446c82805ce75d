package io.hubwire.conformance.golden;

/** A colour, on the wire its number. */
public enum Color {
    /** 0. */
    RED,
    /** 1. */
    GREEN,
    /** 2. */
    BLUE
}
