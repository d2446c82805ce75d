package io.hubwire.server.options;

import java.time.Duration;
import java.util.Objects;

/** How options refuse what they cannot take: name, value, expectation. */
final class Checks {

    private Checks() {}

    /** Refuses null: the text is that of other refusals. */
    static <T> T given(String option, T value, String expected) {
        return Objects.requireNonNull(value, () -> option + ": null (expected: " + expected + ")");
    }

    static Duration positive(String option, Duration value) {
        given(option, value, "> 0");
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(option + ": " + value + " (expected: > 0)");
        }
        return value;
    }

    static Duration notNegative(String option, Duration value) {
        given(option, value, ">= 0");
        if (value.isNegative()) {
            throw new IllegalArgumentException(option + ": " + value + " (expected: >= 0)");
        }
        return value;
    }

    static int atLeast(String option, int least, int value) {
        if (value < least) {
            throw new IllegalArgumentException(option + ": " + value + " (expected: >= " + least + ")");
        }
        return value;
    }
}
