package io.hubwire.samples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.samples.page.PageTests;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** People at browsers who chat. */
final class ChatIT {

    @Test
    void bringsPeopleAtBrowsersTogether() throws IOException, InterruptedException {
        assertThat(PageTests.failures("test/chat.test.mjs", "test/screens.test.mjs"))
                .as("what failed in the page")
                .isEmpty();
    }
}
