// A TCP proxy between a client and the server: it can cut what is open, refuse what comes, and knows what was asked.
import net from 'node:net';

export class Wire {
  requests = [];
  refused = 0;
  #sockets = new Set();
  #servers = new Set();
  #refusing = false;

  /** Listens in front of `target()`, a port. */
  static async before(target) {
    const wire = new Wire();
    wire.server = net.createServer(socket => wire.#join(socket, target()));
    await new Promise(done => wire.server.listen(0, '127.0.0.1', done));
    wire.server.unref();
    return wire;
  }

  get port() { return this.server.address().port; }
  get url() { return `http://127.0.0.1:${this.port}`; }

  #join(client, port) {
    if (this.#refusing) { this.refused++; client.destroy(); return; }
    const server = net.connect(port, '127.0.0.1');
    this.#servers.add(server);
    for (const [one, other] of [[client, server], [server, client]]) {
      this.#sockets.add(one);
      one.on('data', bytes => { if (one === client) this.#note(bytes); else this.heard?.(bytes.toString('latin1')); if (other.writable) other.write(bytes); });
      one.on('end', () => other.end());
      one.on('close', () => { this.#sockets.delete(one); other.destroy(); });
      one.on('error', () => {});
      one.setNoDelay();
    }
  }

  #note(bytes) {
    for (const m of bytes.toString('latin1').matchAll(/^(GET|POST|DELETE|OPTIONS) (\S+) HTTP\/1\.1\r\n([^]*?)\r\n\r\n/gm)) {
      this.requests.push({ at: performance.now(), method: m[1], target: m[2], head: m[3] });
    }
  }

  negotiates() { return this.requests.filter(request => /\/negotiate/i.test(request.target)); }

  /** How many bytes clients have sent that the server does not take. */
  heldBack() { return [...this.#servers].reduce((sum, server) => sum + server.writableLength, 0); }

  /** How many bytes clients have sent that the server has taken, or that lie in between. */
  taken() { return [...this.#servers].reduce((sum, server) => sum + server.bytesWritten - server.writableLength, 0); }

  /** Cuts everything that is open. */
  cut() { for (const socket of this.#sockets) socket.destroy(); }

  /** From now on nobody gets through. */
  refuse() { this.#refusing = true; this.cut(); }

  /** From now on everybody gets through again. */
  admit() { this.#refusing = false; }

  close() { this.cut(); this.server.close(); }
}
