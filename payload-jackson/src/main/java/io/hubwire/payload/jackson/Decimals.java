package io.hubwire.payload.jackson;

import java.math.BigDecimal;

/** Decimals as text, which keeps all their digits. */
final class Decimals {

    /** Beyond this the zeros are not written out: they could be billions. */
    private static final int MOST_ZEROS = 100;

    private Decimals() {}

    static String format(BigDecimal value) {
        return Math.abs((long) value.scale()) > MOST_ZEROS ? value.toString() : value.toPlainString();
    }
}
