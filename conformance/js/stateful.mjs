// Clients with stateful reconnect that count: what one says after the other must come once and in order, both ways.
// node stateful.mjs <url> <clients> <messages each> <ms for them>; prints what each client found wrong, or lacks when the
// time is over, then how many messages came.
import { createRequire } from 'node:module';
import { silent } from './lib/clients.mjs';

const signalR = createRequire(import.meta.url)('signalr-10');
const url = process.argv[2];
const [clients, messages, patience] = process.argv.slice(3).map(Number);

async function client() {
  const connection = new signalR.HubConnectionBuilder()
    .configureLogging(silent)
    .withUrl(url, { transport: signalR.HttpTransportType.WebSockets })
    .withStatefulReconnect()
    .build();
  let last = 0;
  const everything = {};
  everything.promise = new Promise((resolve, reject) => Object.assign(everything, { resolve, reject }));
  everything.promise.catch(() => {});
  connection.on('number', number => {
    if (number !== last + 1) everything.reject(new Error(`${number} came after ${last}`));
    last = number;
    if (last === messages) everything.resolve();
  });
  connection.onclose(error => everything.reject(new Error(`closed after ${last}: ${error}`)));
  await connection.start();
  return { connection, everything: everything.promise, received: () => last };
}

async function count({ connection, everything }) {
  await connection.invoke('begin', messages);
  for (let number = 1; number <= messages; number++) await connection.send('take', number);
  await everything;
  const seen = await connection.invoke('seen');
  if (seen !== `${messages}`) throw new Error(`the server saw ${seen}`);
}

/** Fails when the time is over, saying how far the client got. */
function late({ received }) {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`after ${patience} ms the last that came was ${received()}`)), patience);
  });
}

const started = [];
for (let i = 0; i < clients; i++) started.push(await client());
console.log('started');
const results = await Promise.allSettled(started.map(each => Promise.race([count(each), late(each)])));
results.filter(each => each.status === 'rejected').forEach(each => console.log(`wrong ${each.reason.message}`));
console.log(`received ${started.reduce((sum, each) => sum + each.received(), 0)}`);
setTimeout(() => process.exit(1), 10_000);
await Promise.allSettled(started.map(each => each.connection.stop()));
process.exit(0);
