// The keys of the page; those of the timeline are in its own module. The help shows both.

import { by, make } from './dom.js';

const TIMELINE_KEYS = [
  ['w, s, +, -', 'zoom in, out'], ['a, d, \u2190, \u2192', 'move in time'], ['\u2191, \u2193', 'other lanes, where the timeline has the focus'],
  ['0, Home', 'show all'], ['[, ]', 'event before, after, in the lane'], ['f', 'zoom to the selected event'],
  ['/, n, N', 'find; next, previous match'], ['Esc', 'nothing selected'],
  ['wheel', 'zoom at the pointer; with Shift, move'], ['drag', 'move; with Shift, zoom into the range'], ['click', 'select an event'],
];

/** Rows of key, what it does, action. */
export function pageKeys(page) {
  const tabs = ['probes', 'console', 'messages', 'downloads'];
  return [
    ['?', 'this help', () => by('help').showModal()],
    ['u', 'new run', () => page.newRun.open()],
    ['r', 'go to the list of runs; \u2191, \u2193 choose', () => by('runs').focus()],
    ['t', 'go to the timeline', () => by('scroller').focus()],
    ['l', 'follow the present, or stay', () => page.toggleFollow()],
    ['v', 'next view: guests and hypervisor, gpos, board', () => page.nextView()],
    ['p', 'pause, or continue', () => page.bar.togglePause()],
    ['.', 'step', () => page.bar.step()],
    ['X', 'stop the run', () => page.bar.stop()],
    ...tabs.map((name, index) => [String(index + 1), `tools: ${name}`, () => page.dock.open(name, true)]),
  ];
}

export function listenToKeys(page) {
  const rows = pageKeys(page);
  const actions = new Map(rows.map(([key, , action]) => [key, action]));
  by('help-keys').append(table('Everywhere', rows), table('Timeline', TIMELINE_KEYS));
  by('help-button').addEventListener('click', () => by('help').showModal());
  document.addEventListener('keydown', event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !actions.has(event.key)) return;
    if (event.target.matches('input:not([type=checkbox]), textarea, select, dialog *') || document.querySelector('dialog[open]')) return;
    event.preventDefault();
    actions.get(event.key)();
  });
}

function table(heading, rows) {
  const list = make('dl', {});
  for (const [keys, text] of rows) {
    list.append(make('dt', {}, ...keys.split(', ').map(key => make('kbd', { textContent: key }))), make('dd', { textContent: text }));
  }
  return make('section', {}, make('h3', { textContent: heading }), list);
}
