// The conformance application as the functional tests of the clients use it.
import assert from 'node:assert/strict';
import { globalAgent } from 'node:http';
import { globalAgent as secureAgent } from 'node:https';
import { createRequire } from 'node:module';
import { after, describe, test } from 'node:test';
import { connect, newest, newestMessagePack, silent, transports } from './lib/clients.mjs';
import { heard, refused } from './lib/rows.mjs';
import { later, until, within } from './lib/server.mjs';

const require = createRequire(import.meta.url);
const { HttpConnection } = require('signalr-10/dist/cjs/HttpConnection.js');
const WebSocket = createRequire(require.resolve('signalr-10/package.json'))('ws');
const base = process.env.HUBWIRE_APPLICATION;
const variant = process.env.HUBWIRE_VARIANT ? ` ${process.env.HUBWIRE_VARIANT}` : '';

/** Goes where a 307 sends it, as the sockets of other platforms do. */
class Following extends WebSocket {
  constructor(url, protocols, options) { super(url, protocols, { ...options, followRedirects: true }); }
}

// The event source of Node lets go of the socket that a redirect came on without closing it.
after(() => [globalAgent, secureAgent].forEach(agent => agent.destroy()));

for (const [name, transport] of Object.entries(transports)) {
  if (transport === transports.ServerSentEvents) continue;
  describe(`the application with MessagePack over ${name}`, { timeout: 60_000, concurrency: 4 }, () => {
    const using = async (path, body) => {
      const connection = connect(newest, base + path, { transport, protocol: newestMessagePack() });
      await within(15_000, connection.start(), 'start');
      try { await body(connection); } finally { await connection.stop(); }
    };

    test('the test hub names members as they are written', () => using('/testhub', async hub => {
      const complex = {
        String: 'hello world',
        IntArray: [1, 2, 3],
        ByteArray: Uint8Array.from([1, 2, 3]),
        Guid: '00010203-0405-0607-0706-050403020100',
        DateTime: new Date(Date.UTC(2000, 0, 1)),
      };
      assert.deepEqual(await hub.invoke('SendComplexObject'), complex);
      assert.deepEqual(await hub.invoke('EchoComplexObject', complex), complex);
      const objects = heard(hub, 'CustomObject');
      hub.send('SendCustomObject', { Name: 'test', Value: 42 });
      await until(() => objects.length);
      assert.deepEqual(objects, [[{ Name: 'test', Value: 42 }]]);
    }));

    test('the test hub answers and fails as it does in JSON', () => using('/testhub', async hub => {
      assert.equal(await hub.invoke('Echo', 'Hello World!'), 'Hello World!');
      assert.equal(await hub.invoke('GetHeader', 'x-no-header'), null);
      assert.equal(await hub.invoke('GetActiveTransportName'), name);
      await refused(hub.invoke('ThrowException', 'An error occurred.'), "An unexpected error occurred invoking 'ThrowException' on the server. InvalidOperationException: An error occurred.");
    }));

    test('the plain hub answers clients of other makes', () => using('/hub', async hub => {
      assert.equal(await hub.invoke('ping'), 'Pong!');
      assert.deepEqual(await hub.invoke('triumphantTriple', '1. FC Bayern München'), ['German Championship', 'DFB Cup', 'Champions League']);
      const contents = await hub.invoke('alcoholicContents');
      assert.deepEqual(contents.map(({ drink }) => drink), ['Brunello', 'Beer', 'Lagavulin Cask Strength']);
      contents.forEach(({ strength }, i) => assert.ok(Math.abs(strength - [13.5, 4.9, 56.2][i]) < 1e-4));
      assert.deepEqual(await hub.invoke('alcoholicContentMap'), { Brunello: 13.5, Beer: 4.9, 'Lagavulin Cask Strength': 56.2 });
      assert.equal(await hub.invoke('largeCompressableContent'), 'data_'.repeat(10_000));
    }));

    test('the load scenarios run', () => using('/echo-bench', async hub => {
      const time = new Date('2024-05-01T10:00:00Z');
      const sent = heard(hub, 'send');
      assert.deepEqual(await hub.invoke('Echo', time), time);
      assert.ok(await hub.invoke('GetCurrentTime') instanceof Date);
      await hub.invoke('EchoAll', time);
      await until(() => sent.some(([value]) => value instanceof Date && value.getTime() === time.getTime()));
    }));
  });
}

for (const [name, transport] of Object.entries(transports)) {
  describe(`the application${variant} over ${name}`, { timeout: 60_000, concurrency: 4 }, () => {
    const using = async (path, options, body) => {
      const connection = connect(newest, base + path, { transport, ...options });
      await within(15_000, connection.start(), 'start');
      try { await body(connection); } finally { await connection.stop(); }
    };

    test('the test hub tells about the connection', () => using('/testHub?numRedirects=3', { headers: { 'X-Header': 'a value' } }, async hub => {
      assert.equal(await hub.invoke('GetCallerConnectionId'), hub.connectionId);
      assert.equal(await hub.invoke('GetActiveTransportName'), name);
      assert.equal(await hub.invoke('GetNumRedirects'), 3);
      assert.equal(await hub.invoke('GetHeader', 'x-header'), 'a value');
      assert.equal(await hub.invoke('GetHeader', 'x-no-header'), null);
      for (const [cookie, value] of [['testCookie', 'testValue'], ['testCookie2', 'testValue2'], ['expiredCookie', null], ['no-cookie', null]]) {
        assert.equal(await hub.invoke('GetCookie', cookie), value);
      }
    }));

    if (transport === transports.WebSockets) {
      test('the test hub takes WebSockets that were not negotiated', () => using('/testhub', { skipNegotiation: true }, async hub => {
        assert.equal(await hub.invoke('GetActiveTransportName'), name);
      }));

      test('one path of the test hub offers no WebSockets', async () => {
        const { availableTransports } = await (await fetch(`${base}/testhub-nowebsockets/negotiate?negotiateVersion=1`, { method: 'POST' })).json();
        assert.deepEqual(availableTransports.map(offer => offer.transport).sort(), ['LongPolling', 'ServerSentEvents']);
        await refused(connect(newest, `${base}/testhub-nowebsockets`, { transport }).start(), /^Unable to connect to the server with any of the available transports/);
        const connection = connect(newest, `${base}/testhub-nowebsockets`);
        await within(15_000, connection.start(), 'start');
        assert.equal(await connection.invoke('GetActiveTransportName'), 'ServerSentEvents');
        await connection.stop();
      });
    }

    test('the test hub names members as they are written', () => using('/testhub', {}, async hub => {
      const complex = { String: 'hello world', IntArray: [1, 2, 3], ByteArray: 'AQID', Guid: '00010203-0405-0607-0706-050403020100', DateTime: '2000-01-01T00:00:00Z' };
      assert.deepEqual(await hub.invoke('SendComplexObject'), complex);
      assert.deepEqual(await hub.invoke('EchoComplexObject', complex), complex);
      const custom = heard(hub, 'CustomObject');
      await hub.invoke('SendCustomObject', { Name: 'test', Value: 42 });
      await until(() => custom.length);
      assert.deepEqual(custom, [[{ Name: 'test', Value: 42 }]]);
    }));

    test('the test hub sends before it answers, and fails in these words', () => using('/testhub', {}, async hub => {
      const messages = heard(hub, 'Message');
      await hub.invoke('invokeWithString', 'hi');
      assert.deepEqual(messages, [['hi']]);
      await refused(hub.invoke('ThrowException', 'An error occurred.'), "An unexpected error occurred invoking 'ThrowException' on the server. InvalidOperationException: An error occurred.");
      await refused(hub.invoke('EmptyStream'), "The client attempted to invoke the streaming 'EmptyStream' method with a non-streaming invocation.");
      await refused(hub.invoke('Stream'), "The client attempted to invoke the streaming 'Stream' method with a non-streaming invocation.");
      const failed = later();
      hub.stream('Echo', 'x').subscribe({ next() {}, complete: () => failed.resolve('completed'), error: error => failed.resolve(error.message) });
      assert.equal(await within(5_000, failed.promise), "The client attempted to invoke the non-streaming 'Echo' method with a streaming invocation.");
    }));

    test('a redirect leads to the test hub, anew each time', async () => {
      const counts = [];
      for (let i = 0; i < 2; i++) {
        await using(`/redirect?numRedirects=0&baseUrl=${base}`, {}, async hub => { counts.push(await hub.invoke('GetNumRedirects')); });
      }
      assert.ok(counts[0] > 0 && counts[1] > counts[0], String(counts));
    });

    test('the authorized hub takes tokens of the application', async () => {
      const accessTokenFactory = async () => (await fetch(`${base}/generateJwtToken`)).text();
      await using('/authorizedhub', { accessTokenFactory }, async hub => assert.equal(await hub.invoke('Echo', 'in'), 'in'));
      await refused(connect(newest, `${base}/authorizedhub`, { transport }).start(), "Failed to complete negotiation with the server: Error: Unauthorized: Status code '401'");
    });

    test('a negotiate request that is refused shows the words of the server', () => refused(
      connect(newest, `${base}/bad-negotiate`, { transport }).start(),
      "Failed to complete negotiation with the server: Error: Some response from server: Status code '400'"));

    for (const path of ['/echo', '/echoredirect']) {
      test(`${path} sends back what it gets`, async () => {
        const connection = new HttpConnection(base + path, { transport, logger: silent, WebSocket: Following });
        const came = [];
        const closed = later();
        connection.onreceive = data => came.push(data);
        connection.onclose = error => closed.resolve(error);
        await within(15_000, connection.start(newest.TransferFormat.Text), 'start');
        await connection.send('Hello World!');
        await until(() => came.join('') === 'Hello World!');
        await connection.stop();
        assert.equal(await within(5_000, closed.promise), undefined);
      });
    }

    test('the plain hub answers clients of other makes', () => using('/hub', {}, async hub => {
      assert.equal(await hub.invoke('ping'), 'Pong!');
      const touched = heard(hub, 'touched');
      hub.send('touch');
      hub.send('touch');
      await until(() => touched.length === 2);
      assert.deepEqual(await hub.invoke('triumphantTriple', '1. FC Bayern München'), ['German Championship', 'DFB Cup', 'Champions League']);
      assert.deepEqual(await hub.invoke('triumphantTriple', 'FC Schalke 04'), []);
      assert.deepEqual(await hub.invoke('alcoholicContents'), [{ drink: 'Brunello', strength: 13.5 }, { drink: 'Beer', strength: 4.9 }, { drink: 'Lagavulin Cask Strength', strength: 56.2 }]);
      assert.deepEqual(await hub.invoke('alcoholicContentMap'), { Brunello: 13.5, Beer: 4.9, 'Lagavulin Cask Strength': 56.2 });
      assert.equal(await hub.invoke('largeCompressableContent'), 'data_'.repeat(10_000));
      assert.match(await hub.invoke('largeUncompressableContent'), /^[A-Za-z0-9]{20000}$/);
    }));

    test('the load scenarios run', () => using('/echo-bench', {}, async hub => {
      const sent = heard(hub, 'send');
      assert.equal(await hub.invoke('Echo', '2024-05-01T10:00:00Z'), '2024-05-01T10:00:00Z');
      assert.match(await hub.invoke('GetCurrentTime'), /^20\d\d-/);
      const text = `payload over ${name}`;
      await hub.invoke('SendPayload', text);
      await hub.invoke('EchoAll', '2024-05-01T10:00:00Z');
      await until(() => sent.some(([value]) => value === text) && sent.some(([value]) => value === '2024-05-01T10:00:00Z'));
      const before = sent.length;
      await hub.invoke('Broadcast', 1);
      await until(() => sent.length > before + 2);
    }));
  });
}
