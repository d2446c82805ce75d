// What the tests of the page stand on: a server in a process of its own, and people who open the page in a browser.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const java = process.env.CHAT_JAVA ?? 'java';
const options = ['--enable-native-access=ALL-UNNAMED', '-XX:TieredStopAtLevel=1',
  '-cp', process.env.CHAT_CLASS_PATH ?? 'target/classes:target/lib/*'];

export const transports = {
  WebSockets: 'WebSockets',
  ServerSentEvents: 'Server-Sent Events',
  LongPolling: 'long polling',
};

/** The chat in a process of its own, which can be killed, asked to end, and started again at the same address. */
export class Server {
  static async start(port = 0) {
    const server = new Server();
    server.process = spawn(java, [...options, 'io.hubwire.samples.chat.Chat', '--port', String(port)],
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
    person.context = await browser.newContext({ viewport: { width: 1200, height: 760 }, locale: 'en-GB', ...look });
    person.context.setDefaultTimeout(60_000);
    person.page = await person.context.newPage();
    person.wrongs = [];
    person.page.on('pageerror', (error) => person.wrongs.push(error.message));
    return person;
  }

  at(id) {
    return this.page.getByTestId(id);
  }

  async enters(server, room, transport) {
    await this.page.goto(server.address);
    await this.types('name', this.name);
    await this.at('first-room').clear();
    await this.types('first-room', room);
    await this.at('first-transport').selectOption(transport);
    await this.at('enter').click();
    await this.isConnected(transport);
    await this.seesHere(this.name);
  }

  async types(id, text) {
    await this.at(id).pressSequentially(text, { delay: 5 });
  }

  async says(text) {
    await this.types('text', text);
    await this.at('text').press('Enter');
  }

  async sees(text) {
    await this.at('messages').locator('.text').getByText(text, { exact: true }).waitFor();
  }

  async doesNotSee(text) {
    assert.equal(await this.at('messages').getByText(text).count(), 0, `${this.name} sees "${text}"`);
  }

  async seesNote(text) {
    await this.at('messages').locator('.note').getByText(text, { exact: true }).last().waitFor();
  }

  async seesHere(...names) {
    for (const name of names) await this.inList('people', name).waitFor({ state: 'attached' });
  }

  async isConnected(transport) {
    const state = this.at('state').and(this.page.locator('[data-state=connected]'));
    const words = transport === 'Auto' ? 'Connected' : `Connected over ${transports[transport]}`;
    await state.filter({ hasText: words }).waitFor();
  }

  async isIn(state) {
    await this.page.locator(`[data-testid=state][data-state=${state}]`).waitFor();
  }

  inList(list, name) {
    return this.at(list).locator(`li[data-name="${name}"]`);
  }

  async chooses(list, name) {
    await this.inList(list, name).getByRole('button').click();
  }

  async shows(title) {
    await this.at('title').getByText(title, { exact: true }).waitFor();
  }

  async photographed(as) {
    mkdirSync('target/screens', { recursive: true });
    await this.page.screenshot({ path: `target/screens/${as}.png`, animations: 'disabled' });
  }

  async leavesInOrder() {
    await this.context.close();
    assert.deepEqual(this.wrongs, [], `errors in the page of ${this.name}`);
  }
}
