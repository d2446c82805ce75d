/** Prices, orders and who watches, in a page. */
@NullMarked
package io.hubwire.samples.stock.ticker;

import org.jspecify.annotations.NullMarked;
