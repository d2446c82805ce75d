// The page: what is said, where, and who is here.

import { connect } from './connection.js';
import { avatar, dots, dress, fill, lineOf, make } from './parts.js';

const $ = (id) => document.getElementById(id);

const transportNames = {
  WebSockets: 'WebSockets',
  ServerSentEvents: 'Server-Sent Events',
  LongPolling: 'long polling',
};

let link; // the connection; undefined until somebody has signed in
let links = 0; // how many there have been: a newer one makes what an older one still says void
let state = { kind: 'disconnected' };
let carriedBy; // the transport that the hub says it is talking over
let me = '';
let room = ''; // where we are, or where we go as soon as there is a connection
let rooms = {}; // room -> how many are in it
let people; // who is here; undefined until the hub has said so
let open; // the conversation on show
const conversations = new Map(); // key -> { room or person, lines, unread }
const typists = new Map(); // name -> timer that forgets them

// ---- what the hub calls -------------------------------------------------------------------------------------------

const handlers = {
  welcome(transport) {
    carriedBy = transport;
    showState();
  },

  rooms(everyRoom) {
    rooms = everyRoom;
    showRooms();
  },

  here(where, names) {
    if (where !== room) return;
    const before = people;
    people = names;
    if (before) {
      const talk = inRoom(room);
      for (const name of names) if (!before.includes(name)) add(talk, { note: `${name} is here` });
      for (const name of before) if (!names.includes(name)) add(talk, { note: `${name} has left` });
    }
    forgetTypists((name) => !names.includes(name));
    showTitle();
  },

  typing(where, name, still) {
    if (where !== room) return;
    forgetTypists((other) => other === name);
    if (still) typists.set(name, setTimeout(() => handlers.typing(where, name, false), 5000));
    showTyping();
  },

  said(line) {
    forgetTypists((name) => name === line.from);
    add(inRoom(line.to), line);
  },

  whispered(line) {
    add(withPerson(line.from === me ? line.to : line.from), line);
  },
};

// ---- connecting, and coming back -----------------------------------------------------------------------------------

function signIn(name, firstRoom, transport) {
  me = name;
  room = firstRoom;
  remember({ name, room, transport });
  $('transport').value = transport;
  $('sign-in').hidden = true;
  $('chat').hidden = false;
  $('me').textContent = me;
  dress($('my-avatar'), me);
  show(inRoom(room));
  reconnect();
}

async function reconnect() {
  const mine = ++links;
  await link?.stop();
  if (mine !== links) return;
  carriedBy = undefined;
  link = connect({
    name: me,
    transport: $('transport').value,
    handlers,
    changed: (now) => mine === links && stateChanged(now),
  });
  await link.start();
}

function stateChanged(now) {
  const before = state.kind;
  state = now;
  if (before === now.kind) return showState();
  if (before === 'connected') awayFromTheRoom();
  complain(now.error?.message);
  showState();
  showRooms();
  if (now.kind !== 'connected') return;
  join(room);
  if (document.activeElement === document.body) toTheKeyboard();
}

function awayFromTheRoom() {
  if (state.kind !== 'connecting') {
    add(inRoom(room), { note: 'The connection is lost. What others say meanwhile will be missing here.' });
  }
  people = undefined;
  rooms = {};
  forgetTypists(() => true);
  showTitle();
}

async function enter(next) {
  const before = room;
  room = next;
  people = undefined;
  forgetTypists(() => true);
  show(inRoom(room));
  if (await join(room)) return remember({ room });
  room = before;
  show(inRoom(room));
}

async function join(where) {
  try {
    await link.call('join', where);
    return true;
  } catch (error) {
    if (state.kind === 'connected') complain(error.message);
    return false;
  }
}

function signOut() {
  links++;
  link.stop();
  link = undefined;
  state = { kind: 'disconnected' };
  people = undefined;
  rooms = {};
  forgetTypists(() => true);
  conversations.clear();
  open = undefined;
  complain('');
  $('chat').hidden = true;
  $('sign-in').hidden = false;
  document.title = 'Hubwire chat';
  $('name').focus();
}

// ---- conversations -------------------------------------------------------------------------------------------------

const inRoom = (name) => conversation(`room ${name}`, { room: name });
const withPerson = (name) => conversation(`person ${name}`, { person: name });

function conversation(key, about) {
  if (!conversations.has(key)) conversations.set(key, { ...about, lines: [], unread: 0 });
  return conversations.get(key);
}

function show(talk) {
  open = talk;
  talk.unread = 0;
  closePanels();
  complain('');
  $('messages').replaceChildren(...talk.lines.map((line, i) => lineOf(line, talk.lines[i - 1], me)));
  $('messages').scrollTop = $('messages').scrollHeight;
  showTitle();
  showRooms();
  showConversations();
  showState();
  showTyping();
  toTheKeyboard();
}

/** Puts the cursor where one writes; not on a telephone, whose keyboard would cover half of the page. */
function toTheKeyboard() {
  if (matchMedia('(hover: hover)').matches) $('text').focus();
}

function add(talk, line) {
  const list = $('messages');
  const atTheEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  talk.lines.push(line);
  if (talk === open) {
    list.append(lineOf(line, talk.lines.at(-2), me));
    if (atTheEnd || line.from === me) list.scrollTop = list.scrollHeight;
  } else if (!line.note) {
    talk.unread++;
  }
  showConversations();
  showRooms();
  showTitle();
}

async function say() {
  const text = $('text').value.trim();
  if (!text || state.kind !== 'connected') return;
  write('');
  stopTyping();
  try {
    await (open.room ? link.call('say', text) : link.call('whisper', open.person, text));
    complain('');
  } catch (error) {
    if (!$('text').value) write(text);
    complain(error.message);
  }
}

// ---- typing --------------------------------------------------------------------------------------------------------

let toldAt = 0;
let pause;

function typed() {
  fit();
  if (!open.room || state.kind !== 'connected') return;
  if (!$('text').value.trim()) return stopTyping();
  if (Date.now() - toldAt > 2000) {
    toldAt = Date.now();
    link.tell('typing', true);
  }
  clearTimeout(pause);
  pause = setTimeout(stopTyping, 3000);
}

function stopTyping() {
  clearTimeout(pause);
  if (toldAt && state.kind === 'connected') link.tell('typing', false);
  toldAt = 0;
}

function forgetTypists(whether) {
  for (const [name, timer] of typists) {
    if (!whether(name)) continue;
    clearTimeout(timer);
    typists.delete(name);
  }
  showTyping();
}

// ---- showing -------------------------------------------------------------------------------------------------------

function showState() {
  const { kind, retryAt } = state;
  const seconds = Math.ceil((retryAt - Date.now()) / 1000);
  const [words, more] = {
    connecting: ['Connecting', '…'],
    connected: ['Connected', carriedBy ? `over ${transportNames[carriedBy] ?? carriedBy}` : ''],
    reconnecting: ['Reconnecting', seconds > 0 ? `in ${seconds} s` : '…'],
    disconnected: ['Disconnected', ''],
  }[kind];
  $('state').dataset.state = kind;
  if ($('state-text').textContent !== words) $('state-text').textContent = words;
  $('state-more').textContent = more;
  $('connect').hidden = kind !== 'disconnected';
  const ready = kind === 'connected';
  for (const id of ['text', 'send', 'new-room', 'open-room']) $(id).disabled = !ready;
  const to = open?.room ? `#${open.room}` : open?.person;
  $('text').placeholder = ready ? `Write to ${to}` : 'Waiting for the connection';
}

function showTitle() {
  if (!open) return;
  $('title').textContent = open.room ? `# ${open.room}` : open.person;
  const here = people?.length === 1 ? 'only you so far' : people && `${people.length} people`;
  $('subtitle').textContent = open.person ? 'in private' : here ?? '';
  const unread = [...conversations.values()].reduce((sum, talk) => sum + talk.unread, 0);
  document.title = `${unread ? `(${unread}) ` : ''}${$('title').textContent} – Hubwire chat`;
}

function showRooms() {
  const names = [...new Set([...Object.keys(rooms), room])].sort((a, b) => a.localeCompare(b));
  fill($('rooms'), names, (name) => (name === room ? show(inRoom(room)) : enter(name)), (name) => ({
    before: make('span', 'hash', '#'),
    label: name,
    after: badge(conversations.get(`room ${name}`)) ?? make('span', 'count', rooms[name]),
    current: open?.room === name,
    disabled: state.kind !== 'connected' && name !== room,
  }));
}

function showConversations() {
  const talks = [...conversations.values()].filter((talk) => talk.person);
  $('private-title').hidden = talks.length === 0;
  fill($('conversations'), talks.map((talk) => talk.person), (name) => show(withPerson(name)), (name) => ({
    before: avatar(name, 'small'),
    label: name,
    after: badge(withPerson(name)),
    current: open?.person === name,
  }));
}

function showPeople() {
  const names = people ?? [];
  $('people-count').textContent = names.length || '';
  $('people-hint').hidden = names.length < 2;
  fill($('people'), names, (name) => show(withPerson(name)), (name) => ({
    before: avatar(name, 'small'),
    label: name,
    after: name === me ? make('span', 'count', 'you') : typists.has(name) && dots(),
    disabled: name === me,
  }));
}

function showTyping() {
  const names = open?.room === room ? [...typists.keys()] : [];
  const who = names.length > 3 ? 'Several people' : new Intl.ListFormat('en').format(names);
  $('typing').textContent = names.length ? `${who} ${names.length > 1 ? 'are' : 'is'} typing …` : '';
  showPeople();
}

function badge(talk) {
  return talk?.unread ? make('span', 'badge', talk.unread) : undefined;
}

function complain(words) {
  $('complaint').hidden = !words;
  $('complaint').textContent = words ?? '';
}

function write(text) {
  $('text').value = text;
  fit();
}

function fit() {
  $('text').style.height = 'auto';
  $('text').style.height = `${$('text').scrollHeight}px`;
}

// ---- panels, theme, memory -----------------------------------------------------------------------------------------

function togglePanel(panel, button) {
  const opening = !panel.classList.contains('open');
  closePanels();
  panel.classList.toggle('open', opening);
  button.setAttribute('aria-expanded', opening);
  $('shade').classList.toggle('open', opening);
}

function closePanels() {
  for (const id of ['rooms-panel', 'people-panel', 'shade']) $(id).classList.remove('open');
  for (const id of ['show-rooms', 'show-people']) $(id).setAttribute('aria-expanded', 'false');
}

function remember(what) {
  localStorage.setItem('chat', JSON.stringify({ ...remembered(), ...what }));
}

function remembered() {
  return JSON.parse(localStorage.getItem('chat') ?? '{}');
}

function paint(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
}

// ---- what people do ------------------------------------------------------------------------------------------------

function onSubmit(form, act) {
  $(form).addEventListener('submit', (event) => {
    event.preventDefault();
    act();
  });
}

onSubmit('sign-in-form', () => {
  const name = $('name').value.trim();
  const firstRoom = $('first-room').value.trim();
  if (name && firstRoom) signIn(name, firstRoom, $('first-transport').value);
});
onSubmit('new-room-form', () => {
  const name = $('new-room').value.trim();
  $('new-room').value = '';
  if (name) enter(name);
});
onSubmit('composer', say);
$('text').addEventListener('input', typed);
$('text').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  say();
});
$('transport').addEventListener('change', () => {
  remember({ transport: $('transport').value });
  reconnect();
});
$('connect').addEventListener('click', reconnect);
$('leave').addEventListener('click', signOut);
$('show-rooms').addEventListener('click', () => togglePanel($('rooms-panel'), $('show-rooms')));
$('show-people').addEventListener('click', () => togglePanel($('people-panel'), $('show-people')));
$('shade').addEventListener('click', closePanels);
document.addEventListener('keydown', (event) => event.key === 'Escape' && closePanels());
$('theme').addEventListener('click', () => {
  const now = document.documentElement.dataset.theme;
  const dark = now ? now === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  remember({ theme: dark ? 'light' : 'dark' });
  paint(remembered().theme);
});
setInterval(() => state.kind === 'reconnecting' && showState(), 250);

const before = remembered();
paint(before.theme);
$('name').value = before.name ?? '';
$('first-room').value = before.room ?? 'lobby';
$('first-transport').value = before.transport ?? 'Auto';
$('name').focus();
