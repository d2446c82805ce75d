import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { launch, steps, transports } from '../../page/test/support.mjs';
import { Person, startChat } from './support.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

for (const [transport, words] of Object.entries(transports)) {
  describe(`The chat over ${words}`, () => {
    const step = steps();
    let server, ada, bob, eve;

    before(async () => {
      server = await startChat();
      [ada, bob, eve] = await Promise.all(['Ada', 'Bob', 'Eve'].map((name) => Person.arrive(browser, name)));
    });
    after(() => server?.end('SIGKILL'));

    step('lets people in and shows them to each other', async () => {
      await ada.enters(server, 'lobby', transport);
      await bob.enters(server, 'lobby', transport);
      await ada.seesHere('Bob');
      await ada.seesNote('Bob is here');
      await bob.seesHere('Ada');
      await eve.enters(server, 'lobby', transport);
      await bob.seesHere('Eve');
      await ada.at('subtitle').getByText('3 people').waitFor();
    });

    step('brings a message to everybody in the room, its writer included', async () => {
      await ada.says('Good morning & <b>welcome</b> – schön 🎉');
      for (const person of [ada, bob, eve]) await person.sees('Good morning & <b>welcome</b> – schön 🎉');
      await bob.says('Good morning, Ada');
      await ada.sees('Good morning, Ada');
    });

    step('shows who is typing while they are', async () => {
      await ada.types('text', 'Well, let me');
      await bob.at('typing').getByText('Ada is typing …').waitFor();
      await bob.inList('people', 'Ada').locator('.dots').waitFor();
      assert.equal(await ada.at('typing').textContent(), '');
      await ada.types('text', ' think');
      await ada.at('text').press('Enter');
      await bob.sees('Well, let me think');
      await bob.inList('people', 'Ada').locator('.dots').waitFor({ state: 'detached' });
      assert.equal(await bob.at('typing').textContent(), '');
    });

    step('brings a private message to one person only', async () => {
      await ada.chooses('people', 'Bob');
      await ada.shows('Bob');
      await ada.says('Just for you');
      await ada.sees('Just for you');
      await bob.inList('conversations', 'Ada').locator('.badge').getByText('1').waitFor();
      await bob.chooses('conversations', 'Ada');
      await bob.sees('Just for you');
      await bob.says('And back to you');
      await ada.sees('And back to you');
      await eve.doesNotSee('Just for you');
      assert.equal(await eve.at('conversations').locator('li').count(), 0);
    });

    step('tells the writer when nobody has that name any more', async () => {
      await eve.at('leave').click();
      await eve.at('sign-in').waitFor();
      await eve.leavesInOrder();
      await ada.chooses('rooms', 'lobby');
      await ada.seesNote('Eve has left');
      await ada.inList('people', 'Eve').waitFor({ state: 'detached' });
      await bob.chooses('rooms', 'lobby');
      const zoe = await Person.arrive(browser, 'Zoë');
      await zoe.enters(server, 'lobby', transport);
      await ada.chooses('people', 'Zoë');
      await zoe.at('leave').click();
      await zoe.at('sign-in').waitFor();
      await ada.chooses('rooms', 'lobby');
      await ada.seesNote('Zoë has left');
      await ada.chooses('conversations', 'Zoë');
      await ada.says('Are you there?');
      await ada.at('complaint').getByText('Nobody here is called Zoë.').waitFor();
      assert.equal(await ada.at('text').inputValue(), 'Are you there?');
      await ada.at('text').clear();
      await ada.chooses('rooms', 'lobby');
      await zoe.leavesInOrder();
    });

    step('opens rooms, and keeps what is said in them apart', async () => {
      await bob.types('new-room', 'garden');
      await bob.at('open-room').click();
      await bob.shows('# garden');
      await ada.inList('people', 'Bob').waitFor({ state: 'detached' });
      await ada.inList('rooms', 'garden').getByText('1').waitFor();
      await bob.says('Nobody hears me');
      await bob.sees('Nobody hears me');
      await ada.doesNotSee('Nobody hears me');
      await ada.chooses('rooms', 'garden');
      await ada.shows('# garden');
      await ada.seesHere('Ada', 'Bob');
      await ada.says('I do now');
      await bob.sees('I do now');
      await bob.inList('rooms', 'lobby').waitFor({ state: 'detached' });
    });

    for (const [signal, how] of [['SIGKILL', 'was killed'], ['SIGTERM', 'was asked to end']]) {
      step(`comes back by itself, to the same room, after the server ${how}`, async () => {
        await ada.types('text', 'half a thought');
        await server.end(signal);
        await Promise.all([ada, bob].map((person) => person.isIn('reconnecting')));
        assert.ok(await ada.at('text').isDisabled());
        assert.equal(await ada.inList('people', 'Bob').count(), 0);
        server = await server.startAgain();
        await Promise.all([ada, bob].map((person) => person.isConnected(transport)));
        await Promise.all([ada, bob].map((person) => person.seesHere('Ada', 'Bob')));
        assert.equal(await ada.at('text').inputValue(), 'half a thought');
        await ada.says(` after it ${how}`);
        await bob.sees(`half a thought after it ${how}`);
        await bob.says(`Heard, after it ${how}`);
        await ada.sees(`Heard, after it ${how}`);
      });
    }

    step('has shown no errors in anybody’s page', async () => {
      await ada.leavesInOrder();
      await bob.leavesInOrder();
    });
  });
}

describe('The page', () => {
  const step = steps();
  let server, ada;

  before(async () => {
    server = await startChat();
    ada = await Person.arrive(browser, 'Ada');
  });
  after(() => server?.end('SIGKILL'));

  step('takes the best transport by itself, and every other when told to', async () => {
    await ada.enters(server, 'lobby', 'Auto');
    await ada.isConnected('WebSockets');
    for (const transport of ['LongPolling', 'ServerSentEvents', 'WebSockets']) {
      await ada.at('transport').selectOption(transport);
      await ada.isConnected(transport);
      await ada.seesHere('Ada');
      await ada.says(`Hello over ${transport}`);
      await ada.sees(`Hello over ${transport}`);
    }
  });

  step('counts one name on two screens as one person, and shows both the same', async () => {
    const again = await Person.arrive(browser, 'Ada');
    await again.enters(server, 'lobby', 'Auto');
    await again.at('subtitle').getByText('only you so far').waitFor();
    await again.says('From my other screen');
    await ada.sees('From my other screen');
    await again.leavesInOrder();
  });

  step('says so when it cannot connect, and connects when asked again', async () => {
    await server.end('SIGKILL');
    await ada.isIn('reconnecting');
    await ada.at('transport').selectOption('LongPolling');
    await ada.isIn('disconnected');
    await ada.at('complaint').waitFor();
    server = await server.startAgain();
    await ada.at('connect').click();
    await ada.isConnected('LongPolling');
    await ada.says('Here again');
    await ada.sees('Here again');
    await ada.leavesInOrder();
  });

  step('lets in nobody who has no name, and serves nothing that is not its own', async () => {
    for (const token of ['', '%20', '%C', 'x'.repeat(25)]) {
      const answer = await fetch(`${server.address}chat/negotiate?negotiateVersion=1`,
        { method: 'POST', headers: { Authorization: `Bearer ${token}` } });
      assert.equal(answer.status, 401, `for the token "${token}"`);
    }
    for (const path of ['logback.xml', 'page/index.html', '..%2flogback.xml']) {
      assert.equal((await fetch(server.address + path)).status, 404, path);
    }
    assert.equal((await fetch(server.address, { method: 'POST' })).status, 405);
  });

  step('comes from the server and from nowhere else', async () => {
    const visitor = await Person.arrive(browser, 'Visitor');
    const asked = [];
    visitor.page.on('request', (request) => asked.push(request.url()));
    await visitor.enters(server, 'lobby', 'Auto');
    assert.ok(asked.includes(`${server.address}signalr.min.js`), asked.join());
    assert.deepEqual(asked.filter((url) => !url.startsWith(server.address)), []);
    await visitor.leavesInOrder();
  });
});
