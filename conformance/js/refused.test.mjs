// What a transport cannot carry is refused in the words of the reference.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { clients, connect, transports } from './lib/clients.mjs';
import { Server } from './lib/server.mjs';

for (const { name, signalR, messagePack } of clients) {
  describe(`${name} with MessagePack over ServerSentEvents`, { timeout: 60_000 }, () => {
    let server;

    before(async () => { server = await Server.start(); });
    after(() => server.stop());

    test('does not start', async () => {
      const connection = connect(signalR, `${server.url}/judge`, { transport: transports.ServerSentEvents, protocol: messagePack() });
      await assert.rejects(connection.start());
    });

    test('finds another transport if it may', async () => {
      const connection = connect(signalR, `${server.url}/no-websockets`, { protocol: messagePack() });
      await connection.start();
      assert.equal(await connection.invoke('Transport'), 'LongPolling');
      await connection.stop();
    });
  });
}
