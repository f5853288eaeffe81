// The list of runs, at the left.

import { getJson } from './api.js';
import { by, listenToListKeys, make, markOption, repeat } from './dom.js';
import { shortDuration } from './timeline.js';

const REFRESH_MS = 1000;
const PAGE = 50;

export class RunList {
  /** `choose` gets the run that is to be shown, `onState` whether the service answers. */
  constructor(choose, onState) {
    this.choose = choose;
    this.onState = onState;
    this.list = by('runs');
    this.runs = [];
    this.wanted = PAGE;
    this.chosen = null;
    this.elements = new Map();
    listenToListKeys(this.list, index => this.open(this.runs[index].id));
    by('more-runs').addEventListener('click', () => {
      this.wanted += PAGE;
      this.refresh();
    });
    repeat(() => this.refresh(), REFRESH_MS);
  }

  async refresh() {
    try {
      this.runs = await this.read();
    } catch (problem) {
      this.onState(problem);
      return;
    }
    this.onState(null);
    this.show();
  }

  async read() {
    const runs = [];
    let after = null;
    do {
      const page = await getJson('/runs', { limit: PAGE, after });
      runs.push(...page.items);
      after = page.next;
    } while (after && runs.length < this.wanted);
    by('more-runs').hidden = !after;
    return runs;
  }

  show() {
    const known = new Set(this.runs.map(run => run.id));
    for (const [id, element] of this.elements) if (!known.has(id)) this.forget(id, element);
    this.runs.forEach((run, index) => {
      const element = this.elements.get(run.id) ?? this.add(run);
      tellRun(element, run);
      if (this.list.children[index] !== element) this.list.insertBefore(element, this.list.children[index] ?? null);
    });
    markOption(this.list, this.elements.get(this.chosen) ?? null);
  }

  forget(id, element) {
    element.remove();
    this.elements.delete(id);
  }

  add(run) {
    const element = make('li', { id: `run-${run.id}`, onclick: () => this.open(run.id) },
      make('b', {}), make('span', { className: 'state' }), make('progress', { max: 1 }), make('i', {}), make('code', {}));
    element.setAttribute('role', 'option');
    element.querySelector('progress').setAttribute('aria-label', 'simulated');
    element.dataset.run = run.id;
    this.elements.set(run.id, element);
    return element;
  }

  open(id) {
    this.mark(id);
    this.choose(id);
  }

  mark(id) {
    this.chosen = id;
    const element = this.elements.get(id) ?? null;
    markOption(this.list, element);
    element?.scrollIntoView({ block: 'nearest' });
  }
}

function tellRun(element, run) {
  const [name, state, progress, time, hash] = element.children;
  name.textContent = run.name;
  state.textContent = run.state;
  state.dataset.state = run.state;
  progress.value = progressOf(run);
  time.textContent = shortDuration(run.simulatedNs);
  hash.textContent = run.hash?.slice(0, 8) ?? '';
  element.title = [`run ${run.id}`, `begun ${new Date(run.begunAt).toLocaleString()}`, run.reason, run.hash && `hash ${run.hash}`].filter(Boolean).join('\n');
}

export function progressOf(run) {
  return run.durationNs > 0 ? Math.min(1, run.simulatedNs / run.durationNs) : 1;
}

export function timeOf(run) {
  const duration = run.durationNs > 0 ? ` of ${shortDuration(run.durationNs)}` : '';
  return shortDuration(run.simulatedNs) + duration;
}
