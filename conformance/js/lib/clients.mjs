// Every client that is judged with, by the name that test names show.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

const load = (name, directory, more) => ({ name, signalR: require(directory), ...more });
const packed = directory => () => new (require(directory).MessagePackHubProtocol)();

export const clients = [
  load('@microsoft/signalr 10.0.11', 'signalr-10', { reconnects: true, messagePack: packed('signalr-msgpack-10'), packsOldDates: true }),
  load('@microsoft/signalr 8.0.29', 'signalr-8', { reconnects: true, messagePack: packed('signalr-msgpack-8'), packsOldDates: true }),
  load('@microsoft/signalr 6.0.25', 'signalr-6', { reconnects: true, messagePack: packed('signalr-msgpack-6'), packsOldDates: true }),
  load('@microsoft/signalr 3.1.31', 'signalr-3', { reconnects: true, messagePack: packed('signalr-msgpack-3') }),
  load('@aspnet/signalr 1.1.4', 'aspnet-signalr', { reconnects: false, messagePack: packed('aspnet-signalr-msgpack') }),
];

export const newest = clients[0].signalR;
export const newestMessagePack = clients[0].messagePack;

export const transports = { WebSockets: 1, ServerSentEvents: 2, LongPolling: 4 };

/** Says nothing. */
export const silent = { log() {} };

/** Has a builder log to the console from a level on, and returns the lines as they come, each with the console's method. */
export function loggingToConsole(builder, level) {
  const lines = [];
  const real = globalThis.console;
  const listening = method => [method, line => lines.push([method, String(line)])];
  globalThis.console = Object.fromEntries(['error', 'warn', 'info', 'log', 'debug', 'trace'].map(listening));
  try {
    builder.configureLogging(level);
  } finally {
    globalThis.console = real;
  }
  return lines;
}

/** A connection that is not started yet. */
export function connect(signalR, url, options = {}, reconnect = undefined) {
  let builder = new signalR.HubConnectionBuilder().configureLogging(options.logger ?? silent).withUrl(url, options);
  if (options.protocol) builder = builder.withHubProtocol(options.protocol);
  if (reconnect) builder = builder.withAutomaticReconnect(reconnect === true ? undefined : reconnect);
  return builder.build();
}
