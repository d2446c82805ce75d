// Rows that a client in Node shows. What the numbers mean: the capabilities that Microsoft's tutorials name.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { clients, loggingToConsole, newest, transports } from './lib/clients.mjs';
import { heard, refused, rows } from './lib/rows.mjs';
import { later, logged, Server, sleep, until, within } from './lib/server.mjs';
import { Wire } from './lib/wire.mjs';

const require = createRequire(import.meta.url);
const unique = (() => { let n = 0; return () => `text ${process.pid} ${n++}`; })();
const WebSocket = createRequire(require.resolve('signalr-10/package.json'))('ws');
const states = newest.HubConnectionState;
const answering = clients.filter(client => /^@microsoft\/signalr (8|10)\./.test(client.name));
const quick = [0, 50, 100, 200, 400, 800];

rows('capabilities in Node', ({ row, rowForAll, rowFor }) => {
  row(1, 'the package of npm connects as it is', async bench => {
    const { name, version } = require(`signalr-${/ (\d+)\./.exec(bench.name)[1]}/package.json`);
    assert.equal(`${name} ${version}`, bench.name);
    const connection = await bench.started();
    assert.equal(connection.state, states.Connected);
  });

  rowFor([clients.at(-1)])(2, 'the older package works, negotiating without a version', async bench => {
    const wire = await Wire.before(() => bench.server.port);
    const connection = await bench.started(`${wire.url}/judge`);
    assert.equal(await connection.invoke('Echo', 'old'), 'old');
    assert.ok(wire.negotiates().length === 1 && !/negotiateVersion/i.test(wire.negotiates()[0].target));
    wire.close();
    const answer = await (await fetch(`${bench.server.url}/judge/negotiate`, { method: 'POST' })).json();
    assert.ok(answer.negotiateVersion === undefined || answer.negotiateVersion === 0);
    assert.equal(answer.connectionToken, undefined);
  });

  row(5, 'the path of a hub ignores case', async bench => {
    const connections = await Promise.all(['/CHATHUB', '/ChatHub', '/chathub'].map(path => bench.started(path)));
    for (const connection of connections) assert.equal(connection.state, states.Connected);
    const answer = await fetch(`${bench.server.url}/chathub/NEGOTIATE?NegotiateVersion=1`, { method: 'POST' });
    assert.equal((await answer.json()).negotiateVersion, 1);
  });

  row(6, 'an absolute URL with a path of several parts works, with and without a slash behind', async bench => {
    for (const path of ['/signalr/chat', '/signalr/chat/']) {
      for (const transport of Object.values(transports)) {
        const connection = await bench.started(path, { transport });
        assert.equal(await connection.invoke('Echo', path), path);
      }
    }
  });

  rowForAll(9, 'start ends in Connected, with an id that is not the token', async bench => {
    const wire = await Wire.before(() => bench.server.port);
    const connection = bench.make(`${wire.url}/judge`);
    assert.equal(await within(15_000, connection.start()), undefined);
    if (!bench.name.startsWith('@aspnet')) {
      assert.equal(connection.state, states.Connected);
      assert.match(connection.connectionId, /^[\w-]{22}$/);
      const token = /[?&]id=([\w-]+)/.exec(wire.requests.at(-1).target)[1];
      assert.match(token, /^[\w-]{22}$/);
      assert.notEqual(token, connection.connectionId);
      assert.equal(await connection.invoke('Id'), connection.connectionId);
    } else {
      assert.equal(connection.state, bench.signalR.HubConnectionState.Connected);
      assert.match(await connection.invoke('Id'), /^[\w-]{22}$/);
    }
    await connection.stop();
    wire.close();
  });

  rowForAll(10, 'stop tells the hub once and onclose nothing', async bench => {
    for (const transport of Object.values(transports)) {
      const wire = await Wire.before(() => bench.server.port);
      let down = '';
      wire.heard = bytes => { down += bytes; };
      const connection = await bench.started(`${wire.url}/judge`, { transport });
      const id = await connection.invoke('Id');
      const closed = [];
      connection.onclose(error => closed.push(error));
      await connection.stop();
      await bench.server.saw(event => event.event === 'disconnected' && event.id === id);
      assert.deepEqual(closed, [undefined]);
      const events = (await bench.server.events()).filter(event => event.id === id);
      assert.deepEqual(events.map(event => [event.event, event.event === 'disconnected' ? event.detail : '']),
        [['connected', ''], ['disconnected', '']]);
      const deletes = wire.requests.filter(request => request.method === 'DELETE');
      assert.equal(deletes.length, transport === transports.LongPolling ? 1 : 0);
      if (deletes.length) {
        assert.match(deletes[0].target, /[?&]id=[\w-]{22}/);
        await until(() => down.includes('HTTP/1.1 202 '));
      }
      wire.close();
    }
    const { connectionToken } = await (await fetch(`${bench.server.url}/judge/negotiate?negotiateVersion=1`, { method: 'POST' })).json();
    const url = `${bench.server.url}/judge?id=${connectionToken}`;
    assert.equal((await fetch(url)).status, 200);
    assert.equal((await fetch(url, { method: 'DELETE' })).status, 202);
    await until(async () => (await fetch(url, { method: 'POST', body: '{"type":7}\u001e' })).status === 404);
  });

  row(11, 'a connection that starts again has another id', async bench => {
    const connection = await bench.started();
    const first = connection.connectionId;
    await connection.stop();
    await connection.start();
    assert.notEqual(connection.connectionId, first);
  });

  row(12, 'a start that fails rejects and leaves the connection Disconnected', async bench => {
    const wire = await Wire.before(() => bench.server.port);
    wire.refuse();
    const status = code => new RegExp(`^Failed to complete negotiation with the server: .*Status code '${code}'`);
    for (const [path, message] of [[`${wire.url}/judge`, /^Failed to complete negotiation with the server: /],
      ['/secured', status(401)], ['/nobody-is-here', status(404)]]) {
      const lines = [];
      const logger = { log: (level, text) => level >= bench.signalR.LogLevel.Error && lines.push(text) };
      const connection = bench.make(path, { logger });
      await refused(connection.start(), message);
      assert.equal(connection.state, states.Disconnected);
      assert.ok(lines.some(line => message.test(line)), lines.join('\n'));
    }
    wire.close();
  });

  rowForAll(13, 'invoke resolves with what the method returns', async bench => {
    const connection = await bench.started();
    assert.deepEqual(await connection.invoke('SendMessage', 'ann', 'hello'), { user: 'ann', message: 'hello', length: 5 });
  });

  rowForAll(14, 'invoke of a method that returns nothing resolves', async bench => {
    const connection = await bench.started();
    assert.ok([null, undefined].includes(await connection.invoke('Nothing')));
  });

  row(15, 'public methods are found whatever their case, others are not', async bench => {
    const connection = await bench.started();
    assert.equal((await connection.invoke('sendmessage', 'a', 'b')).user, 'a');
    for (const name of ['hidden', 'onConnected', 'OnDisconnected', 'toString', 'hashCode', 'getClass', 'context', 'clients', 'groups', 'wait', 'notify']) {
      await refused(connection.invoke(name), `Failed to invoke '${name}' due to an error on the server. HubException: Method does not exist.`);
    }
  });

  row(16, 'arguments go by position and must be as many as the parameters', async bench => {
    const connection = await bench.started();
    assert.equal((await connection.invoke('SendMessage', 'a', 'b')).message, 'b');
    for (const wrong of [['a'], ['a', 'b', 'c']]) {
      await refused(connection.invoke('SendMessage', ...wrong), "Failed to invoke 'SendMessage' due to an error on the server.");
    }
  });

  row(17, 'what a method throws rejects the call, in detail only where that is meant', async bench => {
    const text = unique();
    const connection = await bench.started();
    const detailed = await bench.started('/detailed');
    const general = name => `An unexpected error occurred invoking '${name}' on the server.`;
    await refused(connection.invoke('Fail', text), general('Fail'));
    await refused(connection.invoke('FailForTheCaller', text), `${general('FailForTheCaller')} HubException: ${text}`);
    await refused(detailed.invoke('FailLater', text), `${general('FailLater')} InvalidOperationException: ${text}`);
  });

  row(18, 'send resolves when it is sent and tells nothing of what becomes of it', async bench => {
    const text = unique();
    const wire = await Wire.before(() => bench.server.port);
    let down = '';
    wire.heard = bytes => { down += bytes; };
    const connection = await bench.started(`${wire.url}/judge`, { transport: 1 });
    assert.equal(await connection.send('Fail', text), undefined);
    await until(async () => (await logged(text)).length);
    await connection.send('Nothing');
    assert.equal(connection.state, states.Connected);
    assert.equal(await connection.invoke('Echo', text), text);
    const completions = [...down.matchAll(/\{[^{}]*"type":3[^{}]*\}/g)].map(([json]) => JSON.parse(json));
    assert.deepEqual(completions.map(completion => completion.result), [text], down);
    await connection.stop();
    wire.close();
  });

  row(19, 'invoke resolves behind the method, send before it', async bench => {
    const connection = await bench.started();
    const ended = async milliseconds => (await bench.server.events())
      .some(event => event.event === 'slow' && event.id === connection.connectionId && event.detail === String(milliseconds));
    await connection.send('Slow', 1_000);
    assert.ok(!await ended(1_000));
    await connection.invoke('Slow', 300);
    assert.ok(await ended(1_000) && await ended(300));
  });

  rowForAll(20, 'what the hub sends to all reaches every handler, arguments in order', async bench => {
    const [a, b] = await Promise.all([bench.started(), bench.started()]);
    const text = unique();
    const all = [a, b].map(each => heard(each, 'ReceiveMessage'));
    await a.invoke('SendMessage', 'ann', text);
    for (const one of all) await until(() => one.some(([user, message]) => user === 'ann' && message === text));
  });

  row(21, 'handlers ignore the case of their name and may take fewer arguments, or more', async bench => {
    const connection = await bench.started();
    const text = unique();
    const fewer = later();
    const more = later();
    connection.on('ReceiveMessage', user => { if (user === text) fewer.resolve(user); });
    connection.on('RECEIVEMESSAGE', (user, word, third, fourth) => { if (user === text) more.resolve([word, third, fourth]); });
    await connection.invoke('SendLowerCase', text);
    assert.equal(await within(15_000, fewer.promise), text);
    assert.deepEqual(await within(15_000, more.promise), ['lower', 'more', undefined]);
  });

  row(22, 'a handler that is there before the start misses nothing', async bench => {
    for (const transport of Object.values(transports)) {
      const connection = bench.make('/judge?greet=1', { transport });
      const welcomes = heard(connection, 'Welcome');
      await connection.start();
      await until(() => welcomes.length === 2);
      assert.deepEqual(welcomes, [['first'], ['second']]);
    }
  });

  row(22, 'nor what comes in the same frame as the answer to the handshake', async bench => {
    const frame = '{}\u001e{"type":1,"target":"Welcome","arguments":["at once"]}\u001e';
    const server = new WebSocket.Server({ port: 0, host: '127.0.0.1' });
    server.on('connection', socket => socket.once('message', () => socket.send(frame)));
    await new Promise(done => server.on('listening', done));
    const connection = bench.make(`http://127.0.0.1:${server.address().port}/`, { skipNegotiation: true, transport: 1 });
    const welcomes = heard(connection, 'Welcome');
    await within(15_000, connection.start(), 'start');
    await until(() => welcomes.length);
    assert.deepEqual(welcomes, [['at once']]);
    await connection.stop();
    server.close();
  });

  row(23, 'rejections are Errors with a message', async bench => {
    const connection = await bench.started();
    await refused(connection.invoke('Fail', 'x'), /./);
    await refused(bench.make('/nobody-is-here').start(), /./);
    await connection.stop();
    await refused(connection.invoke('Echo', 1), /./);
  });

  row(24, 'log levels show what they should, contents only when asked for', async bench => {
    const { LogLevel } = bench.signalR;
    const text = unique();
    const talk = async options => {
      const lines = [];
      const logger = { log: (level, line) => lines.push([level, String(line)]) };
      const connection = await bench.started('/judge', { logger, ...options });
      await connection.invoke('Echo', text);
      await connection.invoke('SendMessage', 'nobody listens', text);
      await connection.stop();
      await refused(bench.make('/nobody-is-here', { logger }).start(), /404/);
      return lines;
    };
    const [lengths, contents] = [await talk({}), await talk({ logMessageContent: true })];
    for (const wanted of ['Trace', 'Debug', 'Information', 'Warning', 'Error']) {
      assert.ok(lengths.some(([level]) => level === LogLevel[wanted]), wanted);
    }
    assert.ok(lengths.some(([level, line]) => level === LogLevel.Warning && /No client method with the name 'receivemessage' found/i.test(line)));
    assert.ok(lengths.some(([level, line]) => level === LogLevel.Error && /404/.test(line)));
    assert.ok(lengths.some(([level, line]) => level === LogLevel.Trace && /String data of length \d+/.test(line)));
    assert.ok(!lengths.some(([, line]) => line.includes(text)));
    assert.ok(contents.some(([, line]) => line.includes(text)));
  });

  row(26, 'without a policy a lost connection stays lost', async bench => {
    const wire = await Wire.before(() => bench.server.port);
    const connection = await bench.started(`${wire.url}/judge`, { transport: 1 });
    const closed = later();
    connection.onclose(closed.resolve);
    wire.cut();
    const error = await within(15_000, closed.promise);
    assert.ok(error instanceof Error && /1006/.test(error.message), String(error));
    assert.equal(connection.state, states.Disconnected);
    await sleep(5_000);
    assert.equal(wire.negotiates().length, 1);
    wire.close();
  });

  row(28, 'onreconnecting comes first, then onreconnected, never onclose', async bench => {
    const wire = await Wire.before(() => bench.server.port);
    const connection = await bench.started(`${wire.url}/judge`, {}, quick);
    const story = [];
    connection.onclose(() => story.push('close'));
    connection.onreconnecting(error => story.push(error instanceof Error, connection.state));
    connection.onreconnected(() => story.push(connection.state));
    wire.cut();
    await until(() => story.length === 3);
    assert.deepEqual(story, [true, states.Reconnecting, states.Connected]);
    await connection.stop();
    wire.close();
  });

  row(29, 'a connection that came back is a new one to the server', async bench => {
    const wire = await Wire.before(() => bench.server.port);
    const connection = await bench.started(`${wire.url}/judge`, {}, quick);
    const other = await bench.started();
    const before = connection.connectionId;
    const group = unique();
    const messages = heard(connection, 'Message');
    await connection.invoke('Join', group);
    const back = later();
    connection.onreconnected(back.resolve);
    wire.cut();
    const id = await within(15_000, back.promise);
    assert.notEqual(id, before);
    assert.equal(connection.connectionId, id);
    await bench.server.saw(event => event.event === 'disconnected' && event.id === before && event.detail === '');
    await bench.server.saw(event => event.event === 'connected' && event.id === id);
    await other.invoke('SendGroup', group, 'lost');
    await connection.invoke('Join', group);
    await other.invoke('SendGroup', group, 'found');
    await until(() => messages.length);
    assert.deepEqual(messages, [['found']]);
    await connection.stop();
    wire.close();
  });

  row(30, 'onreconnected has no id where negotiation was skipped', async bench => {
    const wire = await Wire.before(() => bench.server.port);
    const connection = await bench.started(`${wire.url}/judge`, { skipNegotiation: true, transport: 1 }, quick);
    assert.ok(!connection.connectionId);
    assert.equal(wire.negotiates().length, 0);
    const back = later();
    connection.onreconnected((...values) => back.resolve(values));
    wire.cut();
    assert.ok(!(await within(15_000, back.promise))[0]);
    assert.equal(await connection.invoke('Echo', 1), 1);
    await connection.stop();
    wire.close();
  });

  row(31, 'a start that fails is not tried again by the policy', async bench => {
    const wire = await Wire.before(() => bench.server.port);
    wire.refuse();
    const connection = bench.make(`${wire.url}/judge`, {}, quick);
    await refused(connection.start(), /^Failed to complete negotiation/);
    await sleep(500);
    assert.equal(wire.refused, 1);
    const retried = (async () => {
      for (;;) {
        try { return await connection.start(); } catch { await sleep(50); }
      }
    })();
    await sleep(150);
    wire.admit();
    await within(15_000, retried);
    assert.equal(connection.state, states.Connected);
    await connection.stop();
    wire.close();
  });

  row(34, 'a policy of one\'s own sees what happened and ends it with null', async bench => {
    const wire = await Wire.before(() => bench.server.port);
    const contexts = [];
    const policy = { nextRetryDelayInMilliseconds: context => { contexts.push({ ...context }); return context.previousRetryCount < 3 ? 20 : null; } };
    const connection = await bench.started(`${wire.url}/judge`, {}, policy);
    const closed = later();
    connection.onclose(closed.resolve);
    wire.refuse();
    await within(15_000, closed.promise);
    assert.deepEqual(contexts.map(context => context.previousRetryCount), [0, 1, 2, 3]);
    assert.equal(contexts[0].elapsedMilliseconds, 0);
    assert.ok(contexts.every((context, i) => i === 0 || context.elapsedMilliseconds > contexts[i - 1].elapsedMilliseconds));
    assert.ok(contexts.every(context => context.retryReason instanceof Error));
    assert.equal(connection.state, states.Disconnected);
    wire.close();
  });

  row(35, 'a policy of random waits brings the connection back', async bench => {
    const wire = await Wire.before(() => bench.server.port);
    const policy = { nextRetryDelayInMilliseconds: context => (context.elapsedMilliseconds < 10_000 ? Math.random() * 100 : null) };
    const connection = await bench.started(`${wire.url}/judge`, {}, policy);
    const back = later();
    connection.onreconnected(back.resolve);
    wire.refuse();
    await until(() => wire.refused >= 3);
    wire.admit();
    assert.equal(await within(15_000, back.promise), connection.connectionId);
    await connection.stop();
    wire.close();
  });

  row(36, 'start may be called from onclose', async bench => {
    const server = await Server.start();
    const connection = bench.make(`${server.url}/judge`);
    const back = later();
    let wanted = true;
    const again = async () => {
      try { await connection.start(); back.resolve(); } catch { setTimeout(again, 50); }
    };
    await connection.start();
    connection.onclose(() => wanted && again());
    await server.stop();
    await server.start();
    await within(15_000, back.promise);
    assert.equal(await connection.invoke('Echo', 1), 1);
    wanted = false;
    await connection.stop();
    await server.stop();
  });

  row(37, 'the state is what it should be at every moment', async bench => {
    const wire = await Wire.before(() => bench.server.port);
    const connection = bench.make(`${wire.url}/judge`, {}, quick);
    const seen = [connection.state];
    connection.onreconnecting(() => seen.push(connection.state));
    connection.onreconnected(() => seen.push(connection.state));
    connection.onclose(() => seen.push(connection.state));
    const starting = connection.start();
    seen.push(connection.state);
    await starting;
    seen.push(connection.state);
    wire.cut();
    await until(() => seen.length === 5);
    const stopping = connection.stop();
    seen.push(connection.state);
    await stopping;
    assert.deepEqual(seen, [states.Disconnected, states.Connecting, states.Connected, states.Reconnecting, states.Connected, states.Disconnecting, states.Disconnected]);
    wire.close();
  });

  row(38, 'each transport alone works, and what the server does not offer is passed over', async bench => {
    for (const [name, transport] of Object.entries(transports)) {
      const connection = await bench.started('/judge', { transport });
      const text = unique();
      const all = heard(connection, 'ReceiveMessage');
      assert.equal(await connection.invoke('Transport'), name);
      assert.equal((await connection.invoke('SendMessage', 'me', text)).message, text);
      await until(() => all.some(([, message]) => message === text));
    }
    assert.equal(await (await bench.started('/judge')).invoke('Transport'), 'WebSockets');
    assert.equal(await (await bench.started('/no-websockets')).invoke('Transport'), 'ServerSentEvents');
    assert.equal(await (await bench.started('/long-polling')).invoke('Transport'), 'LongPolling');
  });

  row(39, 'the token of the factory makes the user, and shows in no log', async bench => {
    for (const transport of Object.values(transports)) {
      const wire = await Wire.before(() => bench.server.port);
      const token = `ann-${bench.name.replace(/\W/g, '-')}-${transport}-${process.pid}`;
      const connection = await bench.started(`${wire.url}/secured`, { transport, accessTokenFactory: () => token });
      assert.equal(await connection.invoke('WhoAmI'), token);
      const messages = heard(connection, 'Message');
      await connection.invoke('SendUser', token, 'for me');
      await until(() => messages.length);
      await refused(connection.invoke('Fail', 'to be logged'), /./);
      await until(async () => (await logged(connection.connectionId)).length);
      await connection.stop();
      assert.deepEqual(await logged(token), []);
      const inQuery = wire.requests.filter(request => request.target.includes(`access_token=${token}`));
      const inHeader = wire.requests.filter(request => request.head.includes(`Bearer ${token}`));
      assert.equal(inQuery.length > 0, transport === transports.ServerSentEvents || (transport === transports.WebSockets && / 6\./.test(bench.name)));
      assert.ok(wire.negotiates().every(request => inHeader.includes(request)) && wire.negotiates().length > 0);
      assert.ok(wire.requests.every(request => inQuery.includes(request) !== inHeader.includes(request)));
      wire.close();
      await refused(bench.make('/secured', { transport, accessTokenFactory: () => `bad-${token}` }).start(), /401/);
    }
    const before = (await logged('Unauthorized: GET /secured')).length;
    const bad = `bad-${bench.name.replace(/\W/g, '-')}-${process.pid}`;
    assert.equal((await fetch(`${bench.server.url}/secured?id=x&access_token=${bad}`)).status, 401);
    assert.equal((await fetch(`${bench.server.url}/secured?id=x`, { headers: { Authorization: `Bearer ${bad}` } })).status, 401);
    await until(async () => (await logged('Unauthorized: GET /secured')).length >= before + 2);
    assert.deepEqual(await logged('bad-'), []);
  });

  row(40, 'configureLogging(Warning) shows warnings and more only', async bench => {
    const { HubConnectionBuilder, LogLevel } = bench.signalR;
    const talk = async (level, path, act) => {
      const builder = new HubConnectionBuilder().withUrl(bench.server.url + path);
      const lines = loggingToConsole(builder, level);
      const connection = builder.build();
      await act(connection, lines);
      await connection.stop();
      return lines;
    };
    const calm = async connection => {
      await connection.start();
      assert.equal(await connection.invoke('Echo', 'calm'), 'calm');
    };
    const unheard = async (connection, lines) => {
      await connection.start();
      await until(() => lines.filter(([, line]) => /Warning: No client method with the name 'welcome' found/i.test(line)).length === 2);
    };
    const unknown = connection => refused(connection.start(), /404/);
    const methods = lines => [...new Set(lines.map(([method]) => method))];

    assert.deepEqual(await talk(LogLevel.Warning, '/detailed', calm), []);
    assert.deepEqual(methods(await talk(LogLevel.Information, '/detailed', calm)), ['info']);
    assert.deepEqual(methods(await talk(LogLevel.Warning, '/judge?greet=1', unheard)), ['warn']);
    const errors = await talk(LogLevel.Warning, '/nobody-is-here', unknown);
    assert.deepEqual(methods(errors), ['error']);
    assert.ok(errors.some(([, line]) => /^\[\d{4}-[\d:.T-]+Z\] Error: .*404/.test(line)), String(errors));
  });

  row(41, 'an unknown hub is a 404 with a hint', async bench => {
    await refused(bench.make('/nope').start(), /Status code '404' Either this is not a SignalR endpoint or there is a proxy blocking the connection\.$/);
  });

  row(42, 'streams go both ways, with cancelling and back-pressure', async bench => {
    const connection = await bench.started();
    const items = [];
    await new Promise((complete, error) => connection.stream('Count', 1000).subscribe({ next: item => items.push(item), complete, error }));
    assert.deepEqual(items, [...Array(1000).keys()]);
    const subscription = connection.stream('Endless').subscribe({ next: () => subscription.dispose(), complete: () => {}, error: () => {} });
    await bench.server.saw(event => event.event === 'cancelled' && event.id === connection.connectionId);
    const subject = new bench.signalR.Subject();
    const collected = connection.invoke('Collect', subject);
    for (let i = 0; i < 1000; i++) subject.next(i);
    subject.complete();
    assert.equal(await within(15_000, collected, 'upload'), '1000 true 499500');
  });

  rowFor(answering)(42, 'what a hub does not take yet is held back, and arrives when it does', async bench => {
    const gate = await bench.started();
    const open = later();
    gate.on('MayCome', async () => { await open.promise; return 'yes'; });
    const wire = await Wire.before(() => bench.server.port);
    const connection = await bench.started(`${wire.url}/judge`, { transport: 1 });
    const subject = new bench.signalR.Subject();
    const collected = connection.invoke('CollectWhenAsked', gate.connectionId, subject);
    await bench.server.saw(event => event.event === 'asks' && event.detail === gate.connectionId);
    for (let i = 0; i < 1000; i++) subject.next(String(i).padEnd(20_000));
    subject.complete();
    const sent = 1000 * 20_000;
    await until(() => wire.taken() + wire.heldBack() > sent, 30_000);
    let taken;
    do {
      taken = wire.taken();
      await sleep(500);
    } while (wire.taken() > taken);
    assert.ok(taken < sent * 0.8, `${taken} of ${sent}`);
    open.resolve();
    assert.equal(await within(30_000, collected, 'upload'), '1000 true 499500');
    assert.equal(wire.heldBack(), 0);
    await connection.stop();
    wire.close();
  });

  row(44, 'what is sent from outside the hub arrives', async bench => {
    const text = unique();
    for (const transport of Object.values(transports)) {
      const connection = await bench.started('/judge', { transport });
      const announced = heard(connection, 'Announced');
      assert.equal((await fetch(`${bench.server.url}/announce?text=${encodeURIComponent(text)}`, { method: 'POST' })).status, 202);
      await until(() => announced.some(([word]) => word === text));
    }
  });
});
