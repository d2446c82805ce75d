// The connection to the hub: which transport, what state it is in, and when to try again.

const { HttpTransportType, HubConnectionBuilder, LogLevel } = window.signalR;

// Soon at first, then patiently, and never giving up; a little chance keeps a thousand pages from coming back at once.
const waits = [0, 500, 1000, 2000, 3000, 5000];
const patience = 8000;

function wait(attempt) {
  return attempt === 0 ? 0 : (waits[attempt] ?? patience) * (0.9 + 0.2 * Math.random());
}

/**
 * Connects to the hub and keeps at it.
 *
 * @param name who we are: this demonstration believes it
 * @param transport "Auto", or the one transport to use
 * @param handlers what the hub may call, by name
 * @param changed hears every state: { kind, retryAt, error }, kind being "connecting", "connected", "reconnecting" or
 *   "disconnected"; retryAt says when the next attempt begins
 */
export function connect({ name, transport, handlers, changed }) {
  const connection = new HubConnectionBuilder()
    .withUrl('/chat', {
      accessTokenFactory: () => encodeURIComponent(name),
      transport: HttpTransportType[transport],
    })
    .withAutomaticReconnect({
      nextRetryDelayInMilliseconds({ previousRetryCount }) {
        const delay = wait(previousRetryCount);
        changed({ kind: 'reconnecting', retryAt: Date.now() + delay });
        return delay;
      },
    })
    .configureLogging(LogLevel.Warning)
    .build();

  for (const [method, handler] of Object.entries(handlers)) connection.on(method, handler);
  connection.onreconnected(() => changed({ kind: 'connected' }));
  connection.onclose((error) => changed({ kind: 'disconnected', error }));

  return {
    async start() {
      changed({ kind: 'connecting' });
      try {
        await connection.start();
        changed({ kind: 'connected' });
      } catch (error) {
        changed({ kind: 'disconnected', error });
      }
    },
    stop: () => connection.stop(),
    /** Calls a hub method and waits for it; fails with the hub's own words. */
    async call(method, ...values) {
      try {
        return await connection.invoke(method, ...values);
      } catch (error) {
        throw new Error(error.message.replace(/^.*HubException: /, ''));
      }
    },
    /** Calls a hub method without waiting; what is lost while there is no connection is lost. */
    tell(method, ...values) {
      connection.send(method, ...values).catch(() => {});
    },
  };
}
