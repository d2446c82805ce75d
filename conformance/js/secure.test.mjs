// The same application over TLS: in Node, and at a page of Chromium.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch } from './lib/browser.mjs';
import { transports } from './lib/clients.mjs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const base = process.env.HUBWIRE_SECURE_APPLICATION;

// Nobody vouches for a certificate that was made a minute ago.
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
process.env.HUBWIRE_APPLICATION = base;
await import('./application.test.mjs');

describe('the application at a page over TLS', { timeout: 60_000 }, () => {
  let browser;
  let page;
  before(async () => {
    browser = await launch();
    page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
    await page.goto(`${base}/lib/signalr-webworker/signalr.js`);
    await page.addScriptTag({ path: require.resolve('signalr-10/dist/browser/signalr.js') });
  });
  after(() => browser?.close());

  for (const [name, transport] of Object.entries(transports)) {
    test(`it is the same over ${name}`, async () => {
      const went = await page.evaluate(async ({ transport }) => {
        const connection = new signalR.HubConnectionBuilder().configureLogging(signalR.LogLevel.None).withUrl('/testhub', { transport }).build();
        await connection.start();
        const whole = {
          url: connection.baseUrl,
          transport: await connection.invoke('GetActiveTransportName'),
          cookie: await connection.invoke('GetCookie', 'testCookie'),
          expired: await connection.invoke('GetCookie', 'expiredCookie'),
          echo: await connection.invoke('Echo', 'zü€😀'),
        };
        await connection.stop();
        return whole;
      }, { transport });
      assert.deepEqual(went, { url: `${base}/testhub`, transport: name, cookie: 'testValue', expired: null, echo: 'zü€😀' });
    });
  }
});
