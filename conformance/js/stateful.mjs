// Clients with stateful reconnect that count: what one says after the other must come once and in order, both ways.
// node stateful.mjs <url> <clients> <messages each>; prints what each client found wrong, then how many messages came.
import { createRequire } from 'node:module';
import { silent } from './lib/clients.mjs';

const signalR = createRequire(import.meta.url)('signalr-10');
const [url, clients, messages] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];

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

const started = [];
for (let i = 0; i < clients; i++) started.push(await client());
console.log('started');
const results = await Promise.allSettled(started.map(count));
results.filter(each => each.status === 'rejected').forEach(each => console.log(`wrong ${each.reason.message}`));
console.log(`received ${started.reduce((sum, each) => sum + each.received(), 0)}`);
await Promise.allSettled(started.map(each => each.connection.stop()));
process.exit(0);
