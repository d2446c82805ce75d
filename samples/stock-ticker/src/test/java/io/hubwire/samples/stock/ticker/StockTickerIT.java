package io.hubwire.samples.stock.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.samples.page.PageTests;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** People at browsers who watch prices and trade. */
final class StockTickerIT {

    @Test
    void showsPeopleAtBrowsersPricesAndTakesTheirOrders() throws IOException, InterruptedException {
        assertThat(PageTests.failures("test/ticker.test.mjs", "test/screens.test.mjs"))
                .as("what failed in the page")
                .isEmpty();
    }
}
