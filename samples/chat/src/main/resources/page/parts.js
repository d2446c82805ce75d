// The pieces that the page is made of. Whatever people wrote goes into textContent, never into HTML.

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

export function make(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Gives an avatar the person's letter and colour. */
export function dress(avatar, name) {
  let hue = 0;
  for (const character of name) hue = (hue * 31 + character.codePointAt(0)) % 360;
  avatar.style.setProperty('--hue', hue);
  avatar.textContent = [...name][0]?.toUpperCase() ?? '';
  avatar.setAttribute('aria-hidden', 'true');
  return avatar;
}

export const avatar = (name, size = '') => dress(make('span', `avatar ${size}`), name);

/** The three dots of somebody who is typing. */
export function dots() {
  const made = make('span', 'dots');
  made.append(make('i'), make('i'), make('i'));
  made.setAttribute('role', 'img');
  made.setAttribute('aria-label', 'is typing');
  return made;
}

/**
 * Makes a list show one button for each name, keeping those it has: a list that changes under somebody's finger must
 * not lose the press, nor the focus.
 *
 * @param chosen what a click on a name does
 * @param parts the content of the button for a name: { before, label, after, current, disabled }
 */
export function fill(list, names, chosen, parts) {
  const have = new Map([...list.children].map((item) => [item.dataset.name, item]));
  names.forEach((name, i) => {
    const item = have.get(name) ?? entry(name, chosen);
    have.delete(name);
    if (list.children[i] !== item) list.insertBefore(item, list.children[i] ?? null);
    const { before, label, after, current, disabled } = parts(name);
    const button = item.firstChild;
    button.replaceChildren(...[before, make('span', 'label', label), after].filter(Boolean));
    button.toggleAttribute('disabled', Boolean(disabled));
    if (current) button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
  });
  for (const item of have.values()) item.remove();
}

function entry(name, chosen) {
  const item = make('li');
  item.dataset.name = name;
  const button = make('button', 'entry');
  button.type = 'button';
  button.addEventListener('click', () => chosen(name));
  item.append(button);
  return item;
}

/** One line of a conversation; what the same person says within two minutes stands together. */
export function lineOf(line, before, me) {
  if (line.note) return make('p', 'note', line.note);
  const own = line.from === me;
  const at = new Date(line.at);
  const together = before?.from === line.from && at - new Date(before.at) < 120_000;
  const item = make('div', ['line', own && 'own', together && 'together'].filter(Boolean).join(' '));
  if (!own && !together) item.append(avatar(line.from), make('span', 'from', line.from));
  const bubble = make('div', 'bubble');
  const time = make('time', '', clock.format(at));
  time.dateTime = at.toISOString();
  time.title = at.toLocaleString();
  const text = make('span', 'text', line.text);
  text.dir = 'auto';
  bubble.append(text, time);
  item.append(bubble);
  return item;
}
