package io.hubwire.samples.stock.ticker;

import io.hubwire.server.hub.Authorize;
import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubException;
import io.hubwire.server.hub.HubStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;

/** What a page can ask of the exchange. Whoever follows a stock is in the group of its name. */
@Authorize
public final class TickerHub extends Hub {

    /** How long a person may think about a question. */
    private static final Duration THINKING = Duration.ofSeconds(60);

    private static final int MOST_ORDERS = 200;
    private static final BigDecimal WORTH_A_QUESTION = new BigDecimal(100_000);

    private final Market market;
    private final Audience audience;

    TickerHub(Market market, Audience audience) {
        this.market = market;
        this.audience = audience;
    }

    @Override
    public void onConnected() {
        clients().caller().send("welcome", context().transport());
    }

    /** The stocks, as a page begins with them; who is here it is told. */
    public Board board() {
        return new Board(market.isOpen(), market.listings());
    }

    /** The price of one stock, and each new one, for as long as the page wants them. */
    public HubStream<Quote> follow(String symbol) {
        check(symbol);
        return HubStream.of(out -> {
            BlockingQueue<Quote> news = new ArrayBlockingQueue<>(16);
            Market.Listening listening = market.listen(quote -> keep(news, symbol, quote));
            following().begin(groups(), context().connectionId(), symbol);
            try {
                out.send(market.quote(symbol));
                while (true) {
                    out.send(news.take());
                }
            } finally {
                listening.close();
                following().end(groups(), context().connectionId(), symbol);
            }
        });
    }

    private Following following() {
        return (Following) context().items().computeIfAbsent(Following.class, first -> new Following());
    }

    /** Keeps a price for a page that may be slow: the market does not wait, the oldest price has to go. */
    private static void keep(BlockingQueue<Quote> news, String symbol, Quote quote) {
        if (quote.symbol().equals(symbol)) {
            while (!news.offer(quote)) {
                news.poll();
            }
        }
    }

    /**
     * Takes a pile of orders, asks once more if it is worth much, and carries it out. The question comes when all orders
     * are read: while an upload waits to be read, the answer of its client could not be.
     */
    public Receipt place(HubStream<Order> orders) throws InterruptedException {
        List<Order> pile = new ArrayList<>();
        for (Order order : orders) {
            check(order.symbol());
            if (order.quantity() < 1 || order.quantity() > 100_000) {
                throw new HubException("Expected 1 to 100000 shares of " + order.symbol() + ".");
            }
            if (pile.size() == MOST_ORDERS) {
                throw new HubException("Expected " + MOST_ORDERS + " orders or fewer.");
            }
            pile.add(order);
        }
        BigDecimal worth = pile.stream().map(this::worth).reduce(BigDecimal.ZERO, BigDecimal::add);
        if (worth.compareTo(WORTH_A_QUESTION) > 0) {
            askCaller(
                    "Trade for " + worth.toPlainString() + "?", pile.size() + " orders at the prices of this moment.");
        }
        return carriedOut(pile);
    }

    private Receipt carriedOut(List<Order> pile) {
        int done = 0;
        BigDecimal paid = BigDecimal.ZERO;
        for (Order order : pile) {
            BigDecimal price = market.trade(order)
                    .orElseThrow(() -> new HubException("The market is closed; it takes orders when it opens."));
            BigDecimal sum = price.multiply(BigDecimal.valueOf(order.quantity()));
            paid = order.buy() ? paid.add(sum) : paid.subtract(sum);
            done++;
            clients().all().send("traded", new Trade(me(), order, price));
        }
        return new Receipt(done, paid);
    }

    private BigDecimal worth(Order order) {
        return market.quote(order.symbol()).price().multiply(BigDecimal.valueOf(order.quantity()));
    }

    /** Begins the day. */
    @Authorize(roles = "exchange")
    public void openMarket() {
        change(true);
    }

    /** Ends the day, if whoever asks for it means it. */
    @Authorize(roles = "exchange")
    public void closeMarket() throws InterruptedException {
        askCaller("Close the market?", audience.people() + " connected, nobody can trade until it opens again.");
        change(false);
    }

    private void change(boolean open) {
        if (market.open(open)) {
            clients().all().send("market", open, me());
        }
    }

    /** Returns when the person at the page has said yes. */
    private void askCaller(String question, String more) throws InterruptedException {
        try {
            if (!clients()
                    .caller()
                    .invoke(Boolean.class, THINKING, "confirm", question, more)
                    .get()) {
                throw new HubException("You said no; nothing has happened.");
            }
        } catch (ExecutionException unanswered) {
            throw new HubException("Nobody answered; nothing has happened.", unanswered);
        }
    }

    private void check(String symbol) {
        if (!market.lists(symbol)) {
            throw new HubException("There is no stock " + symbol + ".");
        }
    }

    private String me() {
        return context().userIdentifier().orElseThrow();
    }

    /** What a page begins with. */
    record Board(boolean open, List<Market.Listing> stocks) {}

    /** What became of a pile of orders: how many were carried out, and what the trader has paid in all. */
    record Receipt(int done, BigDecimal paid) {}
}
