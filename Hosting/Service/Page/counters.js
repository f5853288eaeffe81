// Live counters of the run and of its probes.

import { getJson, runPath } from './api.js';
import { by, make } from './dom.js';
import { grouped } from './timeline.js';

const REFRESH_MS = 500;
const NAMES = [
  ['events', 'events'], ['switches', 'switches'], ['wakeups', 'wake-ups'], ['hits', 'probe hits'], ['ipis', 'IPIs'],
  ['injections', 'injections'], ['traps', 'traps'], ['lost', 'lost'],
];
const PROBE_COLUMNS = ['hits', 'filtered', 'overrun', 'drained', 'converted'];

export class Counters {
  constructor() {
    this.values = new Map();
    this.rate = make('dd', { id: 'rate' });
    const list = by('counters');
    for (const [key, name] of NAMES) {
      const value = make('dd', {});
      value.dataset.counter = key;
      this.values.set(key, value);
      list.append(make('div', {}, make('dt', { textContent: name }), value));
    }
    list.append(make('div', {}, make('dt', { textContent: 'shown events/s' }), this.rate));
  }

  /** Reads and shows them; a run that has none yet shows none. */
  async refresh(id) {
    let counters;
    try {
      counters = await getJson(runPath(id, '/counters'));
    } catch {
      return;
    }
    for (const [key, element] of this.values) element.textContent = grouped(counters[key] ?? 0);
    this.values.get('lost').classList.toggle('bad', counters.lost > 0);
    showProbes(counters.probes ?? []);
  }

  clear() {
    for (const element of this.values.values()) element.textContent = '';
    this.rate.textContent = '';
    this.measured = null;
    showProbes([]);
  }

  /** Events that reached the page, per second of real time. */
  measure(events) {
    const now = performance.now();
    if (!this.measured) this.measured = { now, events };
    const { now: before, events: old } = this.measured;
    if (now - before < REFRESH_MS) return;
    this.rate.textContent = grouped(Math.round((events - old) * 1000 / (now - before)));
    this.measured = { now, events };
  }
}

export { REFRESH_MS as COUNTERS_MS };

function showProbes(probes) {
  const rows = probes.map(probe => {
    const cells = PROBE_COLUMNS.map(key => make('td', { textContent: grouped(probe[key] ?? 0) }));
    const row = make('tr', {}, make('td', { className: 'text', textContent: probe.name }), make('td', { className: 'text', textContent: probe.status ?? '' }), ...cells);
    row.dataset.probe = probe.name;
    return row;
  });
  by('probe-table').tBodies[0].replaceChildren(...rows);
}
