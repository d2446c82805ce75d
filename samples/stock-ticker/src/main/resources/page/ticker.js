// The page: what the hub tells is kept here and shown, what people do is told to the hub.

import { drawChart, drawSparkline, sparkline } from './charts.js';
import { connect } from './connection.js';

const $ = (id) => document.getElementById(id);
const words = { WebSockets: 'WebSockets', ServerSentEvents: 'Server-Sent Events', LongPolling: 'long polling' };
const remembered = 60;

const money = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const percent = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 2, signDisplay: 'exceptZero' });

const stocks = new Map();
let hub, me, runs, open, watched, unfollow, ticks, state, over;
let followers = {}, people = 1;

// ---- what the hub tells ----------------------------------------------------------------------------------------------

const handlers = {
  welcome(transport) {
    over = words[transport];
    showState();
  },
  priced(quote) {
    // The stock that is watched has a stream of its own.
    if (quote.symbol !== watched) priced(quote);
  },
  traded({ trader, order, price }) {
    const line = document.createElement('li');
    line.append(part('b', trader), part('span', order.buy ? 'bought' : 'sold', order.buy ? 'up' : 'down'),
      part('span', `${order.quantity} ${order.symbol}`), part('span', money.format(price), 'number'));
    $('trades').prepend(line);
    while ($('trades').children.length > 40) $('trades').lastChild.remove();
  },
  market(isOpen, by) {
    open = isOpen;
    showMarket();
    say(`${by} has ${open ? 'opened' : 'closed'} the market.`);
  },
  audience(byStock, count) {
    followers = byStock;
    people = count;
    showAudience();
  },
  /** The hub asks, and waits for the answer. */
  confirm(question, more) {
    const dialog = $('confirm');
    if (dialog.open) return false;
    $('question').textContent = question;
    $('more').textContent = more;
    dialog.returnValue = 'no';
    dialog.showModal();
    return new Promise((answer) => {
      dialog.addEventListener('close', () => answer(dialog.returnValue === 'yes'), { once: true });
    });
  },
};

async function begin() {
  const board = await hub.call('board');
  open = board.open;
  for (const { symbol, name, open: first, prices } of board.stocks) {
    const stock = stocks.get(symbol) ?? add(symbol, name);
    Object.assign(stock, { open: first, prices, price: prices.at(-1) });
    showStock(stock);
  }
  showMarket();
  showAudience();
  follow(watched ?? remember().watched ?? 'HUBW');
}

function priced({ symbol, price, open: first }) {
  const stock = stocks.get(symbol);
  if (!stock) return;
  const before = stock.price;
  Object.assign(stock, { price, open: first });
  stock.prices.push(price);
  if (stock.prices.length > remembered) stock.prices.shift();
  showStock(stock, Math.sign(price - before));
}

function follow(symbol) {
  unfollow?.();
  watched = symbol;
  ticks = 0;
  keep({ watched });
  let first = true;
  unfollow = hub.follow('follow', symbol, {
    next(quote) {
      ticks += first ? 0 : 1;
      if (!first || quote.price !== stocks.get(symbol).price) priced(quote);
      first = false;
      showDetail();
    },
    failed: (error) => say(error.message, true),
  });
  for (const stock of stocks.values()) stock.row.toggleAttribute('aria-current', stock.symbol === symbol);
  showDetail();
}

// ---- what is shown ---------------------------------------------------------------------------------------------------

function part(tag, text, className = '') {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function cell(className, ...content) {
  const made = document.createElement('td');
  made.className = className;
  made.append(...content);
  return made;
}

function add(symbol, name) {
  const stock = { symbol, name, spark: sparkline(), priceText: part('span', '', 'price'), changeText: part('span', '', 'change') };
  const row = document.createElement('tr');
  const choose = part('button', symbol, 'choose');
  choose.append(part('span', name, 'soft'));
  choose.addEventListener('click', () => symbol !== watched && follow(symbol));
  stock.watch = cell('watch');
  row.dataset.symbol = symbol;
  row.append(cell('', choose), cell('trend', stock.spark), cell('number', stock.priceText), cell('number', stock.changeText),
    stock.watch);
  stock.row = row;
  stocks.set(symbol, stock);
  $('stocks').append(row);
  return stock;
}

const direction = (stock) => (stock.price > stock.open ? 'up' : stock.price < stock.open ? 'down' : '');
const change = (stock) => percent.format(stock.price / stock.open - 1);

function showStock(stock, moved = 0) {
  stock.priceText.textContent = money.format(stock.price);
  stock.changeText.textContent = change(stock);
  stock.row.dataset.direction = direction(stock);
  drawSparkline(stock.spark, stock.prices, remembered);
  if (moved) {
    stock.priceText.getAnimations().forEach((running) => running.cancel());
    stock.priceText.animate({ backgroundColor: [`var(--${moved > 0 ? 'up' : 'down'}-soft)`, 'transparent'] }, 900);
  }
}

function showDetail() {
  const stock = stocks.get(watched);
  if (!stock) return;
  $('symbol').textContent = stock.symbol;
  $('company').textContent = stock.name;
  $('price').textContent = money.format(stock.price);
  $('change').textContent = `${change(stock)} today`;
  $('detail').dataset.direction = direction(stock);
  $('low').textContent = `low ${money.format(Math.min(...stock.prices))}`;
  $('high').textContent = `high ${money.format(Math.max(...stock.prices))}`;
  $('ticks').textContent = `${ticks} prices streamed`;
  drawChart($('chart'), stock.prices, stock.open, remembered);
}

function avatar(name) {
  const made = part('span', [...name][0].toUpperCase(), 'avatar');
  let hue = 0;
  for (const letter of name) hue = (hue * 31 + letter.codePointAt(0)) % 360;
  made.style.setProperty('--hue', hue);
  made.title = name;
  return made;
}

function showAudience() {
  $('people').textContent = people === 1 ? 'only you so far' : `${people} people`;
  for (const stock of stocks.values()) {
    const names = followers[stock.symbol] ?? [];
    const more = names.length > 3 ? [part('span', `+${names.length - 3}`, 'soft fine')] : [];
    stock.watch.replaceChildren(...names.slice(0, 3).map(avatar), ...more);
    stock.watch.dataset.names = names.join(', ');
    if (stock.symbol === watched) {
      $('watchers').textContent = `Watching: ${names.map((name) => (name === me ? 'you' : name)).join(', ') || 'nobody'}`;
    }
  }
}

function showMarket() {
  pill('market', open ? 'good' : 'bad', open ? 'Open' : 'Closed');
  $('bell').hidden = !runs;
  $('bell').textContent = open ? 'Close the market' : 'Open the market';
  $('place').disabled = !open || state !== 'connected';
}

function showState() {
  const looks = { connected: 'good', disconnected: 'bad' };
  const texts = { connecting: 'Connecting', connected: over ?? 'Connected', reconnecting: 'Reconnecting', disconnected: 'Not connected' };
  pill('state', looks[state] ?? 'wait', texts[state]);
  $('state').dataset.state = state;
  $('exchange').dataset.state = state;
  $('bell').disabled = state !== 'connected';
  $('place').disabled = !open || state !== 'connected';
}

function pill(id, look, text) {
  $(id).dataset.look = look;
  $(id).querySelector('span').textContent = text;
}

function say(text, bad = false) {
  $('outcome').textContent = text;
  $('outcome').classList.toggle('bad', bad);
}

// ---- what is remembered from one visit to the next -------------------------------------------------------------------

function remember() {
  return JSON.parse(localStorage.getItem('exchange') ?? '{}');
}

function keep(what) {
  localStorage.setItem('exchange', JSON.stringify({ ...remember(), ...what }));
}

function paint(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
}

// ---- what people do --------------------------------------------------------------------------------------------------

async function enter(name, mayRun, transport) {
  me = name;
  runs = mayRun;
  keep({ name, runs, transport });
  $('me').textContent = runs ? `${me}, who runs it` : me;
  $('transport').value = transport;
  $('sign-in').hidden = true;
  $('exchange').hidden = false;
  say('');
  await connectOver(transport);
}

async function connectOver(transport) {
  const current = connect({
    token: `${runs ? 'exchange' : 'trader'}:${me}`,
    transport,
    handlers,
    changed(to, error) {
      if (hub !== current) return;
      state = to;
      if (error) say(error.message, true);
      if (to !== 'connected') unfollow = undefined;
      showState();
      if (to === 'connected') begin().catch((failed) => say(failed.message, true));
    },
  });
  const former = hub;
  hub = current;
  unfollow = undefined;
  await former?.stop();
  await current.start();
}

/** `BUY 100 HUBW` in each line; what cannot be read is said with its line. */
function read(text) {
  return text.split('\n').map((line) => line.trim()).filter(Boolean).map((line) => {
    const [, side, quantity, symbol] = /^(buy|sell)\s+(\d{1,9})\s+(\w+)$/i.exec(line) ?? [];
    if (!side) throw new Error(`This is no order: ${line}`);
    return { buy: side.toLowerCase() === 'buy', quantity: Number(quantity), symbol: symbol.toUpperCase() };
  });
}

async function place() {
  try {
    const orders = read($('orders').value);
    if (orders.length === 0) throw new Error('Write an order first, such as BUY 100 HUBW.');
    say('Sending …');
    const { done, paid } = await hub.upload('place', orders);
    const sum = money.format(Math.abs(paid));
    say(`${done} ${done === 1 ? 'order' : 'orders'} carried out, ${sum} ${paid < 0 ? 'earned' : 'paid'}.`);
    $('orders').value = '';
  } catch (error) {
    say(error.message, true);
  }
}

function addOrder(side) {
  const before = $('orders').value.trimEnd();
  $('orders').value = `${before ? `${before}\n` : ''}${side} 100 ${watched}`;
}

$('sign-in-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const name = $('name').value.trim();
  if (name) enter(name, $('runs').checked, $('first-transport').value);
});
$('order-form').addEventListener('submit', (event) => {
  event.preventDefault();
  place();
});
$('buy').addEventListener('click', () => addOrder('BUY'));
$('sell').addEventListener('click', () => addOrder('SELL'));
$('bell').addEventListener('click', () =>
  hub.call(open ? 'closeMarket' : 'openMarket').catch((error) => say(error.message, true)));
$('transport').addEventListener('change', () => {
  keep({ transport: $('transport').value });
  connectOver($('transport').value);
});
$('leave').addEventListener('click', async () => {
  const former = hub;
  hub = undefined;
  await former.stop();
  $('exchange').hidden = true;
  $('sign-in').hidden = false;
});
$('theme').addEventListener('click', () => {
  const now = document.documentElement.dataset.theme;
  const dark = now ? now === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  keep({ theme: dark ? 'light' : 'dark' });
  paint(remember().theme);
});

const before = remember();
paint(before.theme);
$('name').value = before.name ?? '';
$('runs').checked = before.runs ?? false;
$('first-transport').value = before.transport ?? 'Auto';
$('name').focus();
