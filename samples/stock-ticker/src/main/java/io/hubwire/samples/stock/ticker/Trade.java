package io.hubwire.samples.stock.ticker;

import java.math.BigDecimal;

/** An order that was carried out, for everybody to see. */
record Trade(String trader, Order order, BigDecimal price) {}
