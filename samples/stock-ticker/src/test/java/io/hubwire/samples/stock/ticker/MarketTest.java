package io.hubwire.samples.stock.ticker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class MarketTest {

    private final Market market = new Market(new Random(1));
    private final List<Quote> heard = new ArrayList<>();

    @Test
    void tellsNewPricesToThoseWhoListen() {
        market.open(true);
        Market.Listening listening = market.listen(heard::add);
        market.tick();
        assertThat(heard).isNotEmpty();

        listening.close();
        int before = heard.size();
        market.tick();
        assertThat(heard).hasSize(before);
    }

    @Test
    void changesNoPriceWhileItIsClosed() {
        market.listen(heard::add);
        market.tick();

        assertThat(market.trade(new Order(true, 100, "HUBW"))).isEmpty();
        assertThat(heard).isEmpty();
    }

    @Test
    void getsDearerByWhatIsBoughtAndCheaperByWhatIsSold() {
        market.open(true);
        Quote first = market.quote("HUBW");

        assertThat(market.trade(new Order(true, 100, "HUBW"))).contains(first.price());
        Quote dearer = market.quote("HUBW");
        assertThat(dearer.price()).isGreaterThan(first.price());

        market.trade(new Order(false, 100, "HUBW"));
        assertThat(market.quote("HUBW").price()).isLessThan(dearer.price());
    }

    @Test
    void remembersSomePricesOfEachStock() {
        market.open(true);
        for (int i = 0; i < 500; i++) {
            market.tick();
        }

        assertThat(market.listings()).hasSize(10).allSatisfy(stock -> {
            assertThat(stock.prices()).hasSize(60);
            assertThat(stock.prices().getLast())
                    .isEqualTo(market.quote(stock.symbol()).price());
        });
    }

    @Test
    void tellsWhetherOpeningChangedAnything() {
        assertThat(market.open(true)).isTrue();
        assertThat(market.open(true)).isFalse();
        assertThat(market.open(false)).isTrue();
    }

    @Test
    void knowsNoPriceOfWhatIsNotListed() {
        assertThatThrownBy(() -> market.quote("NOPE"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NOPE");
    }
}
