// Clients that are slower or quicker than the server allows, and a server that sends them away one after the other.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { clients, connect, transports } from './lib/clients.mjs';
import { later, logged, Server, until, within } from './lib/server.mjs';

const FLOOD = 100_000;
const push = Object.entries(transports).filter(([name]) => name !== 'LongPolling');

/** Reads nothing until the server has seen so much: this thread, and with it every client here, stands still. */
function standStillUntilFlooded(server, times) {
  const look = `for (;;) {
    const seen = await (await fetch('${process.env.HUBWIRE_CONTROL}/events?port=${server.port}', { method: 'POST' })).json();
    if (seen.filter(each => each.event === 'flooded').length >= ${times}) process.exit(0);
    await new Promise(done => setTimeout(done, 20));
  }`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', look], { timeout: 60_000 });
  assert.equal(status, 0, String(stderr));
}

describe('a slow client', { timeout: 120_000 }, () => {
  let server;
  let floods = 0;
  before(async () => { server = await Server.start(); });
  after(() => server.stop());

  /** Lets the server flood a client that stands still meanwhile; answers with what that got and how it fared. */
  async function flooded(signalR, transport, method) {
    const connection = connect(signalR, `${server.url}/flooding`, { transport });
    const numbers = [];
    const latest = new Map();
    const over = later();
    connection.on(method, (key, number) => { numbers.push(number); latest.set(key, number); });
    connection.on('flooded', () => over.resolve('flooded'));
    connection.onclose(error => over.resolve(error ?? 'closed'));
    await connection.start();
    await connection.send('Flood', method, FLOOD);
    standStillUntilFlooded(server, ++floods);
    const how = await within(30_000, over.promise, `the end of ${method}`);
    const answers = how === 'flooded' && await connection.invoke('Flood', method, 0);
    floods += how === 'flooded' ? 1 : 0;
    await connection.stop();
    return { numbers, latest, how, answers };
  }

  const inOrder = numbers => numbers.every((number, at) => at === 0 || number > numbers[at - 1]);

  for (const { name, signalR } of clients) {
    for (const [by, transport] of push) {
      test(`gets the latest of each key when it comes to itself: ${name} over ${by}`, async () => {
        const { numbers, latest, how, answers } = await flooded(signalR, transport, 'priced');
        assert.equal(how, 'flooded');
        assert.equal(answers, null);
        assert.ok(numbers.length < FLOOD, `got all ${numbers.length}`);
        assert.deepEqual([...latest.values()].sort((one, other) => one - other), Array.from({ length: 10 }, (_, at) => FLOOD - 9 + at));
      });

      test(`misses the oldest and gets the rest in order: ${name} over ${by}`, async () => {
        const { numbers, how } = await flooded(signalR, transport, 'traded');
        assert.equal(how, 'flooded');
        assert.ok(numbers.length < FLOOD, `got all ${numbers.length}`);
        assert.ok(inOrder(numbers));
        assert.equal(numbers.at(-1), FLOOD);
      });

      test(`is disconnected where nothing may be missed: ${name} over ${by}`, async () => {
        const before = (await logged('does not read')).length;
        const { numbers, how } = await flooded(signalR, transport, 'counted');
        assert.notEqual(how, 'flooded');
        assert.ok(numbers.every((number, at) => number === at + 1));
        assert.ok((await logged('does not read')).length > before);
      });
    }
  }
});

describe('a client that calls too often', { concurrency: 16, timeout: 60_000 }, () => {
  const TOO_OFTEN = /The rate limit of 20 calls in PT1S was exceeded\./;
  let server;
  before(async () => { server = await Server.start(); });
  after(() => server.stop());

  const calls = connection => Promise.allSettled(Array.from({ length: 100 }, (_, at) => connection.invoke('Echo', `${at}`)));

  for (const { name, signalR, reconnects } of clients) {
    for (const [by, transport] of Object.entries(transports)) {
      test(`is told so and may call again later: ${name} over ${by}`, async () => {
        const connection = connect(signalR, `${server.url}/limited`, { transport });
        await connection.start();
        const answers = await within(15_000, calls(connection));
        const refused = answers.filter(each => each.status === 'rejected');
        assert.ok(refused.length > 0 && refused.length <= 80, `${refused.length} of 100 were refused`);
        refused.forEach(each => assert.match(each.reason.message, TOO_OFTEN));
        answers.forEach((each, at) => each.status === 'rejected' || assert.equal(each.value, `${at}`));
        assert.equal(await until(() => connection.invoke('Echo', 'later').catch(error => assert.match(error.message, TOO_OFTEN))), 'later');
        await connection.stop();
      });

      test(`is sent away for good where that is wanted: ${name} over ${by}`, async () => {
        // One that may come back would, and not close.
        const connection = connect(signalR, `${server.url}/strictly-limited`, { transport }, reconnects ? Array(100).fill(100) : undefined);
        const closed = later();
        connection.onclose(closed.resolve);
        await connection.start();
        calls(connection);
        assert.match((await within(15_000, closed.promise))?.message ?? '', /rate limit|closed with an error/);
      });
    }
  }
});

describe('a drain', { timeout: 60_000 }, () => {
  test('sends clients away one after the other, refuses others, and they come back elsewhere', async () => {
    const server = await Server.start();
    const { signalR } = clients[0];
    const left = [];
    const connections = await Promise.all(Array.from({ length: 10 }, async () => {
      const connection = connect(signalR, `${server.url}/judge`, {}, Array(200).fill(50));
      const back = later();
      connection.onreconnecting(() => left.push(Date.now()));
      connection.onreconnected(back.resolve);
      await connection.start();
      return { connection, back: back.promise };
    }));

    await server.drain(1_000);
    const refused = await fetch(`${server.url}/judge/negotiate?negotiateVersion=1`, { method: 'POST' });
    assert.equal(refused.status, 503);
    assert.ok(Number(refused.headers.get('Retry-After')) >= 1);
    await until(() => left.length === 10);
    assert.ok(left[9] - left[0] >= 500, `all within ${left[9] - left[0]} ms`);
    await server.stop();
    await server.start();

    await within(30_000, Promise.all(connections.map(each => each.back)), 'coming back');
    await Promise.all(connections.map(each => each.connection.stop()));
    await server.stop();
  });
});
