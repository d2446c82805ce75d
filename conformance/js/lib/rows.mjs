// The rows of the table of capabilities: a test is named after its row and says which client ran it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { clients, connect } from './clients.mjs';
import { Server, within } from './server.mjs';

const everybody = clients.filter(client => !client.name.includes('3.1'));
const modern = everybody.filter(client => client.reconnects);

/** What a row works with: a server, connections that are stopped in the end, and their client. */
class Bench {
  #connections = [];
  constructor(client, server) { this.name = client.name; this.signalR = client.signalR; this.server = server; }

  make(path = '/judge', options = {}, reconnect = undefined) {
    const url = /^http/.test(path) ? path : this.server.url + path;
    const connection = connect(this.signalR, url, options, reconnect);
    this.#connections.push(connection);
    return connection;
  }

  async started(...how) {
    const connection = this.make(...how);
    await within(15_000, connection.start(), 'start');
    return connection;
  }

  async close() { await Promise.all(this.#connections.map(connection => connection.stop().catch(() => {}))); }
}

/** Collects the rows of one file and runs them side by side, some at a time. */
export function rows(title, collect) {
  describe(title, { concurrency: 16, timeout: 120_000 }, () => {
    let server;
    before(async () => { server = await Server.start(); });
    after(() => server.stop());
    const add = clients => (number, capability, body) => {
      for (const client of clients) {
        test(`row ${number}: ${capability} (${client.name})`, async () => {
          const bench = new Bench(client, server);
          try {
            await body(bench);
          } finally {
            await bench.close();
          }
        });
      }
    };
    collect({ row: add(modern), rowForAll: add(everybody), rowFor: add });
  });
}

/** What a handler was called with. */
export function heard(connection, method) {
  const all = [];
  connection.on(method, (...values) => all.push(values));
  return all;
}

/** Fails unless a call is rejected with an Error of this message, or one that matches. */
export function refused(call, message) {
  return assert.rejects(call, error => {
    assert.ok(error instanceof Error, String(error));
    if (message instanceof RegExp) assert.match(error.message, message);
    else assert.equal(error.message, message);
    return true;
  });
}
