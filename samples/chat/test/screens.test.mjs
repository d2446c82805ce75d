// Photographs for human eyes, in target/screens.

import { after, before, describe, it } from 'node:test';
import { launch } from '../../page/test/support.mjs';
import { Person, startChat } from './support.mjs';

describe('The page, for whoever wants to look at it', () => {
  let browser, server, ada, bob;

  before(async () => {
    [browser, server] = await Promise.all([launch(), startChat()]);
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

  it('is photographed in the middle of a conversation', { timeout: 150_000 }, async () => {
    const grace = await Person.arrive(browser, 'Grace');
    await grace.enters(server, 'compilers', 'Auto');
    await ada.enters(server, 'lobby', 'Auto');
    await bob.enters(server, 'lobby', 'ServerSentEvents');
    await bob.says('Morning! Is this thing on?');
    await ada.sees('Morning! Is this thing on?');
    await ada.says('It is. You are on Server-Sent Events and I am on a WebSocket, and neither of us can tell.');
    await ada.says('Try switching the transport while we talk: the room should not notice more than a blink.');
    await bob.sees('Try switching the transport while we talk: the room should not notice more than a blink.');
    await bob.says('A longer line, to see how it breaks: the analytical engine weaves algebraical patterns just as the '
      + 'Jacquard loom weaves flowers and leaves.\nAnd a second paragraph.');
    await ada.at('messages').getByText('And a second paragraph.').waitFor();
    await grace.chooses('rooms', 'lobby');
    await grace.chooses('people', 'Ada Lovelace');
    await grace.says('Nobody else reads this.');
    await ada.inList('conversations', 'Grace').locator('.badge').waitFor();
    await bob.types('text', 'I am still wri');
    await ada.at('typing').getByText('Bob is typing …').waitFor();
    await ada.photographed('chat-light');
    await ada.at('theme').click();
    await ada.photographed('chat-dark');
    await bob.photographed('chat-narrow-dark');
    await bob.at('show-rooms').click();
    await bob.photographed('rooms-narrow-dark');
    await bob.page.locator('#shade').click({ position: { x: 370, y: 400 } });
    await bob.at('theme').click();
    await bob.at('show-people').click();
    await bob.photographed('people-narrow-light');
    await bob.page.keyboard.press('Escape');
    await ada.chooses('conversations', 'Grace');
    await ada.sees('Nobody else reads this.');
    await ada.says('Our secret.');
    await ada.sees('Our secret.');
    await ada.photographed('private-dark');
  });

  it('is photographed without a server', { timeout: 150_000 }, async () => {
    await ada.chooses('rooms', 'lobby');
    await ada.at('theme').click();
    await server.end('SIGKILL');
    await ada.at('state').getByText(/in \d s/).waitFor();
    await ada.photographed('reconnecting-light');
    await bob.isIn('reconnecting');
    await bob.photographed('reconnecting-narrow-light');
  });
});
