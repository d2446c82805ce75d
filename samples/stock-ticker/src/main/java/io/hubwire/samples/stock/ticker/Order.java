package io.hubwire.samples.stock.ticker;

/**
 * What a trader wants.
 *
 * @param buy whether to buy; to sell otherwise
 * @param quantity how many shares
 * @param symbol of which stock
 */
record Order(boolean buy, int quantity, String symbol) {}
