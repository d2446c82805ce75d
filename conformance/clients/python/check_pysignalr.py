"""pysignalr against the conformance application, whose address is HUBWIRE_APPLICATION."""
import asyncio
import os
import sys

from pysignalr.client import SignalRClient
from pysignalr.protocol.json import JSONProtocol
from pysignalr.protocol.messagepack import MessagepackProtocol

from verdicts import FAILED, PATIENCE, STREAM_FAILED, TITLES, drinks, equal, failed, say

BASE = os.environ['HUBWIRE_APPLICATION']


class Connection:
    def __init__(self, path, protocol):
        self.errors = asyncio.Queue()
        self.opened = asyncio.Event()
        self.client = SignalRClient(BASE + path, protocol=protocol())
        self.client.on_open(self.open)
        self.client.on_error(self.errors.put)

    async def open(self):
        self.opened.set()

    async def __aenter__(self):
        self.running = asyncio.create_task(self.client.run())
        await asyncio.wait_for(self.opened.wait(), PATIENCE)
        return self

    async def __aexit__(self, *_):
        self.running.cancel()
        await asyncio.gather(self.running, return_exceptions=True)

    def heard(self, target):
        calls = asyncio.Queue()
        self.client.on(target, calls.put)
        return calls

    async def call(self, method, *arguments):
        answers = asyncio.Queue()
        await self.client.send(method, list(arguments), answers.put)
        return await next_of(answers)

    async def stream(self, method, *arguments):
        """The items, and the error that ended it or nothing."""
        items, ends = [], asyncio.Queue()

        async def add(item):
            items.append(item)

        await self.client.stream(method, list(arguments), add, ends.put, ends.put)
        return items, (await next_of(ends)).error


def next_of(queue):
    return asyncio.wait_for(queue.get(), PATIENCE)


async def calls_and_hears_results(protocol):
    async with Connection('/hub', protocol) as hub:
        equal((await hub.call('ping')).result, 'Pong!')
        equal((await hub.call('triumphantTriple', '1. FC Bayern München')).result, TITLES)
        equal((await hub.call('triumphantTriple', 'FC Schalke 04')).result, [])
        drinks((await hub.call('alcoholicContents')).result)
        equal((await hub.call('largeCompressableContent')).result, 'data_' * 10_000)
        equal(len((await hub.call('largeUncompressableContent')).result), 20_000)


async def hears_the_end_of_calls_without_result(protocol):
    async with Connection('/echo-bench', protocol) as hub:
        equal((await hub.call('Broadcast', 0)).result, None)


async def hears_what_is_sent_to_it(protocol):
    async with Connection('/hub', protocol) as hub:
        touched = hub.heard('touched')
        await hub.client.send('touch', [])
        await hub.client.send('touch', [])
        for _ in range(2):
            equal(await next_of(touched), [])
    async with Connection('/testhub', protocol) as hub:
        messages = hub.heard('Message')
        await hub.call('InvokeWithString', 'hi €')
        equal(await next_of(messages), ['hi €'])


async def reads_errors(protocol):
    async with Connection('/testhub', protocol) as hub:
        equal((await hub.call('ThrowException', 'An error occurred.')).error, FAILED)
        equal((await hub.call('Echo', 'still there')).result, 'still there')


async def hears_broadcasts(protocol):
    async with Connection('/echo-bench', protocol) as one, Connection('/echo-bench', protocol) as other:
        heard = [each.heard('send') for each in (one, other)]
        await one.client.send('SendPayload', [f'from {protocol.__name__}'])
        for calls in heard:
            equal(await next_of(calls), [f'from {protocol.__name__}'])


async def hears_streams(protocol):
    async with Connection('/testhub', protocol) as hub:
        equal(await hub.stream('Stream'), (['a', 'b', 'c'], None))
        equal(await hub.stream('EmptyStream'), ([], None))
        equal(await hub.stream('StreamThrowException', 'An error occurred.'), ([], STREAM_FAILED))
    async with Connection('/hub', protocol) as hub:
        equal(len(set(map(str, (await hub.stream('FiveDates'))[0]))), 5)


async def sends_streams(protocol):
    async with Connection('/hub', protocol) as hub:
        uploads = hub.heard('OnUploadComplete')
        async with hub.client.client_stream('uploadStream') as stream:
            for number in (2, 0, 7):
                await stream.send(number)
        equal(await next_of(uploads), [[2, 0, 7]])


CHECKS = [calls_and_hears_results, hears_the_end_of_calls_without_result, hears_what_is_sent_to_it, reads_errors, hears_broadcasts,
          hears_streams, sends_streams]


async def main():
    for protocol, name in ((JSONProtocol, 'JSON'), (MessagepackProtocol, 'MessagePack')):
        for check in CHECKS:
            title = f'pysignalr with {name} {check.__name__.replace("_", " ")}'
            try:
                await asyncio.wait_for(check(protocol), 3 * PATIENCE)
                say(title)
            except Exception:
                failed(title)


if __name__ == '__main__':
    asyncio.run(main())
    sys.stdout.flush()
    os._exit(0)  # whatever a client that was refused has left running
