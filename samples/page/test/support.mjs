// What the tests of the pages stand on: a server in a process of its own, and people who open its page in a browser.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { it } from 'node:test';
import { chromium } from 'playwright-core';

const java = process.env.SAMPLE_JAVA ?? 'java';
const options = ['--enable-native-access=ALL-UNNAMED', '-XX:TieredStopAtLevel=1',
  '-cp', process.env.SAMPLE_CLASS_PATH ?? 'target/classes:target/lib/*'];

export const transports = {
  WebSockets: 'WebSockets',
  ServerSentEvents: 'Server-Sent Events',
  LongPolling: 'long polling',
};

/** Steps that build on each other: behind one that failed the others fail at once. */
export function steps() {
  let broken;
  return (name, body) => it(name, { timeout: 150_000 }, async () => {
    assert.ok(!broken, `follows a failure: ${broken}`);
    broken = name;
    await body();
    broken = undefined;
  });
}

/** A sample in a process of its own, which can be killed, asked to end, and started again at the same address. */
export class Server {
  static async start(mainClass, port = 0) {
    const server = new Server();
    server.mainClass = mainClass;
    server.process = spawn(java, [...options, mainClass, '--port', String(port)],
      { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: server.process.stdout })[Symbol.asyncIterator]();
    const { value: line } = await lines.next();
    server.address = line?.match(/http:\S+/)?.[0];
    assert.ok(server.address, `the server did not start: ${line}`);
    return server;
  }

  async startAgain() {
    return Server.start(this.mainClass, Number(new URL(this.address).port));
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

/** Somebody at a browser of their own; what people do with its page each sample adds. */
export class Visitor {
  static async arrive(browser, name, look = {}) {
    const visitor = new this();
    visitor.name = name;
    visitor.context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', ...look });
    visitor.context.setDefaultTimeout(60_000);
    visitor.page = await visitor.context.newPage();
    visitor.wrongs = [];
    visitor.page.on('pageerror', (error) => visitor.wrongs.push(error.message));
    return visitor;
  }

  at(id) {
    return this.page.getByTestId(id);
  }

  async isIn(state) {
    await this.page.locator(`[data-testid=state][data-state=${state}]`).waitFor();
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
