package io.hubwire.samples.stock.ticker;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** An exchange whose stocks are invented, and whose prices wander. Safe for any thread. */
final class Market {

    private static final int REMEMBERED = 60;
    private static final BigDecimal LEAST = new BigDecimal("0.50");

    /** Ends what {@link #listen} began. */
    interface Listening extends AutoCloseable {
        @Override
        void close();
    }

    /** One stock as a newcomer gets to see it: its prices so far, the newest last. */
    record Listing(String symbol, String name, BigDecimal open, List<BigDecimal> prices) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Stock> stocks = new LinkedHashMap<>();
    private final List<Consumer<Quote>> listeners = new CopyOnWriteArrayList<>();
    private final RandomGenerator chance;
    private volatile boolean open;

    Market(RandomGenerator chance) {
        this.chance = chance;
        list("AQUA", "Aquaduct Water", "41.20");
        list("BOLT", "Bolt & Nut", "18.75");
        list("CLOG", "Clogs of Holland", "63.10");
        list("DYNA", "Dynamo Cycles", "129.40");
        list("ECHO", "Echo Valley Radio", "7.85");
        list("FERN", "Fern & Moss", "22.30");
        list("GLOW", "Glowworm Lighting", "88.60");
        list("HUBW", "Hub & Wire", "204.00");
        list("KELP", "Kelp Noodles", "12.45");
        list("LOOM", "Jacquard Looms", "156.90");
    }

    private void list(String symbol, String name, String price) {
        Stock stock = new Stock(symbol, name, new BigDecimal(price));
        stocks.put(symbol, stock);
        for (int i = 1; i < REMEMBERED; i++) {
            stock.wander(chance, 0.004);
        }
        stock.open = stock.prices.getFirst();
    }

    /** Whether there is trade. */
    boolean isOpen() {
        return open;
    }

    /** Opens or closes; tells whether that was a change. */
    boolean open(boolean value) {
        lock.lock();
        try {
            boolean changed = open != value;
            open = value;
            return changed;
        } finally {
            lock.unlock();
        }
    }

    boolean lists(String symbol) {
        return stocks.containsKey(symbol);
    }

    /** All stocks. */
    List<Listing> listings() {
        lock.lock();
        try {
            return stocks.values().stream().map(Stock::listing).toList();
        } finally {
            lock.unlock();
        }
    }

    /** What a stock costs now. */
    Quote quote(String symbol) {
        lock.lock();
        try {
            return stock(symbol).quote();
        } finally {
            lock.unlock();
        }
    }

    /** Tells {@code listener} every new price, on the thread that made it, from now on. */
    Listening listen(Consumer<Quote> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Lets some prices wander, if there is trade. */
    void tick() {
        List<Quote> news = new ArrayList<>();
        lock.lock();
        try {
            if (open) {
                stocks.values().stream()
                        .filter(stock -> chance.nextInt(3) == 0)
                        .forEach(stock -> news.add(stock.wander(chance, 0.0025)));
            }
        } finally {
            lock.unlock();
        }
        news.forEach(this::tell);
    }

    /** Carries an order out at the price of the moment, which it moves a little; empty if there is no trade. */
    Optional<BigDecimal> trade(Order order) {
        Quote before;
        Quote after;
        lock.lock();
        try {
            if (!open) {
                return Optional.empty();
            }
            Stock stock = stock(order.symbol());
            before = stock.quote();
            double push = Math.min(0.03, order.quantity() / 20_000.0);
            after = stock.move(order.buy() ? push : -push);
        } finally {
            lock.unlock();
        }
        tell(after);
        return Optional.of(before.price());
    }

    private Stock stock(String symbol) {
        Stock stock = stocks.get(symbol);
        if (stock == null) {
            throw new IllegalArgumentException("symbol: " + symbol + " (expected: one that is listed)");
        }
        return stock;
    }

    private void tell(Quote quote) {
        listeners.forEach(listener -> listener.accept(quote));
    }

    /** One stock; touched under the market's lock. */
    private static final class Stock {

        private final String symbol;
        private final String name;
        private final Deque<BigDecimal> prices = new ArrayDeque<>();
        private BigDecimal open;

        Stock(String symbol, String name, BigDecimal open) {
            this.symbol = symbol;
            this.name = name;
            this.open = open;
            prices.add(open);
        }

        Quote wander(RandomGenerator chance, double far) {
            return move(chance.nextGaussian() * far);
        }

        Quote move(double share) {
            BigDecimal factor = new BigDecimal(1 + share, MathContext.DECIMAL32);
            prices.add(prices.getLast().multiply(factor).max(LEAST).setScale(2, RoundingMode.HALF_EVEN));
            if (prices.size() > REMEMBERED) {
                prices.removeFirst();
            }
            return quote();
        }

        Quote quote() {
            return new Quote(symbol, prices.getLast(), open);
        }

        Listing listing() {
            return new Listing(symbol, name, open, List.copyOf(prices));
        }
    }
}
