package io.hubwire.samples.stock.ticker;

import java.math.BigDecimal;

/**
 * What a stock costs now.
 *
 * @param symbol which stock
 * @param price the price of the last trade
 * @param open the price of the first trade of the day
 */
record Quote(String symbol, BigDecimal price, BigDecimal open) {}
