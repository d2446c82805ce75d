import { Server, transports, Visitor } from '../../page/test/support.mjs';

export const startStockTicker = () => Server.start('io.hubwire.samples.stock.ticker.StockTicker');

/** Somebody who watches prices and trades, at a browser of their own. */
export class Person extends Visitor {
  async enters(server, transport, { runs = false } = {}) {
    await this.page.goto(server.address);
    await this.at('name').fill(this.name);
    await this.at('runs').setChecked(runs);
    await this.at('first-transport').selectOption(transport);
    await this.at('enter').click();
    await this.isConnected(transport);
    await this.row('HUBW').waitFor();
  }

  row(symbol) {
    return this.at('stocks').locator(`tr[data-symbol="${symbol}"]`);
  }

  async watches(symbol) {
    await this.row(symbol).getByRole('button').click();
    await this.at('symbol').getByText(symbol, { exact: true }).waitFor();
    await this.row(symbol).locator(`.watch[data-names*="${this.name}"]`).waitFor({ state: 'attached' });
  }

  /** Sees that exactly these people watch a stock. */
  async seesWatching(symbol, ...names) {
    await this.row(symbol).locator(`.watch[data-names="${names.join(', ')}"]`).waitFor({ state: 'attached' });
  }

  async price(symbol) {
    return this.row(symbol).locator('.price').textContent();
  }

  /** Waits until any price but `before` is shown. */
  async seesAnotherPrice(symbol, before) {
    await this.row(symbol).locator('.price').filter({ hasNotText: before }).waitFor();
  }

  /** Sees that the price that is streamed and the price in the list are the same, once both have arrived. */
  async seesOnePriceOf(symbol) {
    await this.page.waitForFunction((row) => document.querySelector('[data-testid=price]').textContent
      === document.querySelector(`${row} .price`).textContent, `tr[data-symbol="${symbol}"]`);
  }

  async seesPricesStreamed(atLeast) {
    await this.page.waitForFunction((least) => Number.parseInt(document.getElementById('ticks').textContent, 10) >= least,
      atLeast);
  }

  async orders(...lines) {
    await this.at('orders').fill(lines.join('\n'));
    await this.at('place').click();
  }

  async isTold(text) {
    await this.at('outcome').getByText(text).waitFor();
  }

  async seesTrade(text) {
    await this.at('trades').locator('li').filter({ hasText: text }).first().waitFor();
  }

  async seesMarket(word) {
    await this.at('market').getByText(word, { exact: true }).waitFor();
  }

  async isAsked(question) {
    await this.at('question').getByText(question).waitFor();
  }

  async isConnected(transport) {
    const state = this.at('state').and(this.page.locator('[data-state=connected]'));
    await state.filter({ hasText: transports[transport] ?? 'WebSockets' }).waitFor({ state: 'attached' });
  }
}
