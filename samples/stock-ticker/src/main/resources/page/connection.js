// The connection to the hub: which transport, what state it is in, and when to try again.

const { HttpTransportType, HubConnectionBuilder, LogLevel, Subject } = window.signalR;

// Soon at first, then patiently, and never giving up; a little chance keeps a thousand pages from coming back at once.
const waits = [0, 500, 1000, 2000, 3000, 5000];
const patience = 8000;

function wait(attempt) {
  return attempt === 0 ? 0 : (waits[attempt] ?? patience) * (0.9 + 0.2 * Math.random());
}

/** What the hub says when it fails, without the words of the protocol around it. */
const plain = (error) => new Error(error.message.replace(/^.*HubException: /, ''));

/**
 * Connects to the hub and keeps at it.
 *
 * @param token who we are, and what we may do: this demonstration believes it
 * @param transport "Auto", or the one transport to use
 * @param handlers what the hub may call, by name; what they return is the answer to a hub that asks
 * @param changed hears every state: "connecting", "connected", "reconnecting" or "disconnected"
 */
export function connect({ token, transport, handlers, changed }) {
  const connection = new HubConnectionBuilder()
    .withUrl('/ticker', {
      accessTokenFactory: () => encodeURIComponent(token),
      transport: HttpTransportType[transport],
    })
    .withAutomaticReconnect({
      nextRetryDelayInMilliseconds({ previousRetryCount }) {
        changed('reconnecting');
        return wait(previousRetryCount);
      },
    })
    .configureLogging(LogLevel.Warning)
    .build();

  for (const [method, handler] of Object.entries(handlers)) connection.on(method, handler);
  connection.onreconnected(() => changed('connected'));
  connection.onclose((error) => changed('disconnected', error));

  return {
    async start() {
      changed('connecting');
      try {
        await connection.start();
        changed('connected');
      } catch (error) {
        changed('disconnected', error);
      }
    },
    stop: () => connection.stop(),
    /** Calls a hub method and waits for it; fails with the hub's own words. */
    async call(method, ...values) {
      try {
        return await connection.invoke(method, ...values);
      } catch (error) {
        throw plain(error);
      }
    },
    /** Takes what a hub method streams; returns what ends that. A lost connection is no failure: `changed` tells of it. */
    follow(method, value, { next, failed }) {
      const error = (why) => why.message.includes('HubException') && failed(plain(why));
      const subscription = connection.stream(method, value).subscribe({ next, error, complete() {} });
      return () => subscription.dispose();
    },
    /** Calls a hub method with a stream of values, one message for each. */
    async upload(method, values) {
      const subject = new Subject();
      const answer = this.call(method, subject);
      for (const value of values) subject.next(value);
      subject.complete();
      return answer;
    },
  };
}
