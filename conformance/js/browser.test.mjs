// Rows that only a browser shows.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { elsewhere, launch } from './lib/browser.mjs';
import { transports } from './lib/clients.mjs';
import { later, logged, Server, until, within } from './lib/server.mjs';
import { Wire } from './lib/wire.mjs';

const require = createRequire(import.meta.url);
const WebSocket = createRequire(require.resolve('signalr-10/package.json'))('ws');

for (const client of ['signalr-10', 'signalr-8', 'signalr-6']) {
  const name = `@microsoft/signalr ${require(`${client}/package.json`).version}`;

  describe(`capabilities in the browser with ${name}`, { timeout: 120_000 }, () => {
    let browser, server, other;

    before(async () => {
      other = await elsewhere(client);
      [browser, server] = await Promise.all([launch(), Server.start([other.origin])]);
    });
    after(async () => {
      await browser.close();
      other.close();
      await server.stop();
    });

    const opened = async url => {
      const page = await browser.newPage();
      await page.goto(url);
      return page;
    };

    /** Runs in the page: connects, calls, and says how it went. */
    const echo = async ({ url, transport, token }) => {
      const options = { ...(transport && { transport }), ...(token && { accessTokenFactory: () => token }) };
      const connection = new signalR.HubConnectionBuilder().configureLogging(signalR.LogLevel.None).withUrl(url, options).build();
      const heard = new Promise(done => connection.on('ReceiveMessage', (user, text) => done([user, text])));
      try {
        await connection.start();
        const said = await connection.invoke('SendMessage', 'page', 'hello');
        const whole = { base: connection.baseUrl, length: said.length, heard: await heard, transport: await connection.invoke('Transport'), user: await connection.invoke('WhoAmI') };
        await connection.stop();
        return whole;
      } catch (error) {
        return { error: String(error), state: connection.state };
      }
    };

    for (const script of ['signalr.js', 'signalr.min.js']) {
      test(`row 3: a page with ${script} connects (${name})`, async () => {
        const page = await browser.newPage();
        await page.goto(`${server.url}/page/${client}`);
        await page.evaluate(() => { delete window.signalR; });
        await page.addScriptTag({ path: require.resolve(`${client}/dist/browser/${script}`) });
        assert.equal(await page.evaluate(() => typeof signalR.HubConnectionBuilder), 'function');
        assert.equal((await page.evaluate(echo, { url: '/judge' })).length, 5);
        await page.close();
      });
    }

    test(`row 4: a relative URL is resolved against the page (${name})`, async () => {
      const page = await opened(`${server.url}/page/${client}`);
      const asked = [];
      page.on('request', request => asked.push(new URL(request.url()).pathname));
      const went = await page.evaluate(echo, { url: '/chatHub' });
      assert.equal(went.base, `${server.url}/chatHub`);
      assert.deepEqual(went.heard, ['page', 'hello']);
      assert.ok(asked.includes('/chatHub/negotiate'), asked.join(' '));
      await page.close();
    });

    test(`row 7: a page of another origin is refused by default (${name})`, async () => {
      const page = await opened(other.origin);
      const negotiated = await page.evaluate(echo, { url: `${server.url}/judge` });
      assert.match(negotiated.error, /Failed to complete negotiation with the server/);
      assert.equal(negotiated.state, 'Disconnected');
      await until(async () => (await logged(other.origin)).some(line => line.includes('OriginRefused: OPTIONS')));
      const skipped = await page.evaluate(async url => {
        const connection = new signalR.HubConnectionBuilder().configureLogging(signalR.LogLevel.None).withUrl(url, { skipNegotiation: true, transport: 1 }).build();
        return connection.start().then(() => 'let in', () => 'refused');
      }, `${server.url}/judge`);
      assert.equal(skipped, 'refused');
      const answer = await fetch(`${server.url}/judge/negotiate?negotiateVersion=1`, {
        method: 'OPTIONS',
        headers: { Origin: other.origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'x-requested-with' },
      });
      assert.deepEqual([...answer.headers.keys()].filter(name => name.startsWith('access-control')), []);
      await until(async () => (await logged(other.origin)).some(line => line.includes('OriginRefused: GET')));
      await page.close();
    });

    test(`row 8: a page of an allowed origin connects over every transport, one of a third does not (${name})`, async () => {
      const page = await opened(other.origin);
      for (const [name, transport] of Object.entries(transports)) {
        const went = await page.evaluate(echo, { url: `${server.url}/crossed`, transport });
        assert.equal(went.transport, name, JSON.stringify(went));
        assert.deepEqual(went.heard, ['page', 'hello']);
      }
      const answer = await fetch(`${server.url}/crossed/negotiate?negotiateVersion=1`, {
        method: 'OPTIONS',
        headers: { Origin: other.origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'x-requested-with' },
      });
      assert.ok(answer.status >= 200 && answer.status < 300);
      assert.equal(answer.headers.get('access-control-allow-origin'), other.origin);
      assert.equal(answer.headers.get('access-control-allow-credentials'), 'true');
      assert.match(answer.headers.get('access-control-allow-headers'), /x-requested-with/i);
      const third = later();
      new WebSocket(`${server.url.replace('http', 'ws')}/crossed`, { origin: 'http://third.example' })
        .on('open', () => third.resolve('let in'))
        .on('unexpected-response', (_, response) => third.resolve(response.statusCode))
        .on('error', () => {});
      assert.equal(await within(5_000, third.promise), 403);
      await page.close();
    });

    test(`row 25: the console shows lines with time and level (${name})`, async () => {
      const page = await opened(`${server.url}/page/${client}`);
      const lines = [];
      page.on('console', message => lines.push(message.text()));
      await page.evaluate(async () => {
        const connection = new signalR.HubConnectionBuilder().withUrl('/judge').build();
        await connection.start();
        await connection.stop();
      });
      await until(() => lines.some(line => /^\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\] Information: WebSocket connected to ws:/.test(line)));
      await page.close();
    });

    test(`row 39: the token of a page comes in the query where a browser sets no headers (${name})`, async () => {
      const page = await opened(`${server.url}/page/${client}`);
      for (const transport of Object.values(transports)) {
        const token = `bea-${transport}-${process.pid}`;
        const asked = [];
        page.on('request', request => asked.push(request.url()));
        page.on('websocket', socket => asked.push(socket.url()));
        const went = await page.evaluate(echo, { url: '/secured', transport, token });
        assert.equal(went.user, token, JSON.stringify(went));
        assert.equal(asked.some(url => url.includes(`access_token=${token}`)), transport !== transports.LongPolling);
        assert.deepEqual(await logged(token), []);
        assert.match((await page.evaluate(echo, { url: '/secured', transport, token: `bad-${token}` })).error, /401/);
      }
      await page.close();
    });

    test(`row 43: a page can tell its user that it is reconnecting, and that it is back (${name})`, async () => {
      const wire = await Wire.before(() => server.port);
      const page = await opened(`${wire.url}/page/${client}`);
      await page.evaluate(async () => {
        document.body.innerHTML = '<p id=state></p><input id=text disabled><button id=send disabled>Send</button><ul id=list></ul>';
        const at = id => document.getElementById(id);
        const connection = new signalR.HubConnectionBuilder().configureLogging(signalR.LogLevel.None).withUrl('/judge').withAutomaticReconnect([0, 50, 100, 200, 400, 800, 1600]).build();
        const show = () => { at('state').textContent = connection.state; at('text').disabled = at('send').disabled = connection.state !== 'Connected'; };
        connection.onreconnecting(show);
        connection.onreconnected(show);
        connection.onclose(show);
        connection.on('ReceiveMessage', (user, text) => { if (user === 'row 43') at('list').append(Object.assign(document.createElement('li'), { textContent: text })); });
        at('send').onclick = () => connection.invoke('SendMessage', 'row 43', at('text').value);
        await connection.start();
        show();
      });
      const say = async text => {
        await page.fill('#text', text);
        await page.click('#send');
        await page.waitForSelector(`li:text-is("${text}")`);
      };
      await say('before');
      wire.refuse();
      await page.waitForFunction(() => document.getElementById('state').textContent === 'Reconnecting');
      assert.ok(await page.isDisabled('#text') && await page.isDisabled('#send'));
      wire.admit();
      await page.waitForFunction(() => document.getElementById('state').textContent === 'Connected');
      assert.ok(await page.isEnabled('#text') && await page.isEnabled('#send'));
      await say('after');
      await page.close();
      wire.close();
    });
  });
}
