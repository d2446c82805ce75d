// What a transport cannot carry is refused by the client, which has read in the answer to its negotiation what is offered.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { clients, connect, transports } from './lib/clients.mjs';
import { refused } from './lib/rows.mjs';
import { Server } from './lib/server.mjs';

/** The oldest one tells its log only why. */
const why = name => (name.startsWith('@aspnet')
  ? /^Unable to initialize any of the available transports\.$/
  : /^Unable to connect to the server with any of the available transports\. .*'ServerSentEvents' does not support Binary\./);

for (const { name, signalR, messagePack } of clients) {
  describe(`${name} with MessagePack over ServerSentEvents`, { timeout: 60_000 }, () => {
    let server;

    before(async () => { server = await Server.start(); });
    after(() => server.stop());

    test('does not start', async () => {
      const connection = connect(signalR, `${server.url}/judge`, { transport: transports.ServerSentEvents, protocol: messagePack() });
      await refused(connection.start(), why(name));
    });

    test('finds another transport if it may', async () => {
      const connection = connect(signalR, `${server.url}/no-websockets`, { protocol: messagePack() });
      await connection.start();
      assert.equal(await connection.invoke('Transport'), 'LongPolling');
      await connection.stop();
    });
  });
}
