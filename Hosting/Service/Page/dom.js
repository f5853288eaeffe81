// Small things that every part of the page needs.

export { make } from './timeline.js';
import { make } from './timeline.js';

export function by(id) {
  return document.getElementById(id);
}

/** Asks before something that cannot be undone; true for yes. */
export function ask(text, yes) {
  const dialog = by('ask-dialog');
  by('ask-text').textContent = text;
  by('ask-yes').textContent = yes;
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise(resolve => dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true }));
}

/** Puts options into a select element and keeps what was chosen. */
export function setOptions(select, options) {
  const chosen = select.value;
  select.replaceChildren(...options.map(option => make('option', { textContent: option, value: option })));
  if (options.includes(chosen)) select.value = chosen;
}

/** Calls a function again and again, with pauses, as long as the page is in sight; answers how to end it. */
export function repeat(action, pause) {
  let isOver = false;
  const turn = async () => {
    if (isOver) return;
    if (!document.hidden) await action();
    if (!isOver) setTimeout(turn, pause);
  };
  turn();
  return () => { isOver = true; };
}

/** Moves the selection of a list by the arrow keys; `choose` gets the index wanted. */
export function listenToListKeys(list, choose) {
  list.addEventListener('keydown', event => {
    const options = [...list.querySelectorAll('[role=option]')];
    const now = options.findIndex(option => option.getAttribute('aria-selected') === 'true');
    const next = { ArrowDown: now + 1, ArrowUp: now < 0 ? options.length - 1 : now - 1, Home: 0, End: options.length - 1 }[event.key];
    if (next === undefined || options.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    choose(Math.min(Math.max(next, 0), options.length - 1));
  });
}

/** Marks the chosen option of a list, for the eye and for screen readers. */
export function markOption(list, chosen) {
  for (const option of list.querySelectorAll('[role=option]')) option.setAttribute('aria-selected', String(option === chosen));
  if (chosen) list.setAttribute('aria-activedescendant', chosen.id);
  else list.removeAttribute('aria-activedescendant');
}
