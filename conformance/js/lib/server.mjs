// The judged server, by way of its control: HUBWIRE_CONTROL is where that listens.
const control = process.env.HUBWIRE_CONTROL;
if (!control) throw new Error('HUBWIRE_CONTROL is not set: these tests are started by NodeJudgesIT');

async function ask(path, parameters = {}) {
  const answer = await fetch(`${control}${path}?${new URLSearchParams(parameters)}`, { method: 'POST' });
  const value = await answer.json();
  if (!answer.ok) throw new Error(value);
  return value;
}

/** Lines that the server logged and that contain a text. */
export const logged = text => ask('/log', { contains: text });

export class Server {
  static async start(origins = []) {
    const server = new Server();
    server.origins = origins;
    server.port = 0;
    await server.start();
    return server;
  }

  async start() { this.port = await ask('/start', { port: this.port, origin: this.origins.join(',') }); }
  stop() { return ask('/stop', { port: this.port }); }
  kill() { return ask('/kill', { port: this.port }); }
  drain(over) { return ask('/drain', { port: this.port, over }); }
  events() { return ask('/events', { port: this.port }); }
  get url() { return `http://127.0.0.1:${this.port}`; }

  /** Waits until the server has seen what `test` looks for. */
  async saw(test) {
    return until(async () => (await this.events()).find(test));
  }
}

export const sleep = ms => new Promise(done => setTimeout(done, ms));

/** Asks again and again until there is something; fails after `patience` ms. */
export async function until(look, patience = 10_000) {
  const end = Date.now() + patience;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${patience} ms in vain for ${look}`);
    await sleep(10);
  }
}

/** Fails if a promise takes too long. */
export function within(ms, promise, what = 'this') {
  let timer;
  const late = new Promise((_, fail) => { timer = setTimeout(() => fail(new Error(`${what} took longer than ${ms} ms`)), ms); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** A promise with its ends outside. */
export function later() {
  const it = {};
  it.promise = new Promise((resolve, reject) => Object.assign(it, { resolve, reject }));
  return it;
}
