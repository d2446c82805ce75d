// Each client over each transport: calls, errors, broadcasts, groups, stop, restart, automatic reconnect.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { clients, connect, transports } from './lib/clients.mjs';
import { later, Server, until, within } from './lib/server.mjs';
import { Wire } from './lib/wire.mjs';

const patience = 15_000;

for (const { name, signalR, reconnects, messagePack, packsOldDates } of clients) {
  const ways = Object.entries(transports).flatMap(([transportName, transport]) => [
    { transportName, transport },
    { transportName, transport, messagePack },
  ]);
  for (const { transportName, transport, messagePack } of ways) {
    // Server-Sent Events carry text alone: refused.test.mjs
    if (messagePack && transport === transports.ServerSentEvents) continue;
    describe(`${name}${messagePack ? ' with MessagePack' : ''} over ${transportName}`, { timeout: 60_000 }, () => {
      let server;
      const open = [];

      before(async () => { server = await Server.start(); });
      after(async () => {
        await Promise.all(open.map(connection => connection.stop().catch(() => {})));
        await server.stop();
      });

      const options = more => ({ transport, protocol: messagePack?.(), ...more });
      const make = (path = '/judge', base = server.url, reconnect = undefined) => {
        const connection = connect(signalR, base + path, options(), reconnect);
        open.push(connection);
        return connection;
      };
      const started = async (...how) => {
        const connection = make(...how);
        await within(patience, connection.start(), 'start');
        return connection;
      };
      const heard = (connection, method) => {
        const all = [];
        connection.on(method, (...values) => all.push(values));
        return all;
      };

      test('calls answer with values of every kind', async () => {
        const connection = await started();
        assert.equal(await connection.invoke('Transport'), transportName);
        for (const value of ['zü€😀"\\\n\u001e', '', 0, -1.5, 1e21, true, null, [1, 'x', null], { a: { B: [1] }, c: null }]) {
          assert.deepEqual(await connection.invoke('Echo', value), value);
        }
        assert.deepEqual(await connection.invoke('sendmessage', 'ann', 'hi'), { user: 'ann', message: 'hi', length: 2 });
        assert.equal((await connection.invoke('Nothing')) ?? null, null);
      });

      if (messagePack) {
        test('values that only MessagePack has come back as they were', async () => {
          const connection = await started();
          const bytes = await connection.invoke('EchoBytes', Uint8Array.from([0, 1, 0x1e, 0xff]));
          assert.deepEqual([...bytes], [0, 1, 0x1e, 0xff]);
          assert.deepEqual([...await connection.invoke('Echo', Uint8Array.from([1, 2]))], [1, 2]);
          // msgpack5, which the oldest clients use, fails to write a date before 1970
          const old = packsOldDates ? ['1969-07-20T20:17:40Z', '0001-01-01T00:00:00Z'] : [];
          for (const date of ['2024-05-01T10:00:00Z', '2024-05-01T10:00:00.123Z', '2500-01-01T00:00:00Z', ...old]) {
            assert.deepEqual(await connection.invoke('EchoDate', new Date(date)), new Date(date));
            assert.deepEqual(await connection.invoke('Echo', new Date(date)), new Date(date));
          }
          for (const number of [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 40, -(2 ** 40), 2 ** 32, 2 ** 31, 128, -129]) {
            assert.equal(await connection.invoke('EchoLong', number), number);
            assert.equal(await connection.invoke('Echo', number), number);
          }
          const thing = { Name: 'bolt', color: 'GREEN', SIZES: { a: 1, B: 2 }, made: new Date('2024-05-01T10:00:00Z'), picture: Uint8Array.from([7]) };
          const same = await connection.invoke('EchoThing', thing);
          assert.deepEqual([...same.picture], [7]);
          assert.deepEqual({ ...same, picture: 7 }, { name: 'bolt', color: 'GREEN', sizes: { a: 1, B: 2 }, made: thing.made, picture: 7 });
          assert.equal((await connection.invoke('EchoThing', { color: 2 })).color, 'BLUE');
        });
      }

      const all = stream => new Promise((resolve, reject) => {
        const items = [];
        stream.subscribe({ next: item => items.push(item), complete: () => resolve(items), error: reject });
      });

      test('a stream comes item by item, ends, fails and is cancelled', async () => {
        const connection = await started();
        assert.deepEqual(await within(patience, all(connection.stream('Count', 300)), 'stream'), [...Array(300).keys()]);
        await assert.rejects(all(connection.stream('CountAndFail', 2)),
          { message: 'An error occurred on the server while streaming results. HubException: no more' });
        // the oldest MessagePack package cannot write a cancellation
        if (messagePack && !reconnects) return;
        const id = await connection.invoke('Id');
        await new Promise((resolve, reject) => {
          const subscription = connection.stream('Endless').subscribe({
            next: () => { subscription.dispose(); resolve(); }, complete: () => {}, error: reject,
          });
        });
        await server.saw(event => event.event === 'cancelled' && event.id === id);
        assert.equal(await connection.invoke('Echo', 'still here'), 'still here');
      });

      // the package of 2018 has no Subject for uploads
      if (signalR.Subject && reconnects) {
        test('a stream of the client reaches the hub in order', async () => {
          const connection = await started();
          const subject = new signalR.Subject();
          const sum = connection.invoke('Collect', subject);
          for (let i = 0; i < 1000; i++) subject.next(i);
          subject.complete();
          assert.equal(await within(patience, sum, 'upload'), '1000 true 499500');
          const both = new signalR.Subject();
          const doubled = all(connection.stream('Doubled', both));
          [1, 2, 3].forEach(number => both.next(number));
          both.complete();
          assert.deepEqual(await within(patience, doubled, 'both ways'), [2, 4, 6]);
          const broken = new signalR.Subject();
          const failed = connection.invoke('Collect', broken);
          broken.error(new Error('lost'));
          await assert.rejects(failed, /^Error: An unexpected error occurred invoking 'Collect' on the server\. HubException: /);
        });
      }

      // clients answer questions from version 7 on
      if (Number(name.match(/(\d+)\./)?.[1] ?? 0) >= 7) {
        test('a question is answered, refused, or not understood', async () => {
          const connection = await started();
          const failure = text => `An unexpected error occurred invoking 'AskMe' on the server. HubException: ${text}`;
          await assert.rejects(connection.invoke('AskMe', 'x'), { message: failure("Client didn't provide a result.") });
          connection.on('Question', async question => {
            if (question === 'bad') throw new Error('bad');
            return question === 'number' ? { not: 'a word' } : `${question}!`;
          });
          assert.equal(await connection.invoke('AskMe', 'well'), 'well!');
          await assert.rejects(connection.invoke('AskMe', 'bad'), { message: failure('Error: bad') });
          await assert.rejects(connection.invoke('AskMe', 'number'), /HubException: Error trying to deserialize result to/);
        });
      }

      test('many calls at once are answered, each with its own', async () => {
        const connection = await started();
        const numbers = Array.from({ length: 200 }, (_, i) => i);
        assert.deepEqual(await Promise.all(numbers.map(n => connection.invoke('Echo', n))), numbers);
      });

      test('a message of 20,000 characters passes both ways', async () => {
        const connection = await started();
        const text = 'x€'.repeat(10_000).slice(0, 10_000);
        assert.equal(await connection.invoke('Echo', text), text);
      });

      test('errors come as the reference words them', async () => {
        const connection = await started();
        const detailed = await started('/detailed');
        const fails = (call, message) => assert.rejects(call, error => {
          assert.ok(error instanceof Error);
          assert.equal(error.message, message);
          return true;
        });
        await fails(connection.invoke('Fail', 'secret'), "An unexpected error occurred invoking 'Fail' on the server.");
        await fails(connection.invoke('FailLater', 'secret'), "An unexpected error occurred invoking 'FailLater' on the server.");
        await fails(connection.invoke('FailForTheCaller', 'for you'), "An unexpected error occurred invoking 'FailForTheCaller' on the server. HubException: for you");
        await fails(connection.invoke('nope'), "Failed to invoke 'nope' due to an error on the server. HubException: Method does not exist.");
        await fails(connection.invoke('Echo'), "Failed to invoke 'Echo' due to an error on the server.");
        await fails(detailed.invoke('Fail', 'shown'), "An unexpected error occurred invoking 'Fail' on the server. InvalidOperationException: shown");
        assert.equal(await connection.invoke('Echo', 'still here'), 'still here');
      });

      test('a send without an answer leaves the connection alone, even when it fails', async () => {
        const connection = await started();
        await connection.send('Fail', 'x');
        await connection.send('nope');
        assert.equal(await connection.invoke('Echo', 1), 1);
      });

      test('broadcasts reach everybody, in order', async () => {
        const [a, b, c] = await Promise.all([started(), started(), started()]);
        const all = [a, b, c].map(each => heard(each, 'ReceiveMessage'));
        for (let i = 0; i < 10; i++) await a.invoke('SendMessage', 'order', String(i));
        const expected = Array.from({ length: 10 }, (_, i) => ['order', String(i)]);
        for (const one of all) {
          await until(() => one.length === 10);
          assert.deepEqual(one, expected);
        }
        const others = [a, b].map(each => heard(each, 'Message'));
        await a.invoke('SendOthers', 'not to me');
        await until(() => others[1].length);
        assert.deepEqual(others, [[], [['not to me']]]);
      });

      test('groups hear what is for them, from joining to leaving', async () => {
        const [a, b] = await Promise.all([started(), started()]);
        const [atA, atB] = [a, b].map(each => heard(each, 'Message'));
        await a.invoke('Join', 'g');
        await b.invoke('SendGroup', 'g', 'one');
        await until(() => atA.length === 1);
        await b.invoke('Join', 'g');
        await a.invoke('SendGroup', 'g', 'two');
        await until(() => atA.length === 2 && atB.length === 1);
        await a.invoke('Leave', 'g');
        await b.invoke('SendGroup', 'g', 'three');
        await until(() => atB.length === 2);
        assert.equal(await a.invoke('Echo', 'flush'), 'flush');
        assert.deepEqual(atA, [['one'], ['two']]);
        assert.deepEqual(atB, [['two'], ['three']]);
      });

      test('what onConnected sends arrives in order', async () => {
        const connection = make('/judge?greet=1');
        const welcomes = heard(connection, 'Welcome');
        await within(patience, connection.start(), 'start');
        await until(() => welcomes.length === 2);
        assert.deepEqual(welcomes, [['first'], ['second']]);
      });

      test('stop ends the connection once, start makes another', async () => {
        const connection = await started();
        const first = await connection.invoke('Id');
        const closed = [];
        connection.onclose(error => closed.push(error));
        await within(patience, connection.stop(), 'stop');
        await until(() => closed.length);
        assert.deepEqual(closed, [undefined]);
        await server.saw(event => event.event === 'disconnected' && event.id === first);
        await within(patience, connection.start(), 'start');
        assert.notEqual(await connection.invoke('Id'), first);
        const left = (await server.events()).filter(event => event.event === 'disconnected' && event.id === first);
        assert.deepEqual(left, [{ event: 'disconnected', id: first, detail: '' }]);
      });

      test('a hub that aborts ends the connection', async () => {
        const connection = await started();
        const closed = later();
        connection.onclose(closed.resolve);
        connection.invoke('Abort').catch(() => {});
        await within(patience, closed.promise, 'onclose');
      });

      test('a server that stops closes the connection, one that is back takes it again', async () => {
        const other = await Server.start();
        const connection = connect(signalR, `${other.url}/judge`, options());
        await within(patience, connection.start(), 'start');
        const closed = later();
        connection.onclose(closed.resolve);
        await other.stop();
        await within(patience, closed.promise, 'onclose');
        await other.start();
        await within(patience, connection.start(), 'start');
        assert.equal(await connection.invoke('Echo', 'back'), 'back');
        await connection.stop();
        await other.stop();
      });

      if (reconnects) {
        const reconnected = async (connection, lose) => {
          const story = [];
          const done = later();
          connection.onclose(error => { story.push('closed'); done.reject(error ?? new Error('closed')); });
          connection.onreconnecting(() => story.push('reconnecting'));
          connection.onreconnected(id => { story.push('reconnected'); done.resolve(id); });
          const before = await connection.invoke('Id');
          await lose();
          const id = await within(patience, done.promise, 'reconnecting');
          assert.deepEqual(story, ['reconnecting', 'reconnected']);
          assert.notEqual(id, before);
          assert.equal(await connection.invoke('Id'), id);
        };

        test('reconnects when the connection is cut', async () => {
          const wire = await Wire.before(() => server.port);
          const connection = await started('/judge', wire.url, [0, 50, 100, 200, 400, 800, 1600]);
          await reconnected(connection, () => wire.cut());
          await connection.stop();
          wire.close();
        });

        test('reconnects when the server died without a word and is back', async () => {
          const other = await Server.start();
          const connection = connect(signalR, `${other.url}/judge`, options(), [0, 50, 100, 200, 400, 800, 1600, 3200]);
          await within(patience, connection.start(), 'start');
          await reconnected(connection, async () => { await other.kill(); await other.start(); });
          await connection.stop();
          await other.stop();
        });

        test('reconnects when the server comes back on its port', async () => {
          const other = await Server.start();
          const connection = connect(signalR, `${other.url}/judge`, options(), [0, 50, 100, 200, 400, 800, 1600, 3200]);
          await within(patience, connection.start(), 'start');
          await reconnected(connection, async () => { await other.stop(); await other.start(); });
          await connection.stop();
          await other.stop();
        });
      }
    });
  }
}
