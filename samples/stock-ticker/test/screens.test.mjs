// Photographs for human eyes, in target/screens.

import { after, before, describe, it } from 'node:test';
import { launch } from '../../page/test/support.mjs';
import { Person, startStockTicker } from './support.mjs';

describe('The page, for whoever wants to look at it', () => {
  let browser, server, ada, bob;

  before(async () => {
    [browser, server] = await Promise.all([launch(), startStockTicker()]);
    ada = await Person.arrive(browser, 'Ada Lovelace');
    bob = await Person.arrive(browser, 'Bob', { colorScheme: 'dark', viewport: { width: 390, height: 780 } });
  });
  after(async () => {
    await browser?.close();
    await server?.end('SIGKILL');
  });

  it('is photographed signed out', { timeout: 150_000 }, async () => {
    await ada.page.goto(server.address);
    await ada.photographed('sign-in-light');
    await bob.page.goto(server.address);
    await bob.photographed('sign-in-narrow-dark');
  });

  it('is photographed in the middle of a day', { timeout: 150_000 }, async () => {
    const grace = await Person.arrive(browser, 'Grace');
    await grace.enters(server, 'LongPolling');
    await grace.watches('LOOM');
    await ada.enters(server, 'Auto', { runs: true });
    await bob.enters(server, 'ServerSentEvents');
    await ada.watches('LOOM');
    await bob.watches('HUBW');
    await bob.orders('BUY 100 HUBW', 'SELL 20 LOOM', 'BUY 300 KELP');
    await bob.isTold('3 orders carried out');
    await grace.orders('BUY 40 DYNA', 'SELL 15 ECHO');
    await grace.isTold('2 orders carried out');
    await ada.seesPricesStreamed(6);
    await ada.photographed('exchange-light');
    await ada.at('theme').click();
    await ada.photographed('exchange-dark');
    await bob.photographed('exchange-narrow-dark', { fullPage: true });
    await bob.at('theme').click();
    await bob.photographed('exchange-narrow-light');
    await ada.at('bell').click();
    await ada.isAsked('Close the market?');
    await ada.photographed('question-dark');
    await ada.at('yes').click();
    await bob.seesMarket('Closed');
    await bob.photographed('closed-narrow-light');
  });

  it('is photographed without a server', { timeout: 150_000 }, async () => {
    await ada.at('theme').click();
    await server.end('SIGKILL');
    await ada.isIn('reconnecting');
    await ada.photographed('reconnecting-light');
    await bob.isIn('reconnecting');
    await bob.photographed('reconnecting-narrow-light');
  });
});
