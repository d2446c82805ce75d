package io.hubwire.server.internal.words;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OneLineTest {

    @Test
    void leavesTextAsItIs() {
        assertThat(OneLine.of("Größe 9 – 日本 😀 \\n")).hasToString("Größe 9 – 日本 😀 \\n");
    }

    @Test
    void showsWhatBreaksOrTurnsALine() {
        assertThat(OneLine.of("a\r\nb\tc\u001b[31m\u0085\u2028\u2029\u202e\u0000"))
                .hasToString("a\\u000d\\u000ab\\u0009c\\u001b[31m\\u0085\\u2028\\u2029\\u202e\\u0000");
    }

    @Test
    void isNotTooLong() {
        assertThat(OneLine.of("x".repeat(40_000))).hasToString("x".repeat(1_000) + "…");
    }
}
