// The same application with messages compressed: in Node, and at a page of Chromium.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { onAPage } from './lib/page.mjs';
import { within } from './lib/server.mjs';

const require = createRequire(import.meta.url);
const WebSocket = createRequire(require.resolve('signalr-10/package.json'))('ws');
const base = process.env.HUBWIRE_COMPRESSING_APPLICATION;

process.env.HUBWIRE_APPLICATION = base;
process.env.HUBWIRE_VARIANT = 'with compression';
await import('./application.test.mjs');

test('Node compresses with the application, in one frame and in several', { timeout: 30_000 }, async () => {
  const socket = new WebSocket(`${base.replace('http', 'ws')}/echo`);
  await within(5_000, once(socket, 'open'), 'open');
  assert.match(socket.extensions, /^permessage-deflate/);
  const text = 'larger '.repeat(20_000);
  const came = [];
  const whole = new Promise(done => socket.on('message', data => { came.push(data.toString()); if (came.join('').length >= 2 * text.length) done(); }));
  socket.send(text);
  for (let at = 0; at < text.length; at += 10_000) socket.send(text.slice(at, at + 10_000), { fin: at + 10_000 >= text.length, compress: true });
  await within(10_000, whole, 'echo');
  assert.equal(came.join(''), text + text);
  socket.terminate();
});

onAPage('with compression', base, async page => {
  const extensions = await page.evaluate(url => new Promise((done, failed) => {
    const socket = new WebSocket(url);
    socket.onopen = () => { done(socket.extensions); socket.close(); };
    socket.onerror = failed;
  }), `${base.replace('http', 'ws')}/echo`);
  assert.match(extensions, /^permessage-deflate/);
});
