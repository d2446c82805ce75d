// The conformance application at a page of its own.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { launch } from './browser.mjs';
import { transports } from './clients.mjs';

const require = createRequire(import.meta.url);

/** Says and hears a little over each transport; `look` may look at the page before. */
export function onAPage(variant, base, look) {
  describe(`the application ${variant} at a page`, { timeout: 60_000 }, () => {
    let browser;
    let page;
    before(async () => {
      browser = await launch();
      page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
      await page.goto(`${base}/lib/signalr-webworker/signalr.js`);
      await page.addScriptTag({ path: require.resolve('signalr-10/dist/browser/signalr.js') });
      await look(page);
    });
    after(() => browser?.close());

    for (const [name, transport] of Object.entries(transports)) {
      test(`it is the same over ${name}`, async () => {
        const long = 'zü€😀'.repeat(1_000);
        const went = await page.evaluate(async ({ transport, long }) => {
          const connection = new signalR.HubConnectionBuilder().configureLogging(signalR.LogLevel.None).withUrl('/testhub', { transport }).build();
          await connection.start();
          const whole = {
            url: connection.baseUrl,
            transport: await connection.invoke('GetActiveTransportName'),
            cookie: await connection.invoke('GetCookie', 'testCookie'),
            expired: await connection.invoke('GetCookie', 'expiredCookie'),
            echo: await connection.invoke('Echo', long),
          };
          await connection.stop();
          return whole;
        }, { transport, long });
        assert.deepEqual(went, { url: `${base}/testhub`, transport: name, cookie: 'testValue', expired: null, echo: long });
      });
    }
  });
}
