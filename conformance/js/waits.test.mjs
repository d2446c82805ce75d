// Rows about the client's own waits: its timers are mocked while it has lost the server, so that nobody waits really.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { clients, connect } from './lib/clients.mjs';
import { later, Server, within } from './lib/server.mjs';
import { Wire } from './lib/wire.mjs';

/** From now on timers of the hub connection fire at once and tell how long they would have taken. */
function mockTimers() {
  const real = globalThis.setTimeout;
  const waits = [];
  globalThis.setTimeout = (action, delay = 0, ...values) => {
    const caller = new Error().stack.split('\n')[2];
    if (!/HubConnection\.js/.test(caller)) return real(action, delay, ...values);
    waits.push(delay);
    return real(action, 0, ...values);
  };
  return { waits, restore: () => { globalThis.setTimeout = real; } };
}

describe('waits of the client', { timeout: 60_000 }, () => {
  let server;
  before(async () => { server = await Server.start(); });
  after(() => server.stop());

  /** Loses the server for good; answers with the waits before each attempt and what onclose was told. */
  async function lost(signalR, policy) {
    const wire = await Wire.before(() => server.port);
    const connection = connect(signalR, `${wire.url}/judge`, {}, policy);
    await connection.start();
    const closed = later();
    const reconnecting = [];
    connection.onreconnecting(error => reconnecting.push(error));
    connection.onclose(error => closed.resolve([error]));
    const timers = mockTimers();
    try {
      wire.refuse();
      const [error] = await within(20_000, closed.promise);
      return { waits: timers.waits, attempts: wire.refused, error, reconnecting, state: connection.state };
    } finally {
      timers.restore();
      wire.close();
    }
  }

  for (const { name, signalR } of clients.filter(client => client.reconnects && !client.name.includes('3.1'))) {
    test(`row 27: automatic reconnect tries after 0, 2, 10 and 30 seconds (${name})`, async () => {
      const { waits, attempts, error, reconnecting } = await lost(signalR, true);
      assert.deepEqual(waits, [0, 2_000, 10_000, 30_000]);
      assert.equal(attempts, 4);
      assert.equal(reconnecting.length, 1);
      assert.equal(error, undefined);
    });

    test(`row 32: when every attempt has failed onclose comes and the state is Disconnected (${name})`, async () => {
      const { attempts, error, state } = await lost(signalR, true);
      assert.equal(attempts, 4);
      assert.equal(error, undefined);
      assert.equal(state, signalR.HubConnectionState.Disconnected);
    });

    test(`row 33: given waits are kept, then it ends (${name})`, async () => {
      const { waits, attempts } = await lost(signalR, [0, 0, 10_000]);
      assert.deepEqual(waits, [0, 0, 10_000]);
      assert.equal(attempts, 3);
    });
  }
});
