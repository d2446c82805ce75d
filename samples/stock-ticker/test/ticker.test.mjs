import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { launch, steps, transports } from '../../page/test/support.mjs';
import { Person, startStockTicker } from './support.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

for (const [transport, words] of Object.entries(transports)) {
  describe(`The stock ticker over ${words}`, () => {
    const step = steps();
    let server, ada, bob;

    before(async () => {
      server = await startStockTicker();
      [ada, bob] = await Promise.all(['Ada', 'Bob'].map((name) => Person.arrive(browser, name)));
    });
    after(() => server?.end('SIGKILL'));

    step('shows all stocks, and new prices of those that nobody asked for', async () => {
      await ada.enters(server, transport, { runs: true });
      assert.equal(await ada.at('stocks').locator('tr').count(), 10);
      const prices = await Promise.all(['BOLT', 'KELP', 'LOOM'].map(async (symbol) => [symbol, await ada.price(symbol)]));
      for (const [symbol, price] of prices) await ada.seesAnotherPrice(symbol, price);
    });

    step('streams the prices of the stock that is watched', async () => {
      await ada.watches('GLOW');
      await ada.seesPricesStreamed(3);
      const before = await ada.price('GLOW');
      await ada.seesAnotherPrice('GLOW', before);
      await ada.seesOnePriceOf('GLOW');
    });

    step('shows who watches which stock, and how many are here', async () => {
      await ada.at('people').getByText('only you so far').waitFor();
      await bob.enters(server, transport);
      await ada.at('people').getByText('2 people').waitFor();
      await bob.watches('GLOW');
    });

    step('has nobody watch a stock any more who has gone on to another', async () => {
      await ada.seesWatching('GLOW', 'Ada', 'Bob');
      await bob.seesWatching('GLOW', 'Ada', 'Bob');
      await ada.at('watchers').getByText('Watching: you, Bob').waitFor();
      for (const symbol of ['FERN', 'KELP', 'GLOW', 'FERN']) await bob.watches(symbol);
      await ada.seesWatching('GLOW', 'Ada');
      await ada.seesWatching('FERN', 'Bob');
    });

    step('takes a pile of orders, and shows everybody what became of it', async () => {
      await bob.orders('BUY 10 FERN', 'sell 5 bolt', '', '  BUY 1 KELP ');
      await bob.isTold('3 orders carried out');
      assert.equal(await bob.at('orders').inputValue(), '');
      for (const person of [ada, bob]) {
        await person.seesTrade(/Bob\s*bought\s*10 FERN/);
        await person.seesTrade(/Bob\s*sold\s*5 BOLT/);
      }
    });

    step('says what is wrong with an order, and carries none of its pile out', async () => {
      await bob.orders('BUY 10 FERN', 'HOLD 5 BOLT');
      await bob.isTold('This is no order: HOLD 5 BOLT');
      await bob.orders('BUY 77 FERN', 'BUY 5 NOPE');
      await bob.isTold('There is no stock NOPE.');
      assert.equal(await ada.at('trades').getByText('77 FERN').count(), 0);
      assert.equal(await bob.at('orders').inputValue(), 'BUY 77 FERN\nBUY 5 NOPE');
    });

    step('asks before it trades for much, and does what it is told', async () => {
      await bob.orders('BUY 4000 LOOM');
      await bob.isAsked(/^Trade for \d{6}\.\d\d\?$/);
      await bob.at('no').click();
      await bob.isTold('You said no; nothing has happened.');
      await bob.at('place').click();
      await bob.at('yes').click();
      await bob.isTold('1 order carried out');
      await ada.seesTrade(/Bob\s*bought\s*4000 LOOM/);
    });

    step('lets those close the market who run it, once they have said that they mean it', async () => {
      assert.ok(await bob.at('bell').isHidden());
      await ada.at('bell').click();
      await ada.isAsked('Close the market?');
      await ada.at('yes').click();
      for (const person of [ada, bob]) await person.seesMarket('Closed');
      await bob.isTold('Ada has closed the market.');
      assert.ok(await bob.at('place').isDisabled());
      await ada.at('bell').click();
      for (const person of [ada, bob]) await person.seesMarket('Open');
      assert.ok(await bob.at('place').isEnabled());
    });

    for (const [signal, how] of [['SIGKILL', 'was killed'], ['SIGTERM', 'was asked to end']]) {
      step(`goes on by itself after the server ${how}`, async () => {
        await server.end(signal);
        await Promise.all([ada, bob].map((person) => person.isIn('reconnecting')));
        server = await server.startAgain();
        await Promise.all([ada, bob].map((person) => person.isConnected(transport)));
        await ada.seesWatching('FERN', 'Bob');
        await ada.seesWatching('GLOW', 'Ada');
        await bob.seesPricesStreamed(1);
      });
    }

    step('has shown no errors in anybody’s page', async () => {
      await bob.leavesInOrder();
      await ada.at('people').getByText('only you so far').waitFor();
      await ada.seesWatching('FERN');
      await ada.leavesInOrder();
    });
  });
}

describe('The exchange', () => {
  const step = steps();
  let server;

  before(async () => (server = await startStockTicker()));
  after(() => server?.end('SIGKILL'));

  step('is closed by nobody who does not run it', async () => {
    const eve = await Person.arrive(browser, 'Eve');
    await eve.enters(server, 'Auto');
    const refused = await eve.page.evaluate(async () => {
      const connection = new window.signalR.HubConnectionBuilder()
        .withUrl('/ticker', { accessTokenFactory: () => 'trader%3AEve' }).configureLogging('none').build();
      await connection.start();
      try {
        return await connection.invoke('closeMarket');
      } catch (error) {
        return error.message;
      } finally {
        await connection.stop();
      }
    });
    assert.match(refused, /because user is unauthorized/);
    await eve.leavesInOrder();
  });

  step('changes the transport while somebody watches', async () => {
    const ada = await Person.arrive(browser, 'Ada');
    await ada.enters(server, 'Auto');
    for (const transport of ['LongPolling', 'ServerSentEvents', 'WebSockets']) {
      await ada.at('transport').selectOption(transport);
      await ada.isConnected(transport);
      await ada.seesPricesStreamed(1);
    }
    await ada.leavesInOrder();
  });

  step('lets in nobody who has no name', async () => {
    for (const token of ['', 'trader', 'trader:', 'trader:%20', '%C', `trader:${'x'.repeat(25)}`]) {
      const answer = await fetch(`${server.address}ticker/negotiate?negotiateVersion=1`,
        { method: 'POST', headers: { Authorization: `Bearer ${token}` } });
      assert.equal(answer.status, 401, `for the token "${token}"`);
    }
  });
});
