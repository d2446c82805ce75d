// What the tests of the page stand on: a server in a process of its own, and people who open the page in a browser.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const java = process.env.TICKER_JAVA ?? 'java';
const options = ['--enable-native-access=ALL-UNNAMED', '-XX:TieredStopAtLevel=1',
  '-cp', process.env.TICKER_CLASS_PATH ?? 'target/classes:target/lib/*'];

export const transports = {
  WebSockets: 'WebSockets',
  ServerSentEvents: 'Server-Sent Events',
  LongPolling: 'long polling',
};

/** The stock ticker in a process of its own, which can be killed, asked to end, and started again at the same address. */
export class Server {
  static async start(port = 0) {
    const server = new Server();
    server.process = spawn(java, [...options, 'io.hubwire.samples.stock.ticker.StockTicker', '--port', String(port)],
      { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: server.process.stdout })[Symbol.asyncIterator]();
    const { value: line } = await lines.next();
    server.address = line?.match(/http:\S+/)?.[0];
    assert.ok(server.address, `the server did not start: ${line}`);
    return server;
  }

  async startAgain() {
    return Server.start(Number(new URL(this.address).port));
  }

  async end(signal) {
    if (this.process.exitCode !== null || this.process.signalCode) return;
    const ended = once(this.process, 'exit');
    this.process.kill(signal);
    await ended;
  }
}

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
}

/** Somebody at a browser of their own. */
export class Person {
  static async arrive(browser, name, look = {}) {
    const person = new Person();
    person.name = name;
    person.context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', ...look });
    person.context.setDefaultTimeout(60_000);
    person.page = await person.context.newPage();
    person.wrongs = [];
    person.page.on('pageerror', (error) => person.wrongs.push(error.message));
    return person;
  }

  at(id) {
    return this.page.getByTestId(id);
  }

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

  async isIn(state) {
    await this.page.locator(`[data-testid=state][data-state=${state}]`).waitFor({ state: 'attached' });
  }

  async photographed(as, options = {}) {
    mkdirSync('target/screens', { recursive: true });
    await this.page.screenshot({ path: `target/screens/${as}.png`, animations: 'disabled', ...options });
  }

  async leavesInOrder() {
    await this.context.close();
    assert.deepEqual(this.wrongs, [], `errors in the page of ${this.name}`);
  }
}
