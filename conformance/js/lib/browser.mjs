// Headless Chromium, and pages of an origin of their own.
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);

export const launch = () => chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});

/** Serves the script of a client and a page that loads it, on an origin of its own. */
export async function elsewhere(client) {
  const script = fs.readFileSync(require.resolve(`${client}/dist/browser/signalr.js`));
  const server = http.createServer((request, response) => {
    const wanted = request.url === '/signalr.js';
    response.writeHead(200, { 'Content-Type': wanted ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8' });
    response.end(wanted ? script : '<!doctype html><meta charset=utf-8><title>elsewhere</title><script src=/signalr.js></script>');
  });
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  server.unref();
  const origin = `http://127.0.0.1:${server.address().port}`;
  return { origin, close: () => { server.closeAllConnections(); server.close(); } };
}
