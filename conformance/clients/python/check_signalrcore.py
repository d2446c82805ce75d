"""signalrcore against the conformance application, whose address is HUBWIRE_APPLICATION."""
import logging
import os
import queue
import sys
import threading
import uuid

from signalrcore.hub_connection_builder import HubConnectionBuilder
from signalrcore.protocol.json_hub_protocol import JsonHubProtocol
from signalrcore.protocol.messagepack_protocol import MessagePackHubProtocol
from signalrcore.subject import Subject
from signalrcore.types import HttpTransportType

from verdicts import FAILED, PATIENCE, STREAM_FAILED, TITLES, drinks, equal, failed, say

BASE = os.environ['HUBWIRE_APPLICATION']


class Connection:
    def __init__(self, path, protocol, transport):
        self.opened = threading.Event()
        self.errors = queue.Queue()
        self.client = (HubConnectionBuilder()
                       .with_url(BASE + path, options={'transport': transport})
                       .configure_logging(logging.CRITICAL)
                       .with_hub_protocol(protocol())
                       .build())
        self.client.on_open(self.opened.set)
        self.client.on_error(self.errors.put)
        self.subscribing = threading.Lock()
        self.dispatch, self.client.on_message = self.client.on_message, self.received

    def received(self, messages):
        """This client can subscribe to a stream only after it has called: what comes in between waits for that."""
        with self.subscribing:
            self.dispatch(messages)

    def __enter__(self):
        self.client.start()
        assert self.opened.wait(PATIENCE), 'not open in time'
        return self

    def __exit__(self, *_):
        # over SSE it returns when the server speaks next, which may be its ping after 15 s
        threading.Thread(target=self.client.stop, daemon=True).start()

    def heard(self, target):
        calls = queue.Queue()
        self.client.on(target, calls.put)
        return calls

    def call(self, method, *arguments):
        answers = queue.Queue()
        self.client.invoke(method, list(arguments), answers.put)
        return answers.get(timeout=PATIENCE).result

    def stream(self, method, *arguments):
        """The items, and the error that ended it or nothing."""
        items, ends = [], queue.Queue()
        self.client.on_error(ends.put)
        with self.subscribing:
            stream = self.client.stream(method, list(arguments))
            stream.subscribe({'next': items.append, 'complete': ends.put, 'error': ends.put})
        return items, ends.get(timeout=PATIENCE).error


def calls_and_hears_results(connect):
    with connect('/hub') as hub:
        equal(hub.call('ping'), 'Pong!')
        equal(hub.call('triumphantTriple', '1. FC Bayern München'), TITLES)
        equal(hub.call('triumphantTriple', 'FC Schalke 04'), [])
        drinks(hub.call('alcoholicContents'))
        equal(hub.call('largeCompressableContent'), 'data_' * 10_000)
        equal(len(hub.call('largeUncompressableContent')), 20_000)


def hears_the_end_of_calls_without_result(connect):
    with connect('/echo-bench') as hub:
        equal(hub.call('Broadcast', 0), None)


def hears_what_is_sent_to_it(connect):
    with connect('/hub') as hub:
        touched = hub.heard('touched')
        hub.client.send('touch', [])
        hub.client.send('touch', [])
        for _ in range(2):
            equal(touched.get(timeout=PATIENCE), [])
    hears_a_message(connect)


def hears_a_message(connect):
    with connect('/testhub') as hub:
        messages = hub.heard('Message')
        hub.client.send('InvokeWithString', ['hi €'])
        equal(messages.get(timeout=PATIENCE), ['hi €'])


def reads_errors(connect):
    with connect('/testhub') as hub:
        hub.client.invoke('ThrowException', ['An error occurred.'])
        equal(hub.errors.get(timeout=PATIENCE).error, FAILED)
        equal(hub.call('Echo', 'still there'), 'still there')


def hears_broadcasts(connect):
    payload = f'from signalrcore {uuid.uuid4()}'
    with connect('/echo-bench') as one, connect('/echo-bench') as other:
        heard = [each.heard('send') for each in (one, other)]
        one.client.send('SendPayload', [payload])
        for calls in heard:
            equal(calls.get(timeout=PATIENCE), [payload])


def hears_streams(connect):
    with connect('/testhub') as hub:
        equal(hub.stream('Stream'), (['a', 'b', 'c'], None))
        equal(hub.stream('EmptyStream'), ([], None))
        equal(hub.stream('StreamThrowException', 'An error occurred.'), ([], STREAM_FAILED))
    with connect('/hub') as hub:
        equal(len(set(map(str, hub.stream('FiveDates')[0]))), 5)


def sends_streams(connect):
    with connect('/hub') as hub:
        uploads = hub.heard('OnUploadComplete')
        subject = Subject()
        hub.client.send('uploadStream', subject)
        for number in (2, 0, 7):
            subject.next(number)
        subject.complete()
        equal(uploads.get(timeout=PATIENCE), [[2, 0, 7]])


def judge(title, check, connect):
    """Waits no longer than it must: stopping a client that was refused may never return."""
    over = threading.Event()

    def checking():
        try:
            check(connect)
            if not over.is_set():
                over.set()
                say(title)
        except Exception:
            if not over.is_set():
                over.set()
                failed(title)

    checking_thread = threading.Thread(target=checking, daemon=True)
    checking_thread.start()
    checking_thread.join(4 * PATIENCE)
    if not over.is_set():
        over.set()
        say(title, 'took too long')


ALWAYS = [calls_and_hears_results, hears_the_end_of_calls_without_result, reads_errors, hears_broadcasts]
WAYS = [
    (JsonHubProtocol, 'JSON', HttpTransportType.web_sockets, [hears_what_is_sent_to_it, hears_streams, sends_streams]),
    (JsonHubProtocol, 'JSON', HttpTransportType.server_sent_events, [hears_what_is_sent_to_it, hears_streams, sends_streams]),
    # of the messages that a poll brings this client reads the first, of the next poll's the second: no bursts, no streams
    (JsonHubProtocol, 'JSON', HttpTransportType.long_polling, [hears_a_message, sends_streams]),
    # uploads it cannot encode in MessagePack
    (MessagePackHubProtocol, 'MessagePack', HttpTransportType.web_sockets, [hears_what_is_sent_to_it, hears_streams]),
]


def main():
    for protocol, name, transport, more in WAYS:
        for check in ALWAYS + more:
            title = f'signalrcore with {name} over {transport.value} {check.__name__.replace("_", " ")}'
            judge(title, check, lambda path: Connection(path, protocol, transport))


if __name__ == '__main__':
    main()
    sys.stdout.flush()
    os._exit(0)  # whatever a client that was refused has left running
